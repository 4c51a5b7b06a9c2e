import type { RoundTripRecord } from '../contracts/analytics.ts'
import type { FillRecord } from '../contracts/engine.ts'
import type { RunSummary } from '../contracts/run-summary.ts'
import { runSummary } from '../engine/run-summary.ts'
import { tripRecord } from '../ledger/analytics/trip.ts'
import type { Decision } from '../model/decision.ts'
import type { Json } from '../model/json.ts'
import { decimalText, money, subtract } from '../model/money.ts'
import type { BacktestRun } from './backtest-run.ts'
import { equityCsv, tradesCsv } from './csv.ts'
import type { EquitySample } from './equity-recorder.ts'
import type { SeriesGaps } from './prepare-candles.ts'
import { rangeOf, rangeRun, rangeRunOf } from './range.ts'
import type { BacktestRange } from './range.ts'
import { backtestStatistics } from './statistics/statistics.ts'
import type { BacktestStatistics } from './statistics/statistics.ts'

/** What a backtest amounts to. What costs something to work out is worked out when it is read, once. */
export interface BacktestResult {
  readonly summary: RunSummary
  /** Definitions: docs/concepts/statistics.md. */
  readonly statistics: BacktestStatistics
  /** Round trips that are over, oldest first. */
  readonly trades: readonly RoundTripRecord[]
  /** Every own fill, oldest first. */
  readonly fills: readonly FillRecord[]
  /** Equity and buy-and-hold over time, thinned to at most 4,000 moments. */
  readonly equity: readonly EquitySample[]
  /** As `record` asks; empty with `onDecision`. */
  readonly decisions: readonly Decision[]
  /** Two more full runs, with the high and with the low of each candle first: made when read, unless `runBacktest` made them already. */
  readonly range: BacktestRange
  /** Missing candles of what was given, inside the time of the run. */
  readonly gaps: readonly SeriesGaps[]
  /** Why the run ended before its time (gap policy `halt`); undefined when it did not. */
  readonly halted: string | undefined
  /** Fast hash over levels and fills: the same input gives the same hash. */
  readonly hash: string
  /** Everything but decisions, as plain data; makes the two runs of `range`. */
  toJSON(): Json
  /** Round trips or the equity curve; cells that a spreadsheet would run are escaped. */
  toCsv(what: 'trades' | 'equity'): string
}

/** Makes a value when it is asked for the first time. */
function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** The result of a finished run. */
export function resultOf(run: BacktestRun, madeRange?: BacktestRange): BacktestResult {
  const { kernel, options, recorder, prepared, fills } = run
  const summary = runSummary(kernel, { candles: run.candles, orders: run.orders, fills: fills.length, engineMs: run.engineMs })
  const trades = lazy(() => kernel.state.durable.analytics.trips.closed.map(tripRecord))
  const statistics = lazy(() => {
    const turnover = fills.reduce((sum, { value }) => sum + Number(value), 0)
    return backtestStatistics({ trades: trades(), recorder, turnover, fees: Number(summary.fees) })
  })
  const range = lazy(() => madeRange ?? rangeNow(run, summary))
  return {
    summary,
    get statistics() {
      return statistics()
    },
    get trades() {
      return trades()
    },
    fills,
    equity: recorder.list(),
    decisions: run.decisions,
    get range() {
      return range()
    },
    gaps: prepared.gaps,
    halted: prepared.halted,
    hash: kernel.hash,
    toJSON: () => {
      const plain = {
        summary,
        statistics: statistics(),
        range: range(),
        gapPolicy: options.gapPolicy ?? 'skip',
        gaps: prepared.gaps,
        halted: prepared.halted ?? null,
        trades: trades(),
        fills,
        equity: recorder.list(),
        hash: kernel.hash,
      }
      return JSON.parse(JSON.stringify(plain)) as Json
    },
    toCsv: (what) => (what === 'trades' ? tradesCsv(trades()) : equityCsv(recorder.list())),
  }
}

/** P&L of a run: equity less what was paid in. */
export const pnlOf = ({ equity, paidIn }: Pick<RunSummary, 'equity' | 'paidIn'>): string => decimalText(subtract(money(equity), money(paidIn)))

function rangeNow(run: BacktestRun, summary: RunSummary): BacktestRange {
  const finished = (order: 'highFirst' | 'lowFirst') => {
    const other = rangeRunOf(run.options, order)
    while (other.advance());
    other.finish()
    return rangeRun(other, order)
  }
  return rangeOf(finished('highFirst'), finished('lowFirst'), pnlOf(summary))
}
