import { chain, field, sma } from '@millrace/indicators'
import { z } from 'zod'
import { defineStrategy } from './define-strategy.ts'
import { priorChannel } from './prior-channel.ts'

/** Parameters of {@link breakout}. */
export const breakoutParams = z.strictObject({
  /** Candles whose highest high an entry must exceed. */
  entry: z.int().min(1).max(1_000).default(20),
  /** Candles whose lowest low ends the ride. */
  exit: z.int().min(1).max(1_000).default(10),
  /** Candles of the mean volume, the one at hand included. */
  volume: z.int().min(1).max(1_000).default(20),
  /** Least volume of an entry's candle, as a multiple of the mean. */
  surge: z.number().gt(0).max(100).default(1.5),
})

/** Returns 0 under the surge, 0.5 at it and 1 at twice of it. */
export const surgeScore = (ratio: number, surge: number): number => (ratio >= surge ? 0.5 + Math.min(0.5, (0.5 * (ratio - surge)) / surge) : 0)

/**
 * Buys when the price closes above the channel of the candles before, on more volume than usual; sells when it closes below a shorter one, on any volume. It speaks on
 * the candle of the breakout: leave it little to confirm.
 *
 * Formula: close > highest(high, entry): 0.5 + min(0.5, 0.5 (v - surge) / surge) when v = volume / SMA(volume) >= surge, else 0; close < lowest(low, exit): -1; else 0
 * Source: channel rule of Donchian, with the shorter exit of the Turtle rules as in Faith, Way of the Turtle (2007)
 *
 * @param params - each has a default; `docs/concepts/strategies.md` says what they do
 * @throws z.ZodError when the parameters do not fit
 * @example
 * ```ts
 * breakout({ entry: 55, exit: 20 }).params // => { entry: 55, exit: 20, volume: 20, surge: 1.5 }
 * ```
 */
export const breakout = defineStrategy({
  id: 'breakout',
  params: breakoutParams,
  indicators: (p) => ({ entry: priorChannel(p.entry), exit: priorChannel(p.exit), volume: chain(field('volume'), sma(p.volume)) }),
  components: {
    channel: ({ reading }) => (reading === 0 ? 'inside the channel' : `${Math.abs(reading).toFixed(3)} % ${reading < 0 ? 'below' : 'above'} the channel`),
    volume: ({ reading }) => `volume ${reading.toFixed(2)} times its mean`,
  },
  evaluate({ readings, candle }, p, signal) {
    const { upper } = readings.entry.value
    const { lower } = readings.exit.value
    const mean = readings.volume.value
    const ratio = mean > 0 ? candle.volume / mean : 0
    const above = candle.close > upper
    const below = candle.close < lower
    const score = above ? surgeScore(ratio, p.surge) : below ? -1 : 0
    signal.add('channel', score, 1, above ? 100 * (candle.close / upper - 1) : below ? 100 * (candle.close / lower - 1) : 0)
    // A breakout is one thought with two readings; a fall needs no volume to count.
    if (!below) signal.add('volume', score, 1, ratio)
  },
})
