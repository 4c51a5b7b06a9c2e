import { expect, test } from 'vitest'
import { candleAt, candleColumns } from './candle-columns.ts'
import type { Candle } from './candle.ts'
import { candleResampler, resample } from './resample.ts'
import type { EpochMs } from './time.ts'

const candle = (minute: number, close = minute): Candle => ({
  openTime: (minute * 60_000) as EpochMs,
  open: minute + 1,
  high: minute + 5,
  low: minute - 1,
  close,
  volume: 2,
})
const starts = (minutes: readonly number[], coverage = {}): number[] =>
  Array.from(resample(candleColumns(minutes.map((minute) => candle(minute))), 60_000, 300_000, coverage).openTime, (ms) => ms / 60_000)

test('five minutes become one candle: first open, last close, extremes, volume summed', () => {
  const columns = resample(candleColumns([0, 1, 2, 3, 4].map((minute) => candle(minute))), 60_000, 300_000)
  expect(columns.length).toBe(1)
  expect(candleAt(columns, 0)).toEqual({ openTime: 0, open: 1, high: 9, low: -1, close: 4, volume: 10 })
})

test('a bucket without proof of its end, or begun before the data, is left out', () => {
  expect(starts([0, 1, 2, 3])).toEqual([])
  expect(starts([0, 1, 2, 3, 4])).toEqual([0])
  expect(starts([0, 1, 2, 3], { toMs: 299_999 })).toEqual([])
  expect(starts([0, 1, 2, 3], { toMs: 300_000 })).toEqual([0])
  expect(starts([0, 1, 2, 7])).toEqual([0])
  expect(starts([1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([5])
  expect(starts([1, 2, 3, 4], { fromMs: 0 })).toEqual([0])
})

test('a bucket without any row stays a gap', () => {
  expect(starts([0, 1, 12, 14])).toEqual([0, 10])
})

test('only multiples can be made', () => {
  expect(() => resample(candleColumns([]), 60_000, 90_000)).toThrow('expected a multiple of 60000 ms, received 90000 ms')
  const same = candleColumns([candle(1)])
  expect(resample(same, 60_000, 60_000)).toBe(same)
})

test('the streaming form shows the forming candle without changing anything, and refuses to go back', () => {
  const resampler = candleResampler(300_000, 0)
  expect(resampler.forming(candle(0, 9))).toEqual({ openTime: 0, open: 1, high: 5, low: -1, close: 9, volume: 2 })
  resampler.push(candle(0))
  expect(resampler.forming(candle(1, 8))).toEqual({ openTime: 0, open: 1, high: 6, low: -1, close: 8, volume: 4 })
  expect(resampler.forming(candle(6, 8)).openTime).toBe(300_000)
  expect(() => resampler.push(candle(0))).toThrow('expected a candle after 0, received 0')
  expect(resampler.closeAt(299_999)).toBeUndefined()
  expect(resampler.push(candle(5))?.volume).toBe(2)
  expect(resampler.closeAt(600_000)?.openTime).toBe(300_000)
  expect(resampler.closeAt(600_000)).toBeUndefined()
})
