import { z } from 'zod'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import { parseParams } from '../model/params.ts'
import { quoteSchema } from '../model/value-schemas.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { quoteText } from './texts.ts'

export const tradeSizeParams = z
  .strictObject({ min: quoteSchema, max: quoteSchema })
  .refine((p) => p.min <= p.max, { path: ['max'], error: 'an amount that is at least min' })

/** A rule that knows the smallest trade: no other rule may reduce an entry below it. */
export interface TradeSizeRule extends SafetyRule {
  readonly minQuote: number
}

/**
 * Keeps an entry's quote amount, fee included, between two bounds: below `min` it is denied, above `max` it is reduced. Code `TRADE_SIZE`, margin in quote.
 *
 * @throws ConfigError when a bound is no positive amount or min is above max
 * @example
 * ```ts
 * tradeSize(5, 25).code // => 'TRADE_SIZE'
 * ```
 */
export function tradeSize(min: number | string, max: number | string): ConfiguredRule & TradeSizeRule {
  const params = parseParams(tradeSizeParams, { min, max }, 'tradeSize')
  return {
    apiVersion: 1,
    id: 'trade-size',
    code: 'TRADE_SIZE',
    unit: 'quote',
    params,
    limits: limitPolicy<typeof params>({ min: 'higher', max: 'lower' }, (p) => tradeSize(p.min, p.max)),
    minQuote: params.min,
    check(intent, _view, verdict) {
      const amount = intent.quoteAmount
      if (!(amount >= params.min)) verdict.deny(amount - params.min)
      else if (amount > params.max) verdict.reduce(params.max, params.max - amount)
      else verdict.allow(Math.min(amount - params.min, params.max - amount))
    },
    describe: (verdict) =>
      verdict.kind === 'reduce'
        ? `a trade is at most ${quoteText(params.max)}`
        : `a trade is at least ${quoteText(params.min)}; ${quoteText(-verdict.margin)} is missing`,
  }
}

/** Returns the smallest trade that a list of rules allows; 0 when none of them says. */
export const minQuoteOf = (rules: readonly SafetyRule[]): number =>
  rules.reduce((largest, rule) => Math.max(largest, 'minQuote' in rule && typeof rule.minQuote === 'number' ? rule.minQuote : 0), 0)
