import { expect, test } from 'vitest'
import { ema, highest } from '@millrace/indicators'
import { z } from 'zod'
import { bot, createAccount, defineStrategy, paper, stopLoss, trailingStop } from '../index.ts'
import type { BotOptions, CandleEvent, EpochMs } from '../index.ts'
import { coinbaseInstrument } from '../simulation/products.ts'

const T0 = Date.UTC(2026, 0, 1) as EpochMs
const MINUTE = 60_000

const watching = (window: number, log: number[][] = []) =>
  defineStrategy({
    id: 'watching',
    params: z.strictObject({}),
    window,
    indicators: () => ({ mean: ema(3), top: highest(5) }),
    components: { none: () => '' },
    evaluate: ({ readings, candle }) => void log.push([candle.close, readings.mean.value, readings.top.value]),
  })()

function account(options: Partial<BotOptions>) {
  return createAccount({
    instruments: [coinbaseInstrument('BTC-USD')!],
    exchange: paper({ cash: { USD: '100' } }),
    bots: [bot({ id: 'b', instrument: 'BTC-USD', strategy: watching(0), ...options })],
    safety: [],
    startMs: T0,
  })
}

const candle = (minute: number, close: number, closed = true, seconds = 60): CandleEvent => ({
  type: 'candle',
  instrument: 'BTC-USD',
  timeframeMs: MINUTE,
  candle: { openTime: (T0 + minute * MINUTE) as EpochMs, open: close, high: close + 1, low: close - 1, close, volume: 1 },
  closed,
  atMs: (T0 + minute * MINUTE + seconds * 1_000) as EpochMs,
})

test('a bot is warm when the slowest of its indicators and its window are', () => {
  // The fifth candle is the first with five highs.
  expect(account({}).bots[0]!.runtime.warmup).toBe(5)
  expect(account({ strategy: watching(40) }).bots[0]!.runtime.warmup).toBe(40)
  expect(account({}).bots[0]!.runtime.preloadCandles).toBeGreaterThan(5)
})

test('it evaluates from then on, on what its indicators say of closes and of whole candles', () => {
  const log: number[][] = []
  const one = account({ strategy: watching(0, log) })
  for (let minute = 0; minute < 7; minute++) one.step(candle(minute, 100 + minute))
  expect(log.map(([close]) => close)).toEqual([104, 105, 106])
  // The highs of the last five candles, one above their closes; the mean of the closes trails behind.
  expect(log.map(([, , top]) => top)).toEqual([104, 105, 106].map((close) => close + (log[0]![2]! - 104)))
  expect(log[0]![1]).toBeCloseTo(103, 1)
  expect(one.bots[0]!.runtime).toMatchObject({ samples: 7, lastClose: 106 })
  expect(one.bots[0]!.runtime.view.previousClose).toBe(105)
})

test('only a bot that looks between closes makes previews, on readings as if the candle ended now', () => {
  expect(account({}).bots[0]!.runtime.preview).toBeUndefined()
  const log: number[][] = []
  const one = account({ strategy: watching(0, log), on: 'update' })
  expect(one.bots[0]!.runtime.preview).toBeDefined()
  for (let minute = 0; minute < 5; minute++) one.step(candle(minute, 100))
  log.length = 0
  one.step(candle(5, 130, false, 4))
  one.step(candle(5, 130, false, 6))
  const [preview] = log
  expect(preview![0]).toBe(130)
  expect(preview![1]).toBe(115)
  expect(preview![2]).toBeGreaterThanOrEqual(130)
  // Nothing was committed: the closed candle is the next one.
  one.step(candle(5, 100))
  expect(log.at(-1)![1]).toBe(100)
})

test('only rules that read them make a bot keep its extremes', () => {
  expect(account({ exits: [stopLoss(0.05)] }).bots[0]!.runtime.usesExtremes).toBe(false)
  expect(account({ exits: [stopLoss(0.05), trailingStop(0.03)] }).bots[0]!.runtime.usesExtremes).toBe(true)
})
