import { weightedSignalsParams } from './params.ts'
import type { WeightedSignalsParams } from './params.ts'

/** A named choice of numbers for `weighted-signals`, as plain data: print it to see every one of them. */
export interface Preset {
  /** Smallest |score| that decides a direction. */
  readonly actionThreshold: number
  readonly params: WeightedSignalsParams
}

type Weights = readonly [rsi: number, movingAverage: number, macd: number]
type Levels = readonly [oversold: number, overbought: number]
type Periods = readonly [fast: number, slow: number]

const preset = (actionThreshold: number, [rsi, movingAverage, macd]: Weights, [oversold, overbought]: Levels, [fast, slow]: Periods): Preset => ({
  actionThreshold,
  params: weightedSignalsParams.parse({
    rsi: { weight: rsi, period: 14, oversold, overbought },
    movingAverage: { weight: movingAverage, fast, slow },
    macd: { weight: macd, fast: 12, slow: 26, signal: 9 },
  }),
})

/**
 * The presets: none of them is a promise of profit.
 *
 * `aggressiveBalanced` and `aggressiveBalancedB` are the two halves of the preset that the bundled eleven bots use: the same threshold on the weights and levels of
 * configuration A (BTC, ETH, SOL, XRP, DOGE) and B (the smaller coins).
 *
 * @example
 * ```ts
 * presets.conservative.actionThreshold // => 0.3
 * presets.aggressive.params.movingAverage.slow // => 21
 * ```
 */
export const presets = {
  conservative: preset(0.3, [0.4, 0.4, 0.2], [35, 65], [12, 26]),
  balanced: preset(0.15, [0.4, 0.35, 0.25], [30, 70], [12, 26]),
  aggressive: preset(0.1, [0.3, 0.5, 0.2], [40, 60], [9, 21]),
  adaptive: preset(0.15, [0.35, 0.35, 0.3], [30, 70], [20, 50]),
  aggressiveBalanced: preset(0.1, [0.4, 0.35, 0.25], [30, 70], [12, 26]),
  aggressiveBalancedB: preset(0.1, [0.4, 0.4, 0.2], [35, 65], [12, 26]),
} as const satisfies Record<string, Preset>

/** `conservative`, `balanced`, `aggressive`, `adaptive`, `aggressiveBalanced` or `aggressiveBalancedB`. */
export type PresetName = keyof typeof presets
