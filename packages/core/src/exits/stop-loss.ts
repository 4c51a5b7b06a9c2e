import { z } from 'zod'
import type { ExitRule } from '../contracts/exit-rule.ts'
import type { Json } from '../model/json.ts'
import { parseParams } from '../model/params.ts'
import { fractionSchema } from '../model/value-schemas.ts'
import { percentText } from '../safety/texts.ts'
import { priceText, touches } from './touches.ts'

export const stopLossParams = z.strictObject({ fraction: fractionSchema })

/**
 * Closes the position when the price has fallen by a fraction below its average entry (fees not counted).
 *
 * @param fraction - above 0 and below 1: 0.05 is 5 %
 * @throws ConfigError when the fraction is not between 0 and 1
 * @example
 * ```ts
 * stopLoss(0.05).id // => 'stop-loss'
 * ```
 */
export function stopLoss(fraction: number): ExitRule & { readonly params: Json } {
  const params = parseParams(stopLossParams, { fraction }, 'stopLoss')
  const keep = 1 - params.fraction
  return {
    apiVersion: 1,
    id: 'stop-loss',
    params,
    check: (position, view) => (position.open && touches(position.averageEntry * keep - view.market.price, position.averageEntry) ? 1 : 0),
    trigger: (position) => position.averageEntry * keep,
    describe: (position) => `stop loss at ${priceText(position.averageEntry * keep)}: ${percentText(params.fraction)} below the average entry`,
  }
}
