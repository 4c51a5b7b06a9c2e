import type { BotView } from '../contracts/bot-view.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { ApprovedIntent, Intent } from '../model/intent.ts'
import type { EpochMs } from '../model/time.ts'
import type { Verdict } from '../model/verdict.ts'
import { blockerUnit } from './blocker-codes.ts'
import { minQuoteOf } from './trade-size.ts'
import { quoteText } from './texts.ts'
import { ALLOW, DENY, REDUCE, VerdictSlot } from './verdict-slot.ts'

/** What a judge knows beside its rules. */
export interface JudgeOptions {
  /** Smallest trade in quote that makes sense here (the venue's, say); the `tradeSize` rules' own minimum is found by itself, the larger one counts. */
  readonly minQuote?: number
  /** Called when a rule throws, each time: for an alert. */
  readonly onRuleError?: (rule: SafetyRule, error: unknown) => void
}

/** A rule that would hold an intent back even if all others agreed. */
export interface BlockingRule {
  readonly rule: SafetyRule
  readonly code: string
  readonly unit: string
  readonly margin: number
  /** NaN when unknown. */
  readonly untilMs: number
  readonly detail: string
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** No rule was at fault: the intent itself asked for nothing. */
const SIZE_ZERO = -2
const NONE = -1

/**
 * All safety rules of one bot, in declared order, and the only maker of an ApprovedIntent.
 *
 * A denial beats every reduction; of several reductions the smallest maximum wins; when it lies below the smallest trade, the intent is denied in the name of
 * the rule that set it. So the outcome does not depend on the order of the rules, and a rule added never makes a trade bigger. The order decides one thing:
 * which of several denials is named first (`primary…`), because the hot path stops there.
 */
export class Judge {
  rules: readonly SafetyRule[]
  /** An entry that rules reduce below this quote amount is denied. */
  minQuote: number
  private readonly ownMinQuote: number
  private readonly slots: readonly VerdictSlot[]
  private readonly entryRules: readonly number[]
  private readonly exitRules: readonly number[]
  private readonly onRuleError: (rule: SafetyRule, error: unknown) => void
  private readonly approvedIntent: Writable<Intent>
  private isApproved = false
  private intent: Intent
  private view: BotView | undefined
  private done = 0
  private primary = NONE

  constructor(rules: readonly SafetyRule[], options: JudgeOptions = {}) {
    this.rules = rules
    this.ownMinQuote = options.minQuote ?? 0
    this.minQuote = Math.max(this.ownMinQuote, minQuoteOf(rules))
    this.onRuleError = options.onRuleError ?? (() => undefined)
    this.slots = rules.map(() => new VerdictSlot())
    this.entryRules = rules.map((_, index) => index)
    this.exitRules = this.entryRules.filter((index) => rules[index]!.appliesTo === 'all')
    this.approvedIntent = { kind: 'open', origin: 'strategy', side: 'buy', quoteAmount: 0, baseFraction: 0, source: '' }
    this.intent = this.approvedIntent
  }

  /** Takes the same rules with other limits: as many, in the same order, for the same intents. */
  replaceRules(rules: readonly SafetyRule[]): void {
    if (rules.length !== this.rules.length || rules.some((rule, i) => rule.id !== this.rules[i]!.id || rule.appliesTo !== this.rules[i]!.appliesTo))
      throw new RangeError(`expected the rules ${this.rules.map((rule) => rule.id).join(', ')}, received ${rules.map((rule) => rule.id).join(', ')}`)
    this.rules = rules
    this.minQuote = Math.max(this.ownMinQuote, minQuoteOf(rules))
  }

  /**
   * Returns what may leave: for an entry the quote amount, for an exit the share of the position; 0 = denied. Stops at the first denial in declared
   * order and allocates nothing.
   */
  judge(intent: Intent, view: BotView): number {
    const isEntry = isEntryKind(intent)
    this.intent = intent
    this.view = view
    this.primary = NONE
    this.isApproved = false
    const order = isEntry ? this.entryRules : this.exitRules
    for (this.done = 0; this.done < order.length;) {
      const index = order[this.done++]!
      if (this.run(index, isEntry) !== DENY) continue
      this.primary = index
      return 0
    }
    const amount = isEntry ? this.smallestMaximum(intent.quoteAmount) : intent.baseFraction
    if (this.primary !== NONE) return 0
    if (!(amount > 0)) {
      this.primary = SIZE_ZERO
      return 0
    }
    this.approve(intent, amount, isEntry)
    return amount
  }

  /** The intent as approved by the last `judge`, undefined when it was denied. One object, reused by the next call. */
  get approved(): ApprovedIntent | undefined {
    return this.isApproved ? (this.approvedIntent as ApprovedIntent) : undefined
  }

  /** Code of the first denial of the last `judge` in declared order; empty when it approved. */
  get primaryCode(): string {
    if (this.primary === NONE) return ''
    return this.primary === SIZE_ZERO ? 'SIZE_ZERO' : this.codeOf(this.primary)
  }

  /** Distance to what is needed, in `primaryUnit`, negative = missing; 0 when approved. */
  get primaryMargin(): number {
    return this.primary < 0 ? 0 : this.slots[this.primary]!.margin
  }

