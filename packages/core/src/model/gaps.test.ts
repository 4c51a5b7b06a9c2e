import { expect, test } from 'vitest'
import { candleAt, candleColumns } from './candle-columns.ts'
import { fillForward, findGaps } from './gaps.ts'

const columns = candleColumns([0, 1, 4, 5].map((minute) => ({ openTime: minute * 60_000, open: 10 + minute, high: 20, low: 5, close: 11 + minute, volume: 3 })))

test('gaps lie between rows', () => {
  expect(findGaps(columns, 60_000)).toEqual([{ fromMs: 120_000, toMs: 240_000, missing: 2 }])
  expect(findGaps(candleColumns([]), 60_000)).toEqual([])
})

test('filling puts flat candles of volume 0 at the last close into the gap and nothing anywhere else', () => {
  const filled = fillForward(columns, 60_000)
  expect(Array.from(filled.openTime)).toEqual([0, 60_000, 120_000, 180_000, 240_000, 300_000])
  expect(candleAt(filled, 3)).toEqual({ openTime: 180_000, open: 12, high: 12, low: 12, close: 12, volume: 0 })
  expect(candleAt(filled, 4)).toEqual(candleAt(columns, 2))
  expect(findGaps(filled, 60_000)).toEqual([])
})

test('what is missing before a later candle outside is filled as well', () => {
  expect(fillForward(columns, 60_000, 480_000).length).toBe(8)
  expect(fillForward(columns, 60_000, 360_000).length).toBe(6)
})
