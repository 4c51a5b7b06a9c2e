import type { CandleSeries } from '../../backtest/merge-series.ts'
import type { JournalEntry } from '../../contracts/journal.ts'
import type { Grading } from '../../ledger/analytics/grade.ts'
import type { Booking } from '../../ledger/lots.ts'
import type { GapPolicy } from '../../model/gaps.ts'
import type { Instrument } from '../../model/instrument.ts'
import type { MoneyInput } from '../../model/money.ts'
import type { Duration } from '../../model/time.ts'
import type { BreakerOptions } from '../../safety/circuit-breakers.ts'
import type { FillModelOptions } from '../../simulation/simulated-venue/venue-options.ts'
import type { ReplayOptions } from '../recording/replay-loop.ts'

/** The backtest that a run is held against. The options of the fill model are the backtest's. */
export interface DriftBacktest extends FillModelOptions {
  /** Candles of the backtest: as for `backtest()`. Those before the start of the run warm the bots up. */
  readonly candles: readonly CandleSeries[]
  /** Money the backtest begins with, by currency; that of the run at its start when left out. */
  readonly cash?: Readonly<Record<string, MoneyInput>>
  /** As for `backtest()`. */
  readonly detail?: Duration
  /** What missing candles do in the backtest; `skip` when left out. */
  readonly gapPolicy?: Exclude<GapPolicy, 'halt'>
}

/** A recorded run with its plugins: all of it can be told. */
export interface DriftOfRecordingOptions extends ReplayOptions, DriftBacktest {
  /** Lines of the recording, without their ends. */
  readonly recording: Iterable<string>
  /** The run is taken as it would have gone with this simulated venue instead of its own. */
  readonly shadow?: FillModelOptions
}

/** A run that only its journal tells of. */
export interface DriftOfJournalOptions extends Pick<ReplayOptions, 'bots' | 'plugins' | 'safety'>, DriftBacktest {
  /** Entries from the first on, in order. */
  readonly journal: Iterable<JournalEntry>
  /** The time is that between the first and the last valuation of the account (they are made every hour) in these, in epoch ms; all of the journal when left out. */
  readonly fromMs?: number
  readonly toMs?: number
  /** As in the configuration of the run; what the journal says, or the defaults, when left out. */
  readonly booking?: Booking
  readonly grading?: Grading
  readonly breakers?: BreakerOptions
  /** Product rules; those of Coinbase's pairs when left out. */
  readonly instruments?: readonly Instrument[]
  /** Longest age of a price that an order may use, in ms; 30,000 when left out. */
  readonly staleMs?: number
}

/** What a drift report is made of: a run, by its recording or by its journal, and a backtest of the same bots. */
export type DriftOptions = DriftOfRecordingOptions | DriftOfJournalOptions