  get primaryUnit(): string {
    return this.primary < 0 ? blockerUnit(this.primaryCode) : this.unitOf(this.primary)
  }

  /** When the first denial ends by itself; NaN when unknown. */
  get primaryUntilMs(): number {
    return this.primary < 0 ? Number.NaN : this.slots[this.primary]!.untilMs
  }

  /** The first denial in words; empty when approved. Makes text: for records, not for the hot path. */
  primaryDetail(): string {
    if (this.primary === NONE) return ''
    if (this.primary === SIZE_ZERO) return 'the intent asks for no amount'
    return this.detailOf(this.primary)
  }

  private detailOf(index: number): string {
    const verdict = this.materialise(index)
    const detail = verdict.kind === 'allow' ? '' : verdict.detail
    return verdict.kind === 'reduce' ? `${detail}, below the smallest trade of ${quoteText(this.minQuote)}` : detail
  }

  /**
   * Runs the rules that the last `judge` left out, on the same intent and view (which must not have changed since), and returns the verdict of every rule that
   * applies, in declared order. The outcome and the first denial stay as they are.
   */
  complete(): Verdict[] {
    const isEntry = isEntryKind(this.intent)
    const order = isEntry ? this.entryRules : this.exitRules
    if (this.view !== undefined) while (this.done < order.length) this.run(order[this.done++]!, isEntry)
    return order.map((index) => this.materialise(index))
  }

  /** Every rule that blocks the intent of the last `judge` by itself: denials in declared order, then reductions below the smallest trade, the smallest first. */
  blocking(): readonly BlockingRule[] {
    this.complete()
    const order = isEntryKind(this.intent) ? this.entryRules : this.exitRules
    const held = (index: number): BlockingRule => {
      const { margin, untilMs } = this.slots[index]!
      return { rule: this.rules[index]!, code: this.codeOf(index), unit: this.unitOf(index), margin, untilMs, detail: this.detailOf(index) }
    }
    const denied = order.filter((index) => this.slots[index]!.kind === DENY)
    const reduced = order.filter((index) => this.slots[index]!.kind === REDUCE && this.slots[index]!.maxQuoteAmount < this.minQuote)
    reduced.sort((a, b) => this.slots[a]!.maxQuoteAmount - this.slots[b]!.maxQuoteAmount)
    return [...denied, ...reduced].map(held)
  }

  private run(index: number, isEntry: boolean): number {
    const slot = this.slots[index]!
    slot.reset(isEntry)
    const rule = this.rules[index]!
    try {
      rule.check(this.intent, this.view!, slot)
    } catch (error) {
      slot.fail(error instanceof Error ? error.message : String(error))
      this.onRuleError(rule, error)
    }
    return slot.kind
  }

  private smallestMaximum(wanted: number): number {
    let amount = wanted
    let reducer = NONE
    for (let index = 0; index < this.slots.length; index++) {
      const slot = this.slots[index]!
      if (slot.kind !== REDUCE || slot.maxQuoteAmount >= amount) continue
      amount = slot.maxQuoteAmount
      reducer = index
    }
    if (reducer !== NONE && amount < this.minQuote) this.primary = reducer
    return amount
  }

  private approve(intent: Intent, amount: number, isEntry: boolean): void {
    const approved = this.approvedIntent
    approved.kind = intent.kind
    approved.origin = intent.origin
    approved.side = intent.side
    approved.quoteAmount = isEntry ? amount : 0
    approved.baseFraction = isEntry ? 0 : amount
    approved.source = intent.source
    this.isApproved = true
  }

  private codeOf(index: number): string {
    return this.slots[index]!.failure === '' ? this.rules[index]!.code : 'RULE_FAILED'
  }

  private unitOf(index: number): string {
    return this.slots[index]!.failure === '' ? (this.rules[index]!.unit ?? 'none') : 'none'
  }

  private materialise(index: number): Verdict {
    const slot = this.slots[index]!
    const ruleId = this.rules[index]!.id
    const { margin } = slot
    if (slot.kind === ALLOW) return { ruleId, kind: 'allow', margin }
    const code = this.codeOf(index)
    if (slot.kind === REDUCE) return this.withDetail(index, { ruleId, kind: 'reduce', code, margin, maxQuoteAmount: slot.maxQuoteAmount, detail: '' })
    const until = Number.isNaN(slot.untilMs) ? {} : { untilMs: slot.untilMs as EpochMs }
    return this.withDetail(index, { ruleId, kind: 'deny', code, margin, ...until, detail: '' })
  }

  private withDetail(index: number, verdict: Exclude<Verdict, { kind: 'allow' }>): Verdict {
    const slot = this.slots[index]!
    const rule = this.rules[index]!
    if (slot.failure !== '') return { ...verdict, detail: `${rule.id} failed: ${slot.failure}` }
    try {
      return { ...verdict, detail: rule.describe?.(verdict) ?? `${rule.id}: ${verdict.margin} ${this.unitOf(index)}` }
    } catch (error) {
      this.onRuleError(rule, error)
      return { ...verdict, detail: `${rule.id}: ${verdict.margin} ${this.unitOf(index)}` }
    }
  }
}

const isEntryKind = (intent: Intent): boolean => intent.kind === 'open' || intent.kind === 'add'
