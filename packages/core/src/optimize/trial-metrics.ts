import type { BacktestResult } from '../backtest/backtest-result.ts'
import { DAYS_PER_YEAR } from '../backtest/statistics/period-statistics.ts'

/** What a trial is judged by: plain data, the same bytes wherever it was run. Null where there is too little to say. */
export interface TrialMetrics {
  /** Net of fees, spread and slippage, in per cent. */
  readonly returnPercent: number
  /** Annual, from daily returns. */
  readonly sharpe: number | null
  readonly calmar: number | null
  /** The deepest fall, in per cent of its peak. */
  readonly drawdownPercent: number
  readonly roundTrips: number
  /** In quote. */
  readonly fees: number
  /** Daily returns. */
  readonly days: number
  /** Of the daily returns; 0 and 3 for a normal distribution. */
  readonly skewness: number | null
  readonly kurtosis: number | null
  /** Hash over levels and fills of the run. */
  readonly hash: string
}

/** What came of one trial: numbers, why these parameters cannot be, or why it could not be run at all (it ended whoever tried). */
export type TrialOutcome = { readonly metrics: TrialMetrics } | { readonly refused: string } | { readonly lost: string }

/**
 * Returns what a trial is judged by.
 *
 * @example
 * ```ts
 * const candles = candleColumns([0, 60000].map((openTime) => ({ openTime, open: 100, high: 101, low: 99, close: 100, volume: 1 })))
 * const result = backtest({
 *   bots: [bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy: weightedSignals() })],
 *   candles: [{ instrument: 'BTC-USD', timeframeMs: MINUTE_MS, columns: candles }],
 *   cash: { USD: '1000' },
 * })
 * trialMetrics(result).roundTrips // => 0
 * ```
 */
export function trialMetrics({ statistics, hash }: BacktestResult): TrialMetrics {
  const { perDay, perTrade, drawdown } = statistics
  return {
    returnPercent: statistics.returnPercent,
    sharpe: perDay.sharpe ?? null,
    calmar: statistics.calmar ?? null,
    drawdownPercent: 100 * (drawdown.deepest?.share ?? 0),
    roundTrips: perTrade.count,
    fees: statistics.fees,
    days: perDay.days,
    skewness: perDay.skewness ?? null,
    kurtosis: perDay.kurtosis ?? null,
    hash,
  }
}

/** The Sharpe ratio of a day, as the deflated Sharpe ratio takes it. */
export const dailySharpe = ({ sharpe }: TrialMetrics): number | undefined => (sharpe === null ? undefined : sharpe / Math.sqrt(DAYS_PER_YEAR))
