import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { fractionSchema } from '../model/value-schemas.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { roundedMargin } from './rounding.ts'
import { percentText } from './texts.ts'

export const priceStepParams = z.strictObject({ fraction: fractionSchema })

/**
 * Denies adding to a position while the price is within a fraction of its last fill, on either side; a first entry is free. A missing price denies.
 * Code `PRICE_STEP`, margin as a fraction.
 *
 * @throws ConfigError when the fraction is not between 0 and 1
 * @example
 * ```ts
 * priceStep(0.008).code // => 'PRICE_STEP'
 * ```
 */
export function priceStep(fraction: number): ConfiguredRule {
  const params = parseParams(priceStepParams, { fraction }, 'priceStep')
  return {
    apiVersion: 1,
    id: 'price-step',
    code: 'PRICE_STEP',
    unit: 'fraction',
    params,
    limits: limitPolicy<typeof params>({ fraction: 'higher' }, (p) => priceStep(p.fraction)),
    check(intent, view, verdict) {
      if (intent.rest === true) return
      if (!view.position.open) return
      verdict.require(roundedMargin(Math.abs(view.market.price / view.lastFillPrice - 1) - params.fraction))
    },
    describe: (verdict) => `the price is ${percentText(params.fraction + verdict.margin)} from the last fill, the step is ${percentText(params.fraction)}`,
  }
}
