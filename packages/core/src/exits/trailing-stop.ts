import { z } from 'zod'
import type { ExitRule } from '../contracts/exit-rule.ts'
import type { Json } from '../model/json.ts'
import { parseParams } from '../model/params.ts'
import type { PositionView } from '../model/position.ts'
import { fractionSchema } from '../model/value-schemas.ts'
import { percentText } from '../safety/texts.ts'
import { priceText, touches } from './touches.ts'

export const trailingStopParams = z.strictObject({ fraction: fractionSchema, activateAt: z.number().gt(0).lte(100).optional() })

/**
 * Closes the position when the price has fallen by a fraction below its highest since the entry. Inside a candle only the highs of earlier candles count, because
 * nobody knows whether a candle's high came before its low.
 *
 * With `activateAt` it stays quiet until the price was that much above the average entry; the peak is then the highest since the last entry fill, so that buying
 * lower never arms it with an older high.
 *
 * @param fraction - above 0 and below 1: 0.03 is 3 % below the peak
 * @param options - `activateAt`: gain that arms it, above 0, at most 100: 0.05 is 5 %
 * @throws ConfigError when a number is out of range
 * @example
 * ```ts
 * trailingStop(0.03, { activateAt: 0.05 }).id // => 'trailing-stop'
 * ```
 */
export function trailingStop(fraction: number, options: { readonly activateAt?: number } = {}): ExitRule & { readonly params: Json } {
  const params = parseParams(trailingStopParams, { fraction, ...options }, 'trailingStop')
  const { activateAt } = params
  const keep = 1 - params.fraction
  const level = (position: PositionView): number => {
    if (activateAt === undefined) return position.highestPrice * keep
    const armed = touches(position.peakSinceEntry - position.averageEntry * (1 + activateAt), position.averageEntry)
    return armed ? position.peakSinceEntry * keep : Number.NaN
  }
  return {
    apiVersion: 1,
    id: 'trailing-stop',
    params: { fraction: params.fraction, ...(activateAt === undefined ? {} : { activateAt }) },
    usesExtremes: true,
    check: (position, view) => (position.open && touches(level(position) - view.market.price, position.averageEntry) ? 1 : 0),
    trigger: level,
    describe(position) {
      const at = level(position)
      const below = `${percentText(params.fraction)} below the peak`
      return Number.isNaN(at) ? `trailing stop, ${below}, not armed yet` : `trailing stop at ${priceText(at)}: ${below}`
    },
  }
}
