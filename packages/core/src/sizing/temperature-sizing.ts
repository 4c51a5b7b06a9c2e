import { z } from 'zod'
import type { BotView } from '../contracts/bot-view.ts'
import type { Sizer } from '../contracts/sizer.ts'
import type { Json } from '../model/json.ts'
import { parseParams } from '../model/params.ts'
import { temperatureNames } from '../model/temperature.ts'
import { quoteSchema } from '../model/value-schemas.ts'
import { quoteText } from '../safety/texts.ts'
import { bounded } from './bounded.ts'

/** The numbers of {@link temperatureSizing}, those of the system this library re-creates. */
export const sizingConstants = {
  /** By temperature: frozen, cool, warm, hot. */
  temperature: [0.5, 1, 1.3, 1.8],
  signal: { base: 0.8, perScore: 0.4 },
  /** By tranches held: none yet, up to two, more. */
  progression: { first: 0.7, second: 1, later: 1.2, laterFrom: 3 },
  /** Of the `compat` set only. Share of the base by the state of the position, and bounds as multiples of the base. */
  compat: { first: 0.4, inProfit: 0.25, inLoss: 0.3, deepLoss: 0.4, deepFrom: 0.05, lowest: 0.1, lowestQuote: 1, highest: 10 },
} as const

export const temperatureSizingParams = z
  .strictObject({
    base: quoteSchema,
    min: quoteSchema,
    max: quoteSchema,
    lift: z.boolean().default(false),
    /** Default `standard`. */
    set: z.enum(['standard', 'compat']).optional(),
  })
  .refine((p) => p.min <= p.max, { path: ['max'], error: 'an amount that is at least min' })

/**
 * Sizes an entry as base x temperature (hot 1.8, warm 1.3, cool 1.0) x (0.8 + 0.4 |score|) x progression (first tranche 0.7, second and third 1.0, later 1.2), at
 * most `max`. A size below `min` is returned as it is and so denied by `tradeSize`, unless `lift: true` lifts it to `min`.
 *
 * `set: 'compat'` is the original: of the base it takes 0.4 for a first tranche, 0.25 in profit, 0.3 in a loss and 0.4 in one beyond 5 %, keeps the result between a
 * tenth of the base (at least 1) and ten times the base, and rounds it to cents. `min` and `max` hold for it as well.
 *
 * @param options - `base`, `min`, `max`: quote amounts, fee included
 * @throws ConfigError when an amount is not positive or min is above max
 * @example
 * ```ts
 * temperatureSizing({ base: 10, min: 5, max: 25 }).id // => 'temperature'
 * ```
 */
export function temperatureSizing(options: z.input<typeof temperatureSizingParams>): Sizer & { readonly params: Json } {
  const { set, ...amounts } = parseParams(temperatureSizingParams, options, 'temperatureSizing')
  const params = set === undefined ? amounts : { ...amounts, set }
  const { base } = params
  const { temperature, signal } = sizingConstants
  const strength = (score: number): number => signal.base + signal.perScore * Math.abs(score)
  const wanted = (score: number, view: BotView): number => base * temperature[view.temperature] * strength(score) * progressionOf(view)
  return {
    apiVersion: 1,
    id: 'temperature',
    params,
    size: (score, view) => bounded(set === 'compat' ? original(base, wanted(score, view) * shareOf(view)) : wanted(score, view), params),
    describe(score, view) {
      const factors = [
        quoteText(base),
        ...(set === 'compat' ? [`tranche ${shareOf(view)}`] : []),
        `${temperatureNames[view.temperature]} ${temperature[view.temperature]}`,
        `strength ${Number(strength(score).toFixed(4))}`,
        `progression ${progressionOf(view)}`,
      ]
      return `${factors.join(' x ')}, at most ${quoteText(params.max)}${params.lift ? `, at least ${quoteText(params.min)}` : ''}`
    },
  }
}

function progressionOf({ position }: BotView): number {
  const { first, second, later, laterFrom } = sizingConstants.progression
  return position.lots === 0 ? first : position.lots < laterFrom ? second : later
}

/** The original's share of the base for the next tranche. */
function shareOf({ position, market }: BotView): number {
  const { first, inProfit, inLoss, deepLoss, deepFrom } = sizingConstants.compat
  if (position.lots === 0) return first
  if (market.price >= position.averageEntry) return inProfit
  return (position.averageEntry - market.price) / position.averageEntry > deepFrom ? deepLoss : inLoss
}

function original(base: number, amount: number): number {
  const { lowest, lowestQuote, highest } = sizingConstants.compat
  const kept = Math.min(Math.max(amount, lowest * base, lowestQuote), highest * base)
  return Math.round(kept * 100) / 100
}
