import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { DAY_MS, utcDayStart } from '../model/time.ts'
import { quoteSchema } from '../model/value-schemas.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { quoteText } from './texts.ts'

export const botLossParams = z.strictObject({ limit: quoteSchema })

/**
 * Denies entries of one bot from the moment its own loss of this UTC day (realised after fees plus the change of unrealised) reaches the limit until the next
 * UTC day, even if the loss recovers; other bots go on. Code `BOT_LOSS`, margin in quote.
 *
 * @throws ConfigError when the limit is no positive amount
 * @example
 * ```ts
 * botLossLimit(25).code // => 'BOT_LOSS'
 * ```
 */
export function botLossLimit(limit: number | string): ConfiguredRule {
  const params = parseParams(botLossParams, { limit }, 'botLossLimit')
  return {
    apiVersion: 1,
    id: 'bot-loss',
    code: 'BOT_LOSS',
    unit: 'quote',
    params,
    limits: limitPolicy<typeof params>({ limit: 'lower' }, (p) => botLossLimit(p.limit)),
    stops: 'bot',
    check(_intent, view, verdict) {
      const margin = params.limit - view.today.peakLoss
      // At the limit it is reached, so a margin of exactly zero is a denial here.
      if (margin > 0) verdict.allow(margin)
      else verdict.deny(margin, utcDayStart(view.nowMs) + DAY_MS)
    },
    trips: (view) => !(view.today.peakLoss < params.limit),
    describe: (verdict) =>
      `the bot's loss of today has been ${quoteText(params.limit - verdict.margin)} of the ${quoteText(params.limit)} allowed; entries again on the next UTC day`,
  }
}
