import { BacktestRun } from '../backtest/backtest-run.ts'
import type { BacktestOptions } from '../backtest/options.ts'
import { rangeOf, rangeRun, rangeRunOf } from '../backtest/range.ts'
import type { BacktestRange, RangeRun } from '../backtest/range.ts'
import { pnlOf, resultOf } from '../backtest/result.ts'
import type { BacktestResult } from '../backtest/backtest-result.ts'
import type { IntrabarOrder } from '../pipeline/pipeline-host.ts'
import { turn } from './turn.ts'

/** What a backtest that lets other things happen takes beside the rest. */
export interface RunBacktestOptions extends BacktestOptions {
  /** Makes the two runs of `range` as well, so that they can be cancelled. Default false: they are made when they are read. */
  readonly range?: boolean
}

/**
 * Runs a backtest a part at a time, so that a page stays alive and a signal can cancel it. The result is that of {@link backtest}, to the last digit; speeds are told by
 * the machine's clock unless `wallMs` is another one.
 *
 * Rejects with a ConfigError with every problem found, or with the reason of `signal` within some 16,384 candles after it is aborted.
 *
 * @example
 * ```ts
 * const candles = candleColumns([0, 60000].map((openTime) => ({ openTime, open: 100, high: 101, low: 99, close: 100, volume: 1 })))
 * const shares: number[] = []
 * const { range } = await runBacktest({
 *   bots: [bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy: weightedSignals() })],
 *   candles: [{ instrument: 'BTC-USD', timeframeMs: MINUTE_MS, columns: candles }],
 *   cash: { USD: '1000' },
 *   range: true,
 *   onProgress: ({ share }) => shares.push(share),
 * })
 * shares // => [1]
 * range.optimistic.ambiguousCandles // => 0
 * ```
 */
export async function runBacktest(options: RunBacktestOptions): Promise<BacktestResult> {
  const { range, wallMs = () => performance.now(), ...others } = options
  const rest = { ...others, wallMs }
  const run = new BacktestRun(rest)
  await toEnd(run)
  if (range !== true) return resultOf(run)
  const ordered = async (order: IntrabarOrder): Promise<RangeRun> => {
    const other = rangeRunOf(rest, order)
    await toEnd(other)
    return rangeRun(other, order)
  }
  const first = resultOf(run)
  const made: BacktestRange = rangeOf(await ordered('highFirst'), await ordered('lowFirst'), pnlOf(first.summary))
  return resultOf(run, made)
}

async function toEnd(run: BacktestRun): Promise<void> {
  // Whoever asked may have something to show, or to take back, before the first candle.
  await turn()
  run.options.signal?.throwIfAborted()
  while (run.advance()) await turn()
  run.finish()
}
