import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { DAY_MS, utcDayStart } from '../model/time.ts'
import { quoteSchema } from '../model/value-schemas.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { quoteText } from './texts.ts'

export const dailyLossParams = z.strictObject({ limit: quoteSchema })

/**
 * Denies entries from the moment the account's loss of this UTC day (realised after fees plus the change of unrealised) reaches the limit until the next UTC
 * day, even if the loss recovers. Code `DAILY_LOSS`, margin in quote.
 *
 * @throws ConfigError when the limit is no positive amount
 * @example
 * ```ts
 * dailyLossLimit(100).code // => 'DAILY_LOSS'
 * ```
 */
export function dailyLossLimit(limit: number | string): ConfiguredRule {
  const params = parseParams(dailyLossParams, { limit }, 'dailyLossLimit')
  return {
    apiVersion: 1,
    id: 'daily-loss',
    code: 'DAILY_LOSS',
    unit: 'quote',
    params,
    limits: limitPolicy<typeof params>({ limit: 'lower' }, (p) => dailyLossLimit(p.limit)),
    check(_intent, view, verdict) {
      const margin = params.limit - view.portfolio.todayPeakLoss
      // At the limit it is reached, so a margin of exactly zero is a denial here.
      if (margin > 0) verdict.allow(margin)
      else verdict.deny(margin, utcDayStart(view.nowMs) + DAY_MS)
    },
    trips: (view) => !(view.portfolio.todayPeakLoss < params.limit),
    describe: (verdict) =>
      `today's loss has been ${quoteText(params.limit - verdict.margin)} of the ${quoteText(params.limit)} allowed; entries again on the next UTC day`,
  }
}
