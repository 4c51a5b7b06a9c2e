import fc from 'fast-check'
import { expect, test } from 'vitest'
import { candleAt, candleColumns } from './candle-columns.ts'
import type { Candle, CandleColumns } from './candle.ts'
import { candleResampler, resample } from './resample.ts'
import type { EpochMs } from './time.ts'

const MINUTE = 60_000

/** Minutes with gaps: starts strictly rising, whole volumes so that sums are exact. */
const series = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 1, max: 9 }),
      open: fc.integer({ min: 100, max: 200 }),
      close: fc.integer({ min: 100, max: 200 }),
      up: fc.integer({ min: 0, max: 9 }),
      down: fc.integer({ min: 0, max: 9 }),
      volume: fc.integer({ min: 0, max: 99 }),
    }),
    { maxLength: 80 },
  )
  .map((parts) => {
    let minute = 0
    return candleColumns(
      parts.map(({ gap, open, close, up, down, volume }) => ({
        openTime: (minute += gap) * MINUTE,
        open,
        close,
        high: Math.max(open, close) + up,
        low: Math.min(open, close) - down,
        volume,
      })),
    )
  })
const timeframe = fc.constantFrom(2, 3, 5, 15, 60).map((minutes) => minutes * MINUTE)
const rows = (columns: CandleColumns): Candle[] => Array.from({ length: columns.length }, (_, row) => candleAt(columns, row))

test('each candle is exactly its minutes: first open, last close, extremes, volume; none is lost but the unproven ends', () => {
  fc.assert(
    fc.property(series, timeframe, (columns, timeframeMs) => {
      const minutes = rows(columns)
      const endMs = (minutes.at(-1)?.openTime ?? 0) + MINUTE
      const buckets = Map.groupBy(minutes, ({ openTime }) => Math.floor(openTime / timeframeMs) * timeframeMs)
      const expected = [...buckets]
        .filter(([start]) => start >= minutes[0]!.openTime && start + timeframeMs <= endMs)
        .map(([start, members]) => ({
          openTime: start,
          open: members[0]!.open,
          high: Math.max(...members.map(({ high }) => high)),
          low: Math.min(...members.map(({ low }) => low)),
          close: members.at(-1)!.close,
          volume: members.reduce((sum, { volume }) => sum + volume, 0),
        }))
      expect(rows(resample(columns, MINUTE, timeframeMs))).toEqual(expected)
    }),
  )
})

test('volume is conserved when the data covers whole buckets', () => {
  fc.assert(
    fc.property(series, timeframe, (columns, timeframeMs) => {
      const result = resample(columns, MINUTE, timeframeMs, { fromMs: 0, toMs: 1e9 })
      const total = (volume: Float64Array): number => volume.reduce((sum, v) => sum + v, 0)
      expect(total(result.volume)).toBe(total(columns.volume))
    }),
  )
})

test('in two stages as in one', () => {
  fc.assert(
    fc.property(series, (columns) => {
      const coverage = { fromMs: 0, toMs: 1e9 }
      expect(rows(resample(resample(columns, MINUTE, 5 * MINUTE, coverage), 5 * MINUTE, 60 * MINUTE, coverage))).toEqual(
        rows(resample(columns, MINUTE, 60 * MINUTE, coverage)),
      )
    }),
  )
})

test('the stream, told the time after each minute, gives what the columns give, never before its end', () => {
  fc.assert(
    fc.property(series, timeframe, (columns, timeframeMs) => {
      const resampler = candleResampler(timeframeMs, 0)
      const closed: Candle[] = []
      const minutes = new Map(rows(columns).map((candle) => [candle.openTime, candle]))
      const endMs = Math.max(0, ...minutes.keys()) + MINUTE
      for (let openTime = 0; openTime < endMs; openTime += MINUTE) {
        const candle = minutes.get(openTime as EpochMs)
        const pushed = candle === undefined ? undefined : resampler.push(candle)
        expect(pushed).toBeUndefined()
        const done = resampler.closeAt(openTime + MINUTE)
        if (done === undefined) continue
        expect(done.openTime + timeframeMs).toBe(openTime + MINUTE)
        closed.push(done)
      }
      expect(closed).toEqual(rows(resample(columns, MINUTE, timeframeMs, { fromMs: 0, toMs: endMs })))
    }),
  )
})
