import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'

export const spreadParams = z.strictObject({ maxBps: z.number().gt(0).lte(10_000), quoteNeeded: z.boolean().default(false) })

/** A spread of exactly the limit may come out a last bit larger. */
const ROUNDING_BPS = 1e-9

/**
 * Denies entries while bid and ask lie further apart than a limit in basis points of their middle. A market of candles has no quote and nothing to
 * measure: it passes, unless a quote is needed. Code `SPREAD`, margin in bps.
 *
 * @throws ConfigError when the limit is not above 0 and at most 10000
 * @example
 * ```ts
 * spreadLimit({ maxBps: 50 }).code // => 'SPREAD'
 * ```
 */
export function spreadLimit(limit: z.input<typeof spreadParams>): ConfiguredRule {
  const params = parseParams(spreadParams, limit, 'spreadLimit')
  return {
    apiVersion: 1,
    id: 'spread',
    code: 'SPREAD',
    unit: 'bps',
    params,
    limits: limitPolicy<typeof params>({ maxBps: 'lower', quoteNeeded: 'higher' }, (p) => spreadLimit(p)),
    check(_intent, view, verdict) {
      if (!(view.market.bid > 0 && view.market.ask > 0)) {
        if (params.quoteNeeded) verdict.deny(Number.NaN)
        return
      }
      const margin = params.maxBps - view.market.spreadBps
      verdict.require(Math.abs(margin) < ROUNDING_BPS ? 0 : margin)
    },
    describe: (verdict) =>
      Number.isNaN(verdict.margin)
        ? 'there is no quote to measure the spread with'
        : `bid and ask are ${Number((params.maxBps - verdict.margin).toFixed(2))} bps apart, at most ${params.maxBps} are allowed`,
  }
}
