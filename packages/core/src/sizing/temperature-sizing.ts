import { z } from 'zod'
import type { Sizer } from '../contracts/sizer.ts'
import type { Json } from '../model/json.ts'
import { parseParams } from '../model/params.ts'
import { quoteSchema } from '../model/value-schemas.ts'

/** The numbers of {@link temperatureSizing}, those of the system this library re-creates. */
export const sizingConstants = {
  /** By temperature: frozen, cool, warm, hot. */
  temperature: [0.5, 1, 1.3, 1.8],
  signal: { base: 0.8, perScore: 0.4 },
  /** By tranches held: none yet, up to two, more. */
  progression: { first: 0.7, second: 1, later: 1.2, laterFrom: 3 },
} as const

export const temperatureSizingParams = z
  .strictObject({ base: quoteSchema, min: quoteSchema, max: quoteSchema, lift: z.boolean().default(false) })
  .refine((p) => p.min <= p.max, { path: ['max'], error: 'an amount that is at least min' })

/**
 * Sizes an entry as base x temperature (hot 1.8, warm 1.3, cool 1.0) x (0.8 + 0.4 |score|) x progression (first tranche 0.7, second and third 1.0, later 1.2), at
 * most `max`. A size below `min` is returned as it is and so denied by `tradeSize`, unless `lift: true` lifts it to `min`.
 *
 * @param options - `base`, `min`, `max`: quote amounts, fee included
 * @throws ConfigError when an amount is not positive or min is above max
 * @example
 * ```ts
 * temperatureSizing({ base: 10, min: 5, max: 25 }).id // => 'temperature'
 * ```
 */
export function temperatureSizing(options: z.input<typeof temperatureSizingParams>): Sizer & { readonly params: Json } {
  const params = parseParams(temperatureSizingParams, options, 'temperatureSizing')
  const { temperature, signal, progression } = sizingConstants
  return {
    apiVersion: 1,
    id: 'temperature',
    params,
    size(score, view) {
      const { lots } = view.position
      const step = lots === 0 ? progression.first : lots < progression.laterFrom ? progression.second : progression.later
      const size = params.base * temperature[view.temperature] * (signal.base + signal.perScore * Math.abs(score)) * step
      if (size > params.max) return params.max
      return params.lift && size < params.min ? params.min : size
    },
  }
}
