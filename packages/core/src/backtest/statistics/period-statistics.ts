import { exp, log } from '../../model/transcendental.ts'
import { DAY_MS } from '../../model/time.ts'
import { sampleDeviation } from './trade-statistics.ts'

/** Days of a year: crypto markets do not close. */
export const DAYS_PER_YEAR = 365
/** For growth over calendar time. */
const YEAR_MS = 365.25 * DAY_MS
/** A growth over less than this is not turned into one per year. */
const SHORTEST_FOR_CAGR_MS = 30 * DAY_MS

/** Statistics per period: every UTC day counts once, whether anything was traded or not. Undefined where there is too little to say. */
export interface PeriodStatistics {
  /** Daily returns: equity at the end of a UTC day / at the end of the day before, less 1. The first and the last day may be parts of days. */
  readonly days: number
  readonly meanPercent: number | undefined
  /** Standard deviation (n - 1) of the daily returns times sqrt(365), in per cent. */
  readonly volatilityPercent: number | undefined
  /** Mean / standard deviation (n - 1) of the daily returns, times sqrt(365); the return without risk is taken as 0. */
  readonly sharpe: number | undefined
  /** Mean / downside deviation times sqrt(365); the downside deviation is the root of the mean square of min(return, 0) over all days. */
  readonly sortino: number | undefined
  readonly bestDayPercent: number | undefined
  readonly worstDayPercent: number | undefined
  /** Days with a return above 0, as a share of all. */
  readonly positiveDays: number | undefined
  /** Third standardised moment of the daily returns, with n: below 0 where the long tail is that of the losses. Undefined without a spread. */
  readonly skewness: number | undefined
  /** Fourth standardised moment with n; 3 for a normal distribution. Undefined without a spread. */
  readonly kurtosis: number | undefined
}

/**
 * Returns the statistics of daily returns.
 *
 * @param values - equity at the start and at the end of each day
 * @param periodsPerYear - 365 when left out; 252 for a market that closes at weekends
 * @example
 * ```ts
 * periodStatistics([100, 110, 99]).worstDayPercent?.toFixed(6) // => '-10.000000'
 * ```
 */
export function periodStatistics(values: readonly number[], periodsPerYear: number = DAYS_PER_YEAR): PeriodStatistics {
  const returns: number[] = []
  for (let i = 1; i < values.length; i++) if (values[i - 1]! > 0) returns.push(values[i]! / values[i - 1]! - 1)
  const n = returns.length
  const mean = n === 0 ? undefined : returns.reduce((sum, value) => sum + value, 0) / n
  const deviation = sampleDeviation(returns)
  const downside = n < 2 ? undefined : Math.sqrt(returns.reduce((sum, value) => sum + (value < 0 ? value * value : 0), 0) / n)
  const year = Math.sqrt(periodsPerYear)
  const ratio = (spread: number | undefined): number | undefined => (spread !== undefined && spread > 0 ? (mean! / spread) * year : undefined)
  return {
    days: n,
    meanPercent: mean === undefined ? undefined : 100 * mean,
    volatilityPercent: deviation === undefined ? undefined : 100 * deviation * year,
    sharpe: ratio(deviation),
    sortino: ratio(downside),
    bestDayPercent: n === 0 ? undefined : 100 * Math.max(...returns),
    worstDayPercent: n === 0 ? undefined : 100 * Math.min(...returns),
    positiveDays: n === 0 ? undefined : returns.filter((value) => value > 0).length / n,
    skewness: standardisedMoment(returns, 3),
    kurtosis: standardisedMoment(returns, 4),
  }
}

/** Mean of ((value - mean) / deviation)^order, the deviation with n; undefined where nothing differs. */
function standardisedMoment(values: readonly number[], order: 3 | 4): number | undefined {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  let squares = 0
  let powers = 0
  for (const value of values) {
    const distance = value - mean
    const square = distance * distance
    squares += square
    powers += order === 3 ? square * distance : square * square
  }
  const variance = squares / n
  const unit = order === 3 ? variance * Math.sqrt(variance) : variance * variance
  return n >= 2 && unit > 0 ? powers / n / unit : undefined
}

/**
 * Returns the growth per year of 365.25 days that leads from one value to another, in per cent; undefined below 30 days, where it would be a guess.
 *
 * @example
 * ```ts
 * cagrPercent(100, 121, 2 * 365.25 * 86400000)?.toFixed(6) // => '10.000000'
 * ```
 */
export function cagrPercent(from: number, to: number, elapsedMs: number): number | undefined {
  if (!(from > 0) || !(to >= 0) || elapsedMs < SHORTEST_FOR_CAGR_MS) return undefined
  return to === 0 ? -100 : 100 * (exp((log(to / from) * YEAR_MS) / elapsedMs) - 1)
}
