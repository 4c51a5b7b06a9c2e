import { atr } from '@millrace/indicators'
import { z } from 'zod'
import type { Sizer, SizingReadings } from '../contracts/sizer.ts'
import type { Json } from '../model/json.ts'
import { parseParams } from '../model/params.ts'
import { quoteSchema } from '../model/value-schemas.ts'
import { quoteText } from '../safety/texts.ts'
import { bounded } from './bounded.ts'

export const volatilityTargetParams = z
  .strictObject({
    riskPercent: z.number().gt(0).lte(100),
    ranges: z.number().gt(0).lte(100).default(2),
    period: z.int().min(2).max(1_000).default(14),
    min: quoteSchema,
    max: quoteSchema,
    lift: z.boolean().default(false),
  })
  .refine((p) => p.min <= p.max, { path: ['max'], error: 'an amount that is at least min' })

/**
 * Sizes an entry so that a move against it of so many average true ranges costs a share of the equity: `equity x risk / (ranges x ATR / price)`, at most `max`. Calm
 * markets get more, wild ones less. A size below `min` is returned as it is and so denied by `tradeSize`, unless `lift: true` lifts it.
 *
 * @param options - `riskPercent`: above 0, at most 100, in percent of the account's equity; `ranges`: how many, default 2; `period` of Wilder's ATR, 2 to 1000,
 * default 14; `min`, `max`: quote amounts, fee included
 * @throws ConfigError when an option is out of range or min is above max
 * @example
 * ```ts
 * volatilityTarget({ riskPercent: 0.1, min: 5, max: 25 }).id // => 'volatility-target'
 * ```
 */
export function volatilityTarget(options: z.input<typeof volatilityTargetParams>): Sizer & { readonly params: Json } {
  const params = parseParams(volatilityTargetParams, options, 'volatilityTarget')
  const { riskPercent, ranges, period } = params
  const rangeOf = (readings?: SizingReadings): number => (readings?.['atr']?.value ?? Number.NaN) as number
  return {
    apiVersion: 1,
    id: 'volatility-target',
    params,
    indicators: () => ({ atr: atr(period) }),
    size(_score, view, readings) {
      const risk = (view.portfolio.equity * riskPercent) / 100
      // A market that does not move at all asks for everything: the bound says how much that is.
      return bounded((risk * view.market.price) / (ranges * rangeOf(readings)), params)
    },
    describe(_score, view, readings) {
      const move = (100 * ranges * rangeOf(readings)) / view.market.price
      return `${riskPercent} % of ${quoteText(view.portfolio.equity)} at risk over a move of ${Number(move.toFixed(3))} %, at most ${quoteText(params.max)}`
    },
  }
}
