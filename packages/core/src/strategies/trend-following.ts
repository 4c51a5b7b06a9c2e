import { atr, ema } from '@millrace/indicators'
import { z } from 'zod'
import { tanh } from '../model/transcendental.ts'
import { defineStrategy } from './define-strategy.ts'

/** A true range under one basis point of the price counts as one: in a market that stands still, the smallest drift would be a trend. */
const LEAST_RANGE = 1e-4

/** Parameters of {@link trendFollowing}. */
export const trendFollowingParams = z
  .strictObject({
    /** Candles of the fast average. */
    fast: z.int().min(2).max(500).default(20),
    /** Candles of the slow average. */
    slow: z.int().min(3).max(1_000).default(50),
    /** Candles of the average true range. */
    atr: z.int().min(2).max(500).default(14),
    /** Smallest distance of the averages that counts, in average true ranges. */
    filter: z.number().min(0).max(10).default(0.5),
  })
  .refine((p) => p.fast < p.slow, { path: ['slow'], error: 'a period above fast' })

/**
 * Follows a trend once it stands out of the noise: two exponential averages, their distance measured in average true ranges.
 *
 * Formula: gap = (EMA(fast) - EMA(slow)) / max(ATR, close / 10000); score = 0 while |gap| < filter, else tanh(gap)
 * Source: moving-average crossover as in Murphy, Technical Analysis of the Financial Markets (1999), chapter 9; ATR as in Wilder (1978)
 *
 * @param params - each has a default; `docs/concepts/strategies.md` says what they do
 * @throws z.ZodError when the parameters do not fit
 * @example
 * ```ts
 * trendFollowing({ fast: 10, slow: 30 }).params // => { fast: 10, slow: 30, atr: 14, filter: 0.5 }
 * ```
 */
export const trendFollowing = defineStrategy({
  id: 'trend-following',
  params: trendFollowingParams,
  indicators: (p) => ({ fast: ema(p.fast), slow: ema(p.slow), atr: atr(p.atr) }),
  components: { trend: ({ reading }) => `fast average ${Math.abs(reading).toFixed(2)} true ranges ${reading < 0 ? 'below' : 'above'} the slow one` },
  evaluate({ readings, candle }, p, signal) {
    const gap = (readings.fast.value - readings.slow.value) / Math.max(readings.atr.value, candle.close * LEAST_RANGE)
    signal.add('trend', Math.abs(gap) < p.filter ? 0 : tanh(gap), 1, gap)
  },
})
