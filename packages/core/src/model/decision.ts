import type { Side } from './order.ts'
import type { Signal } from './signal.ts'
import type { TemperatureName } from './temperature.ts'
import type { EpochMs } from './time.ts'
import type { Verdict } from './verdict.ts'

/** How an evaluation ended. */
export type Outcome = 'warmingUp' | 'noData' | 'hold' | 'confirming' | 'denied' | 'orderOpen' | 'ordered' | 'exit'

/** Integer codes of the outcomes, by position. */
export const outcomes: readonly Outcome[] = ['warmingUp', 'noData', 'hold', 'confirming', 'denied', 'orderOpen', 'ordered', 'exit']

/** Why a bot does not trade now. */
export interface Blocker {
  /** One of a closed list (COOLDOWN, TEMPERATURE, NO_POSITION, SIZE_ZERO, …) or a plugin's own `x-…`. */
  readonly code: string
  /** Distance to what is needed, in `unit`; negative = missing. */
  readonly margin: number
  readonly unit: string
  readonly sinceMs: EpochMs
  readonly untilMs?: EpochMs
  readonly detail: string
}

/** One number that would have to be another, and nothing else, for a gate to open. */
export interface Change {
  /** `strategy`, `confirmation`, `sizing`, `engine`, or the id of a safety rule. */
  readonly gate: string
  /** Code of the blocker that it ends. */
  readonly code: string
  /** The number: `readings.rsi`, `available cash`, `time`. */
  readonly what: string
  readonly from: number
  /** The nearest value that opens the gate, to one step of its grid: a cent, a millisecond, a price increment, a millionth of a reading. */
  readonly to: number
  /** `to` - `from`. */
  readonly by: number
  readonly unit: string
  /** |by| as a share of what was searched (readings) or of `from`; Infinity when `from` is 0. Only for comparing. */
  readonly relative: number
}

/** A gate that no single number opens, with what it takes in words. */
export interface StuckGate {
  readonly gate: string
  readonly code: string
  readonly needs: string
}

/** The smallest change that would have made a decision trade. */
export interface Nearest {
  /** One for each gate that stood in the way and that a number opens, in the order in which trading asks them. */
  readonly changes: readonly Change[]
  /** Other readings of the strategy that would open its gate as well, each alone; the smallest relative change first. */
  readonly others: readonly Change[]
  readonly stuck: readonly StuckGate[]
  /** True when all of `changes` together would have made it trade. */
  readonly flips: boolean
}

/** Materialised record of one evaluation: plain numbers copied out, text by getters. Never aliases kernel state. */
export interface Decision {
  readonly seq: number
  readonly botId: string
  readonly timeMs: EpochMs
  readonly outcome: Outcome
  readonly side: Side | undefined
  /** True when made from an unfinished candle. */
  readonly preview: boolean
  readonly configHash: string
  /** Of the strategy, -1..+1, positive = buy; 0 before it has spoken. */
  readonly score: number
  readonly temperature: TemperatureName
  /** The strategy's indicators by their keys, as it saw them. */
  readonly readings: Readonly<Record<string, number | Readonly<Record<string, number>>>>
  /** Evaluations for which the direction has held, and how many it takes; `sinceMs`: since when. */
  readonly confirmation: { readonly count: number; readonly required: number; readonly sinceMs: EpochMs | undefined }
  /** What every safety rule said of the intent, or of the entry it would have been. */
  readonly verdicts: readonly Verdict[]
  readonly blocker: Blocker | undefined
  readonly signal: Signal | undefined
  /** Evaluations for which this level held; 1 when just entered. */
  readonly candles: number
  /** Of an entry: how its amount comes about, in the sizer's words, where it has some. */
  readonly sizing?: string
  /** The smallest change that would have made it trade; undefined when it did. Worked out when it is read. */
  readonly nearest: Nearest | undefined
}

/** What is materialised: level changes and orders (default), every evaluation, or orders only. */
export type RecordMode = 'changes' | 'all' | 'orders'
