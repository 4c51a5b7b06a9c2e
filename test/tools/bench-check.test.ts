import { expect, test } from 'vitest'
import { regressions } from '../../benchmarks/check/compare.ts'
import { canonicalColumns, plainLoop } from '../../benchmarks/engine/canonical.ts'
import type { Report, Row } from '../../benchmarks/engine/report.ts'

const row = (name: string, ratioToLoop: number | null, hash: string | null = null): Row => ({ name, value: 1, unit: 'ns', ratioToLoop, target: null, hash })
const report = (...rows: readonly Row[]): Report => ({ candles: 1_000, rows })

test('a benchmark may be slower by a third, give the same output and have a new row', () => {
  expect(regressions(report(row('a', 10, 'x'), row('b', null)), report(row('a', 13, 'x'), row('b', null), row('c', 1)))).toEqual([])
})

test('it may not be slower than that, give another output, or be gone', () => {
  const found = regressions(report(row('a', 10), row('b', 5, 'x'), row('c', 1)), report(row('a', 14), row('b', 5, 'y')))
  expect(found).toEqual([
    'a: 14.0 loops, 40 % more than the 10.0 it took',
    'b: the output is another one: expected x, received y',
    'c: is not measured any more',
  ])
  // Of another number of candles the output is another one.
  expect(regressions(report(row('b', 5, 'x')), { ...report(row('b', 5, 'y')), candles: 2_000 })).toEqual([])
})

test('the canonical candles are what they are', () => {
  const columns = canonicalColumns(20_000)
  expect([columns.open[0], columns.close[1], columns.high[2], columns.low[3]]).toMatchInlineSnapshot(`
    [
      30000,
      29965.18,
      29966.3,
      29908.15,
    ]
  `)
  expect(plainLoop(columns)).toMatchObject({ trades: 70 })
})
