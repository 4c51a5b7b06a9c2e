import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldsOf } from './folds.ts'

const MINUTE = 60_000
const options = fc.record({ folds: fc.integer({ min: 1, max: 12 }), testShare: fc.double({ min: 0.05, max: 0.9, noNaN: true }), anchored: fc.boolean() })

test('[INC-73] parts of a walk forward never overlap what they were searched on', () => {
  fc.assert(
    fc.property(options, fc.integer({ min: 10_000, max: 500_000 }), (split, minutes) => {
      const range = { fromMs: 7 * MINUTE, toMs: (7 + minutes) * MINUTE }
      const folds = foldsOf(range, MINUTE, split)
      expect(folds).toHaveLength(split.folds)
      let border = folds[0]!.train.toMs
      for (const [i, { train, test }] of folds.entries()) {
        expect([train.fromMs >= range.fromMs, train.fromMs < train.toMs, test!.fromMs < test!.toMs]).toEqual([true, true, true])
        // Each is judged right after its training, and the judged parts follow each other to the end.
        expect([test!.fromMs, test!.fromMs]).toEqual([train.toMs, border])
        border = test!.toMs
        expect([(train.fromMs - range.fromMs) % MINUTE, (train.toMs - range.fromMs) % MINUTE]).toEqual([0, 0])
        if (split.anchored) expect(train.fromMs).toBe(range.fromMs)
        else if (i > 0) expect(Math.abs(train.toMs - train.fromMs - (folds[0]!.train.toMs - folds[0]!.train.fromMs))).toBeLessThanOrEqual(MINUTE)
      }
      expect(border).toBe(range.toMs)
    }),
    { numRuns: 100 },
  )
})

test('parts that are nothing are refused', () => {
  const range = { fromMs: 0, toMs: 10 * MINUTE }
  expect(foldsOf(range, MINUTE, { testShare: 0 })).toEqual([{ train: range, test: undefined }])
  expect(() => foldsOf(range, MINUTE, { folds: 50 })).toThrow('parts of at least one candle')
  expect(() => foldsOf(range, MINUTE, { folds: 2, testShare: 0 })).toThrow('a share above 0 for a walk forward')
  expect(() => foldsOf(range, MINUTE, { folds: 0.5, testShare: 1 })).toThrow(/folds[\s\S]*testShare/)
})
