import type { VerdictBuilder } from '../contracts/safety-rule.ts'

/** Integer codes of what a rule said. */
export const ALLOW = 0
export const REDUCE = 1
export const DENY = 2
export type VerdictKind = typeof ALLOW | typeof REDUCE | typeof DENY

/**
 * The engine-owned slot of one rule: four numbers, written in place. The strictest word within one check stands, so that a rule may call
 * `require` once per condition.
 */
export class VerdictSlot implements VerdictBuilder {
  kind: VerdictKind = ALLOW
  /** Smallest distance to a limit that was named; Infinity when the rule named none. */
  margin = Number.POSITIVE_INFINITY
  /** Largest quote amount; Infinity unless `kind` is REDUCE. */
  maxQuoteAmount = Number.POSITIVE_INFINITY
  /** When a denial ends by itself; NaN when unknown. */
  untilMs = Number.NaN
  /** The message of the error the rule threw; empty when it did not. */
  failure = ''
  private isEntry = true

  reset(isEntry = true): void {
    this.isEntry = isEntry
    this.kind = ALLOW
    this.margin = Number.POSITIVE_INFINITY
    this.maxQuoteAmount = Number.POSITIVE_INFINITY
    this.untilMs = Number.NaN
    this.failure = ''
  }

  allow(margin: number): void {
    if (this.kind === ALLOW && margin < this.margin) this.margin = margin
  }

  /** A maximum that is not above zero is a denial. An exit has no quote amount, so a maximum says nothing about it. */
  reduce(maxQuoteAmount: number, margin: number): void {
    if (!this.isEntry) return this.allow(margin)
    if (!(maxQuoteAmount > 0)) return this.deny(margin)
    if (this.kind === DENY || (this.kind === REDUCE && maxQuoteAmount >= this.maxQuoteAmount)) return
    this.kind = REDUCE
    this.maxQuoteAmount = maxQuoteAmount
    this.margin = margin
  }

  deny(margin: number, untilMs: number = Number.NaN): void {
    if (this.kind !== DENY) {
      this.kind = DENY
      this.margin = margin
      this.maxQuoteAmount = Number.POSITIVE_INFINITY
      this.untilMs = untilMs
      return
    }
    if (margin < this.margin) this.margin = margin
    if (untilMs > this.untilMs) this.untilMs = untilMs
  }

  /** NaN is a denial: a limit that cannot be measured is not kept. */
  require(margin: number, untilMs: number = Number.NaN): void {
    if (margin >= 0) this.allow(margin)
    else this.deny(margin, untilMs)
  }

  /** What a rule that threw amounts to: entries are denied, an exit is never blocked by it. */
  fail(message: string): void {
    this.reset(this.isEntry)
    this.failure = message
    this.margin = Number.NaN
    if (this.isEntry) this.kind = DENY
  }
}
