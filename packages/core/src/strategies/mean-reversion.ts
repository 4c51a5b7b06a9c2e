import { bollinger, rsi } from '@millrace/indicators'
import { z } from 'zod'
import { defineStrategy } from './define-strategy.ts'
import { rsiScore } from './weighted-signals/scores.ts'

const level = (standard: number) => z.number().gt(0).lt(100).default(standard)

/** Parameters of {@link meanReversion}. */
export const meanReversionParams = z
  .strictObject({
    /** Candles of the RSI. */
    rsi: z.int().min(2).max(500).default(14),
    oversold: level(30),
    overbought: level(70),
    /** Candles of the bands. */
    period: z.int().min(2).max(1_000).default(20),
    /** Distance of the bands from their mean, in standard deviations. */
    deviations: z.number().gt(0).max(10).default(2),
  })
  .refine((p) => p.oversold < p.overbought, { path: ['overbought'], error: 'a level above oversold' })

/** Returns 0 between the bands (%B 0 and 1), 0.5 at the lower and up to 1 half a width under it; the upper one likewise, negative. */
export function bandScore(percentB: number): number {
  if (percentB <= 0) return 0.5 + Math.min(0.5, -percentB)
  return percentB >= 1 ? -0.5 - Math.min(0.5, percentB - 1) : 0
}

/**
 * Expects the price to come back: buys when the RSI is oversold or the price is under its lower Bollinger band, sells at the other ends. One of the two alone is a
 * warm signal, both together are hot.
 *
 * Formula: score = (r + b) / 2; r = 0 between the levels, 0.5 + 0.5 (oversold - RSI) / oversold below, -0.5 - 0.5 (RSI - overbought) / (100 - overbought) above;
 * b = 0 between the bands, 0.5 + min(0.5, -%B) at and under the lower, -0.5 - min(0.5, %B - 1) at and over the upper
 * Source: RSI as in Wilder (1978), bands as in Bollinger (2001)
 *
 * @param params - each has a default; `docs/concepts/strategies.md` says what they do
 * @throws z.ZodError when the parameters do not fit
 * @example
 * ```ts
 * meanReversion({ oversold: 25, overbought: 75 }).componentNames // => ['rsi', 'bands']
 * ```
 */
export const meanReversion = defineStrategy({
  id: 'mean-reversion',
  params: meanReversionParams,
  indicators: (p) => ({ rsi: rsi(p.rsi), bands: bollinger({ period: p.period, deviations: p.deviations }) }),
  components: {
    rsi: ({ reading }) => `RSI ${reading.toFixed(1)}`,
    bands: ({ reading }) => `price at ${(100 * reading).toFixed(0)} % of the way from the lower to the upper band`,
  },
  evaluate({ readings }, p, signal) {
    const strength = readings.rsi.value
    const extreme = strength <= p.oversold || strength >= p.overbought
    signal.add('rsi', extreme ? rsiScore(strength, p.oversold, p.overbought) : 0, 1, strength)
    const { percentB } = readings.bands.value
    signal.add('bands', bandScore(percentB), 1, percentB)
  },
})
