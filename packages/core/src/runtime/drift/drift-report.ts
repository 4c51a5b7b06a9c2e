import type { Side } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import type { Json } from '../../model/json.ts'
import type { DriftCause } from './causes.ts'

/** What a run made of a decision to trade. Amounts as decimal text, fees in quote. */
export interface DriftTrade {
  /** The end of the candle that was decided on, or the time of another occasion. */
  readonly atMs: EpochMs
  /** `0` when nothing was filled. */
  readonly quantity: string
  /** Mean price; undefined when nothing was filled. */
  readonly price: string | undefined
  readonly fees: string
}

/**
 * A decision to trade that the backtest and the run did not both make, or that did not go the same way in both. Two are one when they were made on the same event; of an exit rule, when they
 * sold the same purchase.
 */
export interface DriftDecision {
  readonly botId: string
  readonly instrument: string
  readonly side: Side
  /** The strategy or the rule that wanted it; `manual` for a person. */
  readonly source: string
  /** When the run decided it, or else the backtest. */
  readonly atMs: EpochMs
  /** Undefined when the backtest did not decide so. */
  readonly backtest: DriftTrade | undefined
  /** Undefined when the run did not decide so. */
  readonly actual: DriftTrade | undefined
  /** The first cause that changed it; undefined for an order of a journal that no run decided again. */
  readonly first: DriftCause | undefined
  /** What each cause changed of its part in the P&L, at the last prices of the run; causes that changed nothing are left out. */
  readonly amounts: Readonly<Partial<Record<DriftCause, string>>>
  /** Sum of the amounts. */
  readonly total: string
}

/** One step of the substitution. */
export interface DriftLine {
  readonly cause: DriftCause
  /** P&L of the run with this cause and all before it, less P&L of the run without it. */
  readonly amount: string
  /** P&L of the run with this cause and all before it. */
  readonly pnl: string
  /** Part of the amount that belongs to no decision of either: what was held before, other last prices, and what only runs in between decided. */
  readonly noDecision: string
  /** Decisions that changed at this step. */
  readonly decisions: number
}

/** Where a run's P&L comes from that its backtest did not have. Money as decimal text, in quote. */
export interface DriftReport {
  readonly startMs: EpochMs
  readonly endMs: EpochMs
  readonly quote: string
  /** The run held against the backtest: as recorded, as its shadow would have gone, or as far as its journal tells. */
  readonly against: 'recording' | 'shadow' | 'journal'
  readonly backtest: { readonly pnl: string; readonly orders: number; readonly fills: number }
  readonly actual: { readonly pnl: string; readonly orders: number; readonly fills: number }
  /** P&L of the run less P&L of the backtest: the sum of all lines and `unexplained`, to the last digit. */
  readonly drift: string
  /** The seven causes, in the order in which they are put in. */
  readonly lines: readonly DriftLine[]
  /** What is left when everything is put in: what was really gained less what the last run gained. Zero when a recording ran again bit for bit. */
  readonly unexplained: string
  /** The first event of the recording, from 1, after which running it again went another way; undefined when it never did. */
  readonly differsAfter: number | undefined
  /** False when the recording was cut off: then nothing but running it again says what was gained. */
  readonly complete: boolean
  /** Decisions that both made, with the same result. */
  readonly same: number
  /** By time. */
  readonly decisions: readonly DriftDecision[]
  /** What a person should know before believing the lines. */
  readonly notes: readonly string[]
  toJSON(): Json
  /** One file for a browser, without a network. */
  toHtml(options?: { readonly title?: string }): string
}
