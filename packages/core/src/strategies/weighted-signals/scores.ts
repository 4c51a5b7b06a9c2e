import { tanh } from '../../model/transcendental.ts'
import type { MaCrossValue } from './ma-cross.ts'
import type { MacdMomentumValue } from './macd-momentum.ts'

/** Score of a crossing, on its own bar only. */
const CROSS_SCORE = 0.8

/** The `standard` set: every score in -1..+1, positive = buy. */

/**
 * Returns +1 at RSI 0, +0.5 at `oversold`, -0.5 at `overbought`, -1 at 100, in straight lines between.
 *
 * @example
 * ```ts
 * rsiScore(15, 30, 70) // => 0.75
 * ```
 */
export function rsiScore(rsi: number, oversold: number, overbought: number): number {
  if (rsi <= oversold) return 0.5 + (0.5 * (oversold - rsi)) / oversold
  if (rsi >= overbought) return -0.5 - (0.5 * (rsi - overbought)) / (100 - overbought)
  return 0.5 - (rsi - oversold) / (overbought - oversold)
}

/** Returns how far the fast average lies above the slow one, in percent of the slow one. */
export const separationPercent = (v: MaCrossValue): number => (100 * (v.fast - v.slow)) / v.slow

/**
 * Returns +0.8 on the bar on which the fast average comes to lie above the slow one, -0.8 on the bar on which it comes to lie below, and otherwise
 * tanh(0.1 * separation in percent).
 *
 * @param separation - {@link separationPercent} of the same values
 * @example
 * ```ts
 * movingAverageScore({ previousFast: 9, previousSlow: 10, fast: 11, slow: 10 }, 10) // => 0.8
 * ```
 */
export function movingAverageScore(v: MaCrossValue, separation: number): number {
  if (v.fast > v.slow && v.previousFast <= v.previousSlow) return CROSS_SCORE
  if (v.fast < v.slow && v.previousFast >= v.previousSlow) return -CROSS_SCORE
  return tanh(0.1 * separation)
}

/**
 * Returns 0.4 * sign(macd - signal) + 0.3 * sign(macd) + 0.3 * tanh(1000 * change of the histogram / close), kept in -1..+1. Relative to the
 * price, so that equal relative moves score equally at 90,000 and at 0.0007.
 *
 * @example
 * ```ts
 * macdScore({ macd: 1, signal: 2, histogram: -1, previousHistogram: -1 }, 100).toFixed(1) // => '-0.1'
 * ```
 */
export function macdScore(v: MacdMomentumValue, close: number): number {
  const momentum = tanh((1000 * (v.histogram - v.previousHistogram)) / close)
  const score = 0.4 * Math.sign(v.macd - v.signal) + 0.3 * Math.sign(v.macd) + 0.3 * momentum
  return score > 1 ? 1 : score < -1 ? -1 : score
}
