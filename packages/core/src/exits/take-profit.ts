import { z } from 'zod'
import type { ExitRule } from '../contracts/exit-rule.ts'
import type { Json } from '../model/json.ts'
import { parseParams } from '../model/params.ts'
import { percentText } from '../safety/texts.ts'
import { priceText, touches } from './touches.ts'

export const takeProfitParams = z.strictObject({ fraction: z.number().gt(0).lte(100) })

/**
 * Closes the position when the price has risen by a fraction above its average entry (fees not counted: keep it above the fees of both ways).
 *
 * @param fraction - above 0, at most 100: 0.04 is 4 %
 * @throws ConfigError when the fraction is out of range
 * @example
 * ```ts
 * takeProfit(0.04).id // => 'take-profit'
 * ```
 */
export function takeProfit(fraction: number): ExitRule & { readonly params: Json } {
  const params = parseParams(takeProfitParams, { fraction }, 'takeProfit')
  const grow = 1 + params.fraction
  return {
    apiVersion: 1,
    id: 'take-profit',
    params,
    check: (position, view) => (position.open && touches(view.market.price - position.averageEntry * grow, position.averageEntry) ? 1 : 0),
    triggerKind: 'profit',
    trigger: (position) => position.averageEntry * grow,
    describe: (position) => `take profit at ${priceText(position.averageEntry * grow)}: ${percentText(params.fraction)} above the average entry`,
  }
}
