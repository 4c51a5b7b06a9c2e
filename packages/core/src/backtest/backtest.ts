import { BacktestRun } from './backtest-run.ts'
import type { BacktestOptions } from './options.ts'
import { resultOf } from './result.ts'
import type { BacktestResult } from './backtest-result.ts'

/**
 * Runs bots over recorded candles: the same kernel and venue as paper, synchronously, without a store. Orders fill on the
 * next candle's open, never on the candle that made the signal. `runBacktest` does the same and lets other things happen in between.
 *
 * @throws ConfigError with every problem found; the reason of `signal` when it is aborted
 * @example
 * ```ts
 * const candles = candleColumns([0, 60000].map((openTime) => ({ openTime, open: 100, high: 101, low: 99, close: 100, volume: 1 })))
 * const { summary } = backtest({
 *   bots: [bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy: weightedSignals() })],
 *   candles: [{ instrument: 'BTC-USD', timeframeMs: MINUTE_MS, columns: candles }],
 *   cash: { USD: '1000' },
 * })
 * summary.candles // => 2
 * ```
 */
export function backtest(options: BacktestOptions): BacktestResult {
  const run = new BacktestRun(options)
  while (run.advance());
  run.finish()
  return resultOf(run)
}
