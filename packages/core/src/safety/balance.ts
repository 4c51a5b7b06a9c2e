import type { ConfiguredRule } from './configured-rule.ts'
import { quoteText } from './texts.ts'

/**
 * Keeps an entry within the account's available cash: it is reduced to what is there as long as that is a trade at all, else denied. Code `BALANCE`, margin in quote.
 *
 * @example
 * ```ts
 * balance().code // => 'BALANCE'
 * ```
 */
export function balance(): ConfiguredRule {
  return {
    apiVersion: 1,
    id: 'balance',
    code: 'BALANCE',
    unit: 'quote',
    params: {},
    check(intent, view, verdict) {
      const { available } = view.cash
      const margin = available - intent.quoteAmount
      if (margin >= 0) verdict.allow(margin)
      else verdict.reduce(available, margin)
    },
    describe: (verdict) =>
      `${quoteText(-verdict.margin)} more cash would be needed${verdict.kind === 'reduce' ? `; ${quoteText(verdict.maxQuoteAmount)} is available` : ''}`,
  }
}
