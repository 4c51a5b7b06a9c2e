import { exp } from '../../model/transcendental.ts'
import { randomStream } from '../../simulation/simulated-market/random.ts'
import type { RandomStream } from '../../simulation/simulated-market/random.ts'
import { pointDigits, pointOf } from '../parameter-space.ts'
import type { ParameterSpace } from '../parameter-space.ts'
import { draw } from './random-search.ts'
import type { DrawOptions } from './random-search.ts'
import type { ScoredPoint, Search, SearchPlan } from './search.ts'

/** Points asked for at a time: fixed, so that the number of workers cannot change what is tried. */
const BATCH = 8
/** Part of the trials that counts as good. */
const GOOD_SHARE = 0.25
/** Points drawn from the good part for each that is tried. */
const CANDIDATES = 24
/** Weight of "anything is possible" among the trials seen, in trials. */
const PRIOR = 1

/**
 * Tries what the trials so far make likely to be good: the tree-structured Parzen estimator of Bergstra, Bardenet, Bengio and Kégl, "Algorithms for Hyper-Parameter
 * Optimization" (2011), for parameters with listed values. The best quarter of the trials and the rest each give a density for every parameter; of points drawn from
 * the good density, the one with the largest ratio good / rest is tried. The first trials, a fifth of all or one batch, are random.
 *
 * @example
 * ```ts
 * const space = parameterSpace([parameterRange('period', 1, 200, 1)])
 * const search = sequentialSearch({ trials: 60, seed: 7 }).create(space, 0)
 * for (let points = search.ask(); points.length > 0; points = search.ask())
 *   search.tell(points.map((point) => ({ point, score: -Math.abs(point - 120) })))
 * search.total // => 60
 * ```
 */
export const sequentialSearch = ({ trials, seed }: DrawOptions): SearchPlan => ({
  id: `sequential ${trials} trials seed ${seed}`,
  create: (space, round) => new ParzenSearch(space, Math.min(trials, space.size), randomStream(seed, 'sequential search', round)),
})

interface Tried extends ScoredPoint {
  readonly digits: readonly number[]
}

class ParzenSearch implements Search {
  readonly total: number
  private readonly space: ParameterSpace
  private readonly random: RandomStream
  private readonly asked = new Set<number>()
  private tried: Tried[] = []

  constructor(space: ParameterSpace, total: number, random: RandomStream) {
    this.space = space
    this.total = total
    this.random = random
  }

  ask(): readonly number[] {
    const count = Math.min(BATCH, this.total - this.asked.size)
    const first = Math.max(BATCH, Math.floor(this.total / 5))
    const points: number[] = []
    const densities = this.asked.size < first ? undefined : this.densities()
    for (let i = 0; i < count; i++) {
      const point = this.unasked(densities === undefined ? this.anywhere() : this.promising(densities))
      this.asked.add(point)
      points.push(point)
    }
    return points
  }

  tell(scored: readonly ScoredPoint[]): void {
    // What has no score is worse than anything that has one. Equal scores stay in the order of their points.
    this.tried = [...this.tried, ...scored.map((one) => ({ ...one, digits: pointDigits(this.space, one.point) }))].sort(
      (a, b) => rank(b) - rank(a) || a.point - b.point,
    )
  }

  private anywhere(): number {
    return draw(this.random, this.space.size)
  }

  /** Walks on from a point that was asked already. */
  private unasked(point: number): number {
    let free = point
    while (this.asked.has(free)) free = (free + 1) % this.space.size
    return free
  }

  private promising({ good, rest }: Densities): number {
    let best = { point: 0, ratio: -1 }
    for (let i = 0; i < CANDIDATES; i++) {
      const digits = good.map((density) => drawFrom(density, this.random))
      const ratio = digits.reduce((product, digit, k) => (product * good[k]![digit]!) / rest[k]![digit]!, 1)
      const point = pointOf(this.space, digits)
      if (ratio > best.ratio && !this.asked.has(point)) best = { point, ratio }
    }
    return best.ratio < 0 ? this.anywhere() : best.point
  }

  private densities(): Densities {
    const count = Math.max(2, Math.ceil(this.tried.length * GOOD_SHARE))
    const of = (tried: readonly Tried[]): readonly Float64Array[] => this.space.parameters.map((parameter, k) => densityOf(parameter.values, tried, k))
    return { good: of(this.tried.slice(0, count)), rest: of(this.tried.slice(count)) }
  }
}

interface Densities {
  readonly good: readonly Float64Array[]
  readonly rest: readonly Float64Array[]
}

const rank = ({ score }: ScoredPoint): number => score ?? -Number.MAX_VALUE

/** A density over the values of one parameter: numbers spread to their neighbours, words and switches do not. */
function densityOf(values: readonly unknown[], tried: readonly Tried[], parameter: number): Float64Array {
  const { length } = values
  const density = new Float64Array(length).fill(PRIOR / length)
  const spreads = values.every((value) => typeof value === 'number')
  // As wide as the gap between that many points, at least one step.
  const width = spreads ? Math.max(1, length / (2 + tried.length)) : 0
  for (const { digits } of tried) {
    const centre = digits[parameter]!
    if (width === 0) {
      density[centre]! += 1
      continue
    }
    let sum = 0
    const kernel = Array.from(density, (_, i) => {
      const distance = (i - centre) / width
      const weight = exp(-0.5 * distance * distance)
      sum += weight
      return weight
    })
    kernel.forEach((weight, i) => (density[i]! += weight / sum))
  }
  const total = density.reduce((sum, value) => sum + value, 0)
  return density.map((value) => value / total)
}

function drawFrom(density: Float64Array, random: RandomStream): number {
  let left = random.uniform()
  for (let i = 0; i < density.length - 1; i++) {
    left -= density[i]!
    if (left < 0) return i
  }
  return density.length - 1
}
