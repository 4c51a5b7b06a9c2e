import type { RoundTripRecord } from '../contracts/analytics.ts'
import type { FillRecord } from '../contracts/engine.ts'
import type { RunSummary } from '../contracts/run-summary.ts'
import type { Decision } from '../model/decision.ts'
import type { Json } from '../model/json.ts'
import type { EquitySample } from './equity-recorder.ts'
import type { SeriesGaps } from './prepare-candles.ts'
import type { BacktestRange } from './range.ts'
import type { BacktestStatistics } from './statistics/statistics.ts'

/** How a report is made. */
export interface ReportOptions {
  /** Above it all; `Backtest` when left out. */
  readonly title?: string
}

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
  /** A report in one file that needs nothing else: see docs/how-to/read-a-report.md. Decisions are in it as `record` asked for them; makes the two runs of `range`. */
  toHtml(options?: ReportOptions): string
}
