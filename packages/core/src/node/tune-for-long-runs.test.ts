import { expect, test } from 'vitest'
import { backtest } from '../backtest/backtest.ts'
import { bot } from '../config/bot.ts'
import { candleColumns } from '../model/candle-columns.ts'
import { MINUTE_MS } from '../model/time.ts'
import { weightedSignals } from '../strategies/weighted-signals/weighted-signals.ts'
import { tuneForLongRuns } from './tune-for-long-runs.ts'

const candles = candleColumns(
  Array.from({ length: 400 }, (_, i) => {
    const close = 100 + 8 * Math.sin(i / 9) + (i % 7) / 10
    return { openTime: i * MINUTE_MS, open: close - 0.1, high: close + 0.5, low: close - 0.5, close, volume: 1_000 }
  }),
)
const run = () =>
  backtest({
    bots: [bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy: weightedSignals(), actionThreshold: 0.1, confirm: 0 })],
    candles: [{ instrument: 'BTC-USD', timeframeMs: MINUTE_MS, columns: candles }],
    cash: { USD: '1000' },
    safety: [],
  })

test('a run after it is the run before it', () => {
  const before = run()
  tuneForLongRuns()
  const after = run()
  expect(before.fills.length).toBeGreaterThan(0)
  expect(after.hash).toBe(before.hash)
  expect(after.fills).toEqual(before.fills)
})
