import { tanh } from '../../model/transcendental.ts'
import type { MaCrossValue } from './ma-cross.ts'
import type { MacdMomentumValue } from './macd-momentum.ts'

/**
 * The formulas of the system this library re-creates, in its own direction: **negative = buy**. They are here to be compared with its published
 * vectors; `weighted-signals` turns the sign once, where it adds them.
 */

/** RSI 0 → -1, `oversold` → -0.5, `overbought` → +0.5, 100 → +1. Flat prices (no gain, no loss) scored 0: the indicator is told to answer the middle then. */
export function originalRsiScore(rsi: number, oversold: number, overbought: number): number {
  if (rsi <= oversold) return -0.5 - (0.5 * (oversold - rsi)) / oversold
  if (rsi >= overbought) return 0.5 + (0.5 * (rsi - overbought)) / (100 - overbought)
  return (rsi - oversold) / (overbought - oversold) - 0.5
}

/** Crossing up -0.8, crossing down +0.8, otherwise -tanh(0.1 * separation %). */
export function originalMovingAverageScore(v: MaCrossValue, separation: number): number {
  if (v.fast > v.slow && v.previousFast <= v.previousSlow) return -0.8
  if (v.fast < v.slow && v.previousFast >= v.previousSlow) return 0.8
  return -tanh(0.1 * separation)
}

/** In price units, so that it depends on the price level: the momentum term is a sign at 90,000 and nothing at 0.0007. */
export function originalMacdScore(v: MacdMomentumValue): number {
  const line = v.macd > v.signal ? -0.4 : 0.4
  const zero = v.macd > 0 ? -0.3 : 0.3
  return Math.max(-1, Math.min(1, line + zero - 0.3 * tanh(1000 * (v.histogram - v.previousHistogram))))
}
