import { exp } from '../model/transcendental.ts'
import { normalProbability, normalQuantile } from './normal-distribution.ts'

/** What the deflated Sharpe ratio is made of. Ratios are per period (not annualised), the periods those of the returns. */
export interface DeflatedSharpeInput {
  /** Sharpe ratio of the one that was chosen. */
  readonly sharpe: number
  /** How many returns it was measured on. */
  readonly periods: number
  /** Third standardised moment of these returns; 0 for a normal distribution. */
  readonly skewness: number
  /** Fourth standardised moment; 3 for a normal distribution. */
  readonly kurtosis: number
  /** How many were tried. */
  readonly trials: number
  /** Variance of their Sharpe ratios. */
  readonly variance: number
}

/** How much of a Sharpe ratio is left when it is the best of many. */
export interface DeflatedSharpe {
  /** What the best of so many trials without any skill is expected to show, per period. */
  readonly expectedBest: number
  /** Probability that the true ratio of the one chosen is above that, 0 to 1; 0.95 is what is usually asked for. */
  readonly probability: number
}

/** The Euler-Mascheroni constant. */
const EULER = 0.5772156649015329

/**
 * Returns the deflated Sharpe ratio of D. H. Bailey and M. López de Prado ("The Deflated Sharpe Ratio: Correcting for Selection Bias, Backtest Overfitting and
 * Non-Normality", Journal of Portfolio Management 40(5), 2014). With N trials whose ratios have variance V, T returns with skewness g3 and kurtosis g4, and g the
 * Euler-Mascheroni constant:
 *
 * SR0 = sqrt(V) ((1 - g) Z(1 - 1/N) + g Z(1 - 1/(N e))), DSR = F((SR - SR0) sqrt(T - 1) / sqrt(1 - g3 SR + (g4 - 1)/4 SR^2))
 *
 * where F is the standard normal distribution and Z its inverse. The paper takes N as independent trials; neighbours on a grid are not, so that counting all of them
 * is the strict side. Undefined below two periods, or where the variance of the estimate is not above 0.
 *
 * @example
 * ```ts
 * // The example of the paper: 100 trials, five years of 250 days, an annual Sharpe of 2.5.
 * const found = deflatedSharpe({ sharpe: 2.5 / Math.sqrt(250), periods: 1250, skewness: -3, kurtosis: 10, trials: 100, variance: 1 / 2 / 250 })
 * found?.expectedBest.toFixed(4) // => '0.1132'
 * found?.probability.toFixed(4) // => '0.9004'
 * ```
 */
export function deflatedSharpe({ sharpe, periods, skewness, kurtosis, trials, variance }: DeflatedSharpeInput): DeflatedSharpe | undefined {
  const spread = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe
  if (!(periods >= 2 && trials >= 1 && variance >= 0 && spread > 0)) return undefined
  // One trial was not chosen among others.
  const expectedBest =
    trials === 1 ? 0 : Math.sqrt(variance) * ((1 - EULER) * normalQuantile(1 - 1 / trials) + EULER * normalQuantile(1 - 1 / (trials * exp(1))))
  return { expectedBest, probability: normalProbability(((sharpe - expectedBest) * Math.sqrt(periods - 1)) / Math.sqrt(spread)) }
}
