import type { Intent } from '../model/intent.ts'
import type { TemperatureThresholds } from '../model/temperature.ts'
import type { Verdict } from '../model/verdict.ts'
import type { BotView } from './bot-view.ts'

/** Engine-owned slot, one per rule, reset to allow before each check. Margin: distance to the limit in the rule's unit, negative = exceeded. */
export interface VerdictBuilder {
  allow(margin: number): void
  reduce(maxQuoteAmount: number, margin: number): void
  deny(margin: number, untilMs?: number): void
  /** The common rule in one line: allow when margin >= 0, otherwise deny. */
  require(margin: number, untilMs?: number): void
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends number | string | boolean | ((...args: never) => unknown) ? T[K] : Mutable<T[K]> }

/** A copy of what a rule saw, to ask what else would have been. */
export interface Situation {
  readonly view: Mutable<BotView>
  readonly intent: Mutable<Intent>
  readonly temperatureThresholds: TemperatureThresholds
}

/** The one number that releases a rule when it is another: how a person is told what is needed. */
export interface RuleLever {
  /** In the field's terms, as in `available cash`. */
  readonly what: string
  /** Smallest step that counts: `cent` 0.01, `ms`, `one` of a count, `millionth`, `increment` of the instrument's price, `bps` 0.01 of one. */
  readonly grid: 'cent' | 'ms' | 'one' | 'millionth' | 'increment' | 'bps'
  /** Ways to look: +1 up, -1 down. The nearer one counts. */
  readonly ways: readonly (1 | -1)[]
  read(situation: Situation): number
  /** Moves the number in the copy. */
  move(situation: Situation, by: number): void
}

/** The plugin that may deny an intent, or reduce an entry: one number against one limit. */
export interface SafetyRule {
  readonly apiVersion: 1
  readonly id: string
  /** Stable blocker code, one per rule; a plugin's own starts with `x-`. */
  readonly code: string
  /** Default `entries`: skipped for reduce and close. */
  readonly appliesTo?: 'entries' | 'all'
  /** Unit of the margin: `quote`, `ms`, `trades`, `bps`, … */
  readonly unit?: string
  /** Pure: may run again when a record is materialised. */
  check(intent: Intent, view: BotView, verdict: VerdictBuilder): void
  /**
   * True at the moment the rule must stop entries for longer than it denies them. Looked at whenever a loss or a fall of equity reaches a new depth, with every
   * fill and every price of an open position, so that it holds without an intent.
   */
  trips?(view: BotView): boolean
  /**
   * What `trips` stops: the whole account until the next UTC day (`day`, the default), this bot until then (`bot`), or the whole account until a person resets
   * the breaker with the rule's id (`untilReset`). Durable.
   */
  readonly stops?: 'day' | 'bot' | 'untilReset'
  describe?(verdict: Verdict): string
  /** What would release it; the library's own codes have theirs already. */
  readonly lever?: RuleLever
}
