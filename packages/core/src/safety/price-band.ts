import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { fractionSchema } from '../model/value-schemas.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { roundedMargin } from './rounding.ts'
import { percentText } from './texts.ts'

export const priceBandParams = z.strictObject({ fraction: fractionSchema })

/**
 * Denies entries while the price is further than a fraction from the reference: the close of the bot's own closed candle before the one at hand. So a price
 * that jumped within one candle is not bought, and one that stays there is, a candle later. Without a reference it denies. Code `PRICE_BAND`, margin as a
 * fraction.
 *
 * @throws ConfigError when the fraction is not between 0 and 1
 * @example
 * ```ts
 * priceBand(0.05).code // => 'PRICE_BAND'
 * ```
 */
export function priceBand(fraction: number): ConfiguredRule {
  const params = parseParams(priceBandParams, { fraction }, 'priceBand')
  return {
    apiVersion: 1,
    id: 'price-band',
    code: 'PRICE_BAND',
    unit: 'fraction',
    params,
    limits: limitPolicy<typeof params>({ fraction: 'lower' }, (p) => priceBand(p.fraction)),
    check(_intent, view, verdict) {
      verdict.require(roundedMargin(params.fraction - Math.abs(view.market.price / view.previousClose - 1)))
    },
    describe: (verdict) =>
      Number.isNaN(verdict.margin)
        ? 'there is no earlier close to compare the price with'
        : `the price is ${percentText(params.fraction - verdict.margin)} from the close before, at most ${percentText(params.fraction)} is allowed`,
  }
}
