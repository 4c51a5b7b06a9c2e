/** Strength bucket of a score: codes inside, names in records. 0 frozen, 1 cool, 2 warm, 3 hot. */
export type Temperature = 0 | 1 | 2 | 3
/** The four strengths of a signal by name. */
export type TemperatureName = 'frozen' | 'cool' | 'warm' | 'hot'

/** Names of the temperatures by their code, 0 to 3. */
export const temperatureNames: readonly TemperatureName[] = ['frozen', 'cool', 'warm', 'hot']

/** Smallest |score| of each bucket above frozen, each in 0..1, rising. */
export interface TemperatureThresholds {
  readonly cool: number
  readonly warm: number
  readonly hot: number
}

/** |score| from which a signal is cool, warm and hot, unless a configuration says otherwise. */
export const defaultTemperatureThresholds: TemperatureThresholds = { cool: 0.05, warm: 0.15, hot: 0.3 }

/**
 * Returns the strength bucket of a score: a pure function of |score|.
 *
 * @param score - -1..+1; NaN is frozen
 * @example
 * ```ts
 * temperatureNames[temperatureOf(-0.2)] // => 'warm'
 * ```
 */
export function temperatureOf(score: number, thresholds: TemperatureThresholds = defaultTemperatureThresholds): Temperature {
  const strength = Math.abs(score)
  if (strength >= thresholds.hot) return 3
  if (strength >= thresholds.warm) return 2
  return strength >= thresholds.cool ? 1 : 0
}
