import { runSummary } from '../engine/run-summary.ts'
import { decimalText, less, money, subtract } from '../model/money.ts'
import type { IntrabarOrder } from '../pipeline/pipeline-host.ts'
import { BacktestRun } from './backtest-run.ts'
import type { BacktestOptions } from './options.ts'

/** A full run under one assumption about the order of high and low. Money as decimal text. */
export interface RangeRun {
  readonly order: IntrabarOrder
  readonly equity: string
  /** `equity` less the starting cash. */
  readonly pnl: string
  readonly returnPercent: number
  readonly roundTrips: number
  /** Candles in which the order decided between exits. */
  readonly ambiguousCandles: number
  readonly hash: string
}

/**
 * The result as a range: the whole run with the high first, and with the low first, inside candles that do not tell. Not a bound: a run that exits otherwise enters otherwise
 * afterwards, and prices may jump.
 */
export interface BacktestRange {
  /** High before low: targets before stops. */
  readonly optimistic: RangeRun
  /** Low before high: stops before targets. */
  readonly pessimistic: RangeRun
  /** The smaller and the larger P&L of the two runs and the run itself. */
  readonly lowestPnl: string
  readonly highestPnl: string
}

/** One of the two runs; decisions and progress are nobody's. */
export function rangeRunOf(options: BacktestOptions, order: IntrabarOrder): BacktestRun {
  const { onProgress: _onProgress, onDecision: _onDecision, record: _record, ...rest } = options
  return new BacktestRun(rest, order)
}

/** What a finished run of an order amounts to. */
export function rangeRun(run: BacktestRun, order: IntrabarOrder): RangeRun {
  const { state } = run.kernel
  const { equity, paidIn, returnPercent } = runSummary(run.kernel, { candles: run.candles, orders: run.orders, fills: run.fills.length, engineMs: 0 })
  return {
    order,
    equity,
    pnl: decimalText(subtract(money(equity), money(paidIn))),
    returnPercent,
    roundTrips: state.durable.analytics.trips.count,
    ambiguousCandles: state.ambiguousCandles,
    hash: run.kernel.hash,
  }
}

/** Joins the two runs with the P&L of the run itself. */
export function rangeOf(optimistic: RangeRun, pessimistic: RangeRun, ownPnl: string): BacktestRange {
  const [lowest, , highest] = [optimistic.pnl, pessimistic.pnl, ownPnl].sort((a, b) => (less(money(a), money(b)) ? -1 : 1)) as [string, string, string]
  return { optimistic, pessimistic, lowestPnl: lowest, highestPnl: highest }
}
