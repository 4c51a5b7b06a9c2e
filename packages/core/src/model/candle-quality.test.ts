import { expect, it } from 'vitest'
import { candleQuality } from './candle-quality.ts'
import { candleColumns } from './candle-columns.ts'

const candle = (minute: number, close: number, more: object = {}) => ({
  openTime: minute * 60_000,
  open: close,
  high: close,
  low: close,
  close,
  volume: 1,
  ...more,
})

it('finds moves that are far from the usual ones, in closes and in extremes', () => {
  const quiet = Array.from({ length: 50 }, (_, i) => candle(i, i % 2 === 0 ? 100 : 100.1))
  expect(candleQuality(candleColumns(quiet), 60_000)).toMatchObject({ outlierCount: 0, gaps: 0, zeroVolume: 0, flat: 50 })
  const odd = [...quiet, candle(50, 103), candle(51, 103, { high: 120 }), candle(52, 103, { low: 60, volume: 0 }), candle(55, 103.05)]
  const { outliers, outlierCount, missing, longest, zeroVolume, medianChangePercent } = candleQuality(candleColumns(odd), 60_000)
  expect(outliers.map(({ openTime, what, changePercent }) => [openTime / 60_000, what, Math.round(changePercent)])).toEqual([
    [50, 'close', 3],
    [51, 'high', 17],
    [52, 'low', -42],
  ])
  expect([outlierCount, missing, longest!.fromMs, zeroVolume]).toEqual([3, 2, 53 * 60_000, 1])
  expect(medianChangePercent).toBeCloseTo(0.1, 3)
})

it('keeps the largest hundred, and counts all', () => {
  const wild = Array.from({ length: 901 }, (_, i) => candle(i, i % 6 < 4 ? 100 : 103 + i / 10))
  const { outliers, outlierCount } = candleQuality(candleColumns(wild), 60_000)
  expect([outliers.length, outlierCount > 150]).toEqual([100, true])
  expect(outliers.map(({ openTime }) => openTime)).toEqual(outliers.map(({ openTime }) => openTime).toSorted((a, b) => a - b))
  expect(candleQuality(candleColumns([]), 60_000)).toMatchObject({ candles: 0, medianChangePercent: 0, longest: undefined })
})
