import { z } from 'zod'
import type { ExitRule } from '../contracts/exit-rule.ts'
import type { Json } from '../model/json.ts'
import { parseParams } from '../model/params.ts'
import type { PositionView } from '../model/position.ts'
import { percentText } from '../safety/texts.ts'
import { priceText, touches } from './touches.ts'

export const breakEvenParams = z.strictObject({ after: z.number().gt(0).lte(100), exitFee: z.number().min(0).lte(0.1).default(0.009) })

/**
 * Once the price was a fraction above the average entry, closes the position when it falls back to break-even: the price at which the sale returns what was paid,
 * with the fees of both ways. `break-even = cost with entry fees / (quantity x (1 - exit fee))`. A gain from before the last entry fill does not arm it.
 *
 * @param after - gain that arms it, above 0, at most 100: 0.03 is 3 %; keep it above the fees of both ways
 * @param options - `exitFee`: fee rate of the sale, 0 to 0.1; 0.009 when left out
 * @throws ConfigError when a number is out of range
 * @example
 * ```ts
 * breakEven(0.03).id // => 'break-even'
 * ```
 */
export function breakEven(after: number, options: { readonly exitFee?: number } = {}): ExitRule & { readonly params: Json } {
  const params = parseParams(breakEvenParams, { after, ...options }, 'breakEven')
  const level = (position: PositionView): number => {
    const armed = touches(position.peakSinceEntry - position.averageEntry * (1 + params.after), position.averageEntry)
    return armed ? position.cost / (position.quantity * (1 - params.exitFee)) : Number.NaN
  }
  return {
    apiVersion: 1,
    id: 'break-even',
    params,
    usesExtremes: true,
    check: (position, view) => (position.open && touches(level(position) - view.market.price, position.averageEntry) ? 1 : 0),
    trigger: level,
    describe(position) {
      const at = level(position)
      return Number.isNaN(at)
        ? `break-even stop, armed by a gain of ${percentText(params.after)}`
        : `break-even stop at ${priceText(at)}, fees of both ways included`
    },
  }
}
