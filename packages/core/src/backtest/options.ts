import type { BotConfig } from '../contracts/bot-config.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { GradingOptions } from '../ledger/analytics/grade.ts'
import type { Booking } from '../ledger/lots.ts'
import type { Decision, RecordMode } from '../model/decision.ts'
import type { GapPolicy } from '../model/gaps.ts'
import type { Instrument } from '../model/instrument.ts'
import type { MoneyInput } from '../model/money.ts'
import type { Duration, EpochMs } from '../model/time.ts'
import type { BreakerOptions } from '../safety/circuit-breakers.ts'
import type { FillModelOptions } from '../simulation/simulated-venue/venue-options.ts'
import type { CandleSeries } from './merge-series.ts'

/** How far a backtest has come. */
export interface BacktestProgress {
  /** Event time of the last candle. */
  readonly atMs: EpochMs
  readonly candles: number
  readonly totalCandles: number
  /** 0 to 1. */
  readonly share: number
  /** Closed candles times the bots that stepped them, per second; undefined without `wallMs`. */
  readonly candleBotsPerSecond: number | undefined
  /** At the rate so far; undefined without `wallMs`. */
  readonly leftMs: number | undefined
}

/** What a backtest runs and on which candles. */
export interface BacktestOptions extends FillModelOptions {
  readonly bots: readonly BotConfig[]
  /**
   * Closed candles by instrument and timeframe. A timeframe that a bot trades and that is not among them is made from the longest shorter one that divides it. All series
   * given are played, so exits act inside a bot's candle where shorter ones are given.
   */
  readonly candles: readonly CandleSeries[]
  /** Starting balances by currency. */
  readonly cash: Readonly<Record<string, MoneyInput>>
  /** Epoch ms or UTC text: candles that end later are traded, those before warm the bots up. The beginning of the data when left out: bots start cold. */
  readonly from?: number | string
  /** Epoch ms or UTC text: candles that end later are left out. The end of the data when left out. */
  readonly to?: number | string
  /** What missing candles do: `skip` (default), `fillForward`, or `halt`, which ends the run at the first one. They are counted in any case. */
  readonly gapPolicy?: GapPolicy
  /** Timeframe of the candles that orders fill on and exits look at, shorter than the bots' own: made from what is given, and nothing shorter is played. */
  readonly detail?: Duration
  /** Which lots a sale takes from; `fifo` when left out. */
  readonly booking?: Booking
  /** Thresholds of the circuit breakers; `breakerDefaults` when left out. */
  readonly breakers?: BreakerOptions
  /** How round trips are graded; what is left out is as in `defaultGrading`. */
  readonly grading?: GradingOptions
  /** Rules for every bot; `strictSafety()` when left out. */
  readonly safety?: readonly (SafetyRule | readonly SafetyRule[])[]
  /** Ids of plugin rules with `appliesTo: 'all'` that may hold back exits as well. */
  readonly mayBlockExits?: readonly string[]
  /** Product rules; those of Coinbase's pairs when left out. */
  readonly instruments?: readonly Instrument[]
  /** Part of the names of orders; nothing in a run over given candles is left to chance. */
  readonly seed?: number
  /** Materialise decisions: none when left out, because that costs more than deciding. */
  readonly record?: RecordMode
  /** Takes decisions as they are made; then the result holds none, and a long run needs no memory for them. */
  readonly onDecision?: (decision: Decision) => void
  /** Called at the start, after every 16,384 candles, and at the end. */
  readonly onProgress?: (progress: BacktestProgress) => void
  /** Looked at whenever progress is told; an aborted run throws the signal's reason. */
  readonly signal?: AbortSignal
  /** Tells wall time in ms, for speeds; left out, none are told, because nothing in here reads a clock. */
  readonly wallMs?: () => number
}
