import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { quoteSchema } from '../model/value-schemas.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { quoteText } from './texts.ts'

export const maxPositionParams = z.strictObject({ limit: quoteSchema })

/**
 * Keeps the quote amount that left for the bot's position, fees included, within a limit: an entry is reduced to the room that is left, and denied when
 * there is none. Code `MAX_POSITION`, margin in quote.
 *
 * @throws ConfigError when the limit is no positive amount
 * @example
 * ```ts
 * maxPosition(75).code // => 'MAX_POSITION'
 * ```
 */
export function maxPosition(limit: number | string): ConfiguredRule {
  const params = parseParams(maxPositionParams, { limit }, 'maxPosition')
  return {
    apiVersion: 1,
    id: 'max-position',
    code: 'MAX_POSITION',
    unit: 'quote',
    params,
    limits: limitPolicy<typeof params>({ limit: 'lower' }, (p) => maxPosition(p.limit)),
    check(intent, view, verdict) {
      const room = params.limit - view.position.cost
      const margin = room - intent.quoteAmount
      if (margin >= 0) verdict.allow(margin)
      else verdict.reduce(room, margin)
    },
    describe: (verdict) =>
      `the position may cost ${quoteText(params.limit)}${verdict.kind === 'reduce' ? `; ${quoteText(verdict.maxQuoteAmount)} is left` : ''}`,
  }
}
