import { exp } from '../../model/transcendental.ts'
import { boundedCache } from '../../model/bounded-cache.ts'
import { MINUTES_PER_DAY, STEPS_PER_DAY, STEPS_PER_MINUTE, simulatedMarketParameters as parameters } from './parameters.ts'
import { randomStream } from './random.ts'
import type { RandomStream } from './random.ts'

/** One day of a log price that wanders around 0, and how wild each minute was (1 = as usual). */
export interface ProcessDay {
  /** Log price at the end of each five-second step. */
  readonly level: Float64Array
  /** Volatility of each minute relative to the process's own mean. */
  readonly activity: Float64Array
}

export interface ProcessParameters {
  readonly name: string
  readonly dailyVolatility: number
  readonly jumpsPerDay: number
  readonly jumpSize: number
}

export interface Jump {
  readonly step: number
  readonly size: number
}

/** Days, numbered from 1970-01-01, each computed from seed, name and number alone: any day costs the same, whatever came before. */
export type PriceProcess = (day: number) => ProcessDay

/** Returns the volatility at the beginning of each day, relative to the usual, with mean square 1: common to all processes of a seed. */
export function volatilityRegime(seed: number): (day: number) => number {
  const { persistence, deviation, days } = parameters.regime
  const shock = boundedCache(1_000, (day: number) => randomStream(seed, 'regime', day).normal())
  return boundedCache(1_000, (day: number) => {
    let state = 0
    for (let back = days; back >= 0; back--) state = persistence * state + shock(day - back)
    return exp(deviation * Math.sqrt(1 - persistence * persistence) * state - deviation * deviation)
  })
}

/** Returns the process of one coin's own moves, or of the common factor. */
export function priceProcess(seed: number, process: ProcessParameters, regime: (day: number) => number): PriceProcess {
  const jumps = boundedCache(1_000, (day: number) => dayJumps(randomStream(seed, `${process.name}/jumps`, day), process))
  const dayDeviation = (day: number): number => process.dailyVolatility * Math.sqrt(meanSquare(regime(day), regime(day + 1)))
  const dayChange = boundedCache(1_000, (day: number) => {
    let change = dayDeviation(day) * randomStream(seed, `${process.name}/day`, day).normal()
    for (const jump of jumps(day)) change += jump.size
    return change
  })
  /** Level at 00:00: the changes of the days before, faded. A sum over a fixed window, so that it needs no first day. */
  const level = (day: number): number => {
    let sum = 0
    for (let back = parameters.level.days; back >= 1; back--) sum = parameters.level.persistence * sum + dayChange(day - back)
    return sum
  }
  return (day) =>
    bridge(randomStream(seed, `${process.name}/path`, day), [level(day), level(day + 1)], [regime(day), regime(day + 1)], dayDeviation(day), jumps(day))
}

/** Mean of the square of a line between two values. */
const meanSquare = (a: number, b: number): number => (a * a + a * b + b * b) / 3

/** The jumps of a day, of every coin for itself. */
export function dayJumps(random: RandomStream, { jumpsPerDay, jumpSize }: ProcessParameters): readonly Jump[] {
  const jumps: Jump[] = []
  if (jumpsPerDay === 0) return jumps
  // Poisson by inversion: the number of factors it takes to fall below e^-rate (Knuth).
  const floor = exp(-jumpsPerDay)
  for (let product = random.uniform(); product > floor; product *= random.uniform()) {
    jumps.push({ step: Math.floor(random.uniform() * STEPS_PER_DAY), size: jumpSize * random.normal() })
  }
  return jumps
}

/**
 * A Brownian bridge between two levels: returns scaled by regime and GARCH, then shifted in proportion to their variance so that their sum is
 * the day's change. As that change has the variance of the sum, the shifted returns are as independent as the raw ones.
 */
function bridge(
  random: RandomStream,
  levels: readonly [number, number],
  regimes: readonly [number, number],
  dayDeviation: number,
  jumps: readonly Jump[],
): ProcessDay {
  const level = new Float64Array(STEPS_PER_DAY)
  const activity = new Float64Array(MINUTES_PER_DAY)
  const [sum, squares] = rawReturns(random, regimes, level, activity)
  const scale = dayDeviation / Math.sqrt(squares)
  let drift = levels[1] - levels[0] - scale * sum
  for (const jump of jumps) drift -= jump.size
  let price = levels[0]
  for (let step = 0; step < STEPS_PER_DAY; step++) {
    const wild = activity[(step / STEPS_PER_MINUTE) | 0]!
    price += scale * level[step]! + (drift * wild * wild) / squares
    level[step] = price
  }
  for (const jump of jumps) {
    for (let step = jump.step; step < STEPS_PER_DAY; step++) level[step]! += jump.size
  }
  return { level, activity }
}

/** Fills in returns in units of the usual step and each minute's volatility; gives the sum of the returns and of their variances. */
function rawReturns(
  random: RandomStream,
  [first, last]: readonly [number, number],
  returns: Float64Array,
  activity: Float64Array,
): readonly [sum: number, squares: number] {
  const { alpha, beta } = parameters.garch
  let variance = 1
  let sum = 0
  let squares = 0
  for (let minute = 0; minute < MINUTES_PER_DAY; minute++) {
    const wild = (first + ((last - first) * (minute + 0.5)) / MINUTES_PER_DAY) * Math.sqrt(variance)
    let moved = 0
    for (let step = minute * STEPS_PER_MINUTE; step < (minute + 1) * STEPS_PER_MINUTE; step++) {
      const normal = random.normal()
      moved += normal
      returns[step] = wild * normal
    }
    activity[minute] = wild
    sum += wild * moved
    squares += STEPS_PER_MINUTE * wild * wild
    variance = 1 - alpha - beta + variance * ((alpha * moved * moved) / STEPS_PER_MINUTE + beta)
  }
  return [sum, squares]
}
