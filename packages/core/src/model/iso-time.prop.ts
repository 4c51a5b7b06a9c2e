import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoDay, isoTime } from './iso-time.ts'

test('isoTime agrees with the platform for every moment of years 100 to 9999', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(100, 0, 1), max: Date.UTC(9999, 11, 31) }), (ms) => {
      expect(isoTime(ms)).toBe(new Date(ms).toISOString())
      expect(isoDay(ms)).toBe(new Date(ms).toISOString().slice(0, 10))
    }),
  )
})
