import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { quoteSchema } from '../model/value-schemas.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { quoteText } from './texts.ts'

export const maxExposureParams = z.strictObject({ limit: quoteSchema })

/**
 * Keeps the account's exposure (what left for everything held plus what working entries have reserved) within a limit: an entry is reduced to the room that
 * is left, and denied when there is none. Code `EXPOSURE`, margin in quote.
 *
 * @throws ConfigError when the limit is no positive amount
 * @example
 * ```ts
 * maxExposure(800).code // => 'EXPOSURE'
 * ```
 */
export function maxExposure(limit: number | string): ConfiguredRule {
  const params = parseParams(maxExposureParams, { limit }, 'maxExposure')
  return {
    apiVersion: 1,
    id: 'max-exposure',
    code: 'EXPOSURE',
    unit: 'quote',
    params,
    limits: limitPolicy<typeof params>({ limit: 'lower' }, (p) => maxExposure(p.limit)),
    check(intent, view, verdict) {
      const room = params.limit - view.portfolio.exposure
      const margin = room - intent.quoteAmount
      if (margin >= 0) verdict.allow(margin)
      else verdict.reduce(room, margin)
    },
    describe: (verdict) =>
      `the account may hold ${quoteText(params.limit)}${verdict.kind === 'reduce' ? `; ${quoteText(verdict.maxQuoteAmount)} is left` : ''}`,
  }
}
