import { exp, log } from '../model/transcendental.ts'

/** 1 / sqrt(2 pi). */
const DENSITY = 0.3989422804014327

/**
 * Returns the probability that a standard normal number is at most `x`, exact to some 15 digits: Marsaglia's series around 0 ("Evaluating the Normal Distribution",
 * 2004) within 5.5, a continued fraction beyond, where the tail has only a few terms.
 *
 * @example
 * ```ts
 * normalProbability(1.959963984540054).toFixed(9) // => '0.975000000'
 * ```
 */
export function normalProbability(x: number): number {
  if (Number.isNaN(x)) return x
  const size = Math.abs(x)
  if (size > 39) return x > 0 ? 1 : 0
  const density = DENSITY * exp(-0.5 * x * x)
  if (size > 5.5) {
    let fraction = 0
    for (let k = 60; k >= 1; k--) fraction = k / (size + fraction)
    const tail = density / (size + fraction)
    return x > 0 ? 1 - tail : tail
  }
  let term = size
  let sum = size
  for (let n = 3; term > sum * 1e-17; n += 2) {
    term *= (size * size) / n
    sum += term
  }
  return x > 0 ? 0.5 + density * sum : 0.5 - density * sum
}

/** Far more than are needed: three suffice from three digits. */
const MOST_STEPS = 60

/**
 * Returns the standard normal number that a probability belongs to: the inverse of {@link normalProbability}. -Infinity for 0, Infinity for 1, NaN outside.
 *
 * @example
 * ```ts
 * normalQuantile(0.975).toFixed(9) // => '1.959963985'
 * ```
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return Number.NaN
  if (probability === 0) return -Infinity
  if (probability === 1) return Infinity
  if (probability === 0.5) return 0
  // In the lower half a small probability keeps all its digits.
  if (probability > 0.5) return -normalQuantile(1 - probability)
  // Abramowitz and Stegun 26.2.23: three digits to start from.
  const t = Math.sqrt(-2 * log(probability))
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
  for (let i = 0; i < MOST_STEPS; i++) {
    const u = (normalProbability(x) - probability) / (DENSITY * exp(-0.5 * x * x))
    // Halley's step: the second derivative is -x times the first.
    const step = u / (1 + 0.5 * x * u)
    x -= step
    if (Math.abs(step) <= 1e-14 * Math.max(1, Math.abs(x))) break
  }
  return x
}
