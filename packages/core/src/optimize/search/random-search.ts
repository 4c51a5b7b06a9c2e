import { randomStream } from '../../simulation/simulated-market/random.ts'
import type { RandomStream } from '../../simulation/simulated-market/random.ts'
import type { SearchPlan } from './search.ts'

/** How many trials a search makes, and the seed of its random numbers. */
export interface DrawOptions {
  /** At most; fewer when there are fewer combinations. */
  readonly trials: number
  readonly seed: number
}

/**
 * Tries combinations drawn at random, none twice: all are equally likely.
 *
 * @example
 * ```ts
 * const space = parameterSpace([parameterRange('period', 1, 1000, 1)])
 * const points = randomSearch({ trials: 50, seed: 7 }).create(space, 0).ask()
 * new Set(points).size // => 50
 * ```
 */
export const randomSearch = ({ trials, seed }: DrawOptions): SearchPlan => ({
  id: `random ${trials} trials seed ${seed}`,
  create({ size }, round) {
    const random = randomStream(seed, 'random search', round)
    const total = Math.min(trials, size)
    let asked = false
    return {
      total,
      ask() {
        if (asked) return []
        asked = true
        return distinct(random, size, total)
      },
      tell: () => undefined,
    }
  },
})

/** A whole number from 0 to `size` - 1, from 53 random bits. */
export const draw = (random: RandomStream, size: number): number =>
  Math.min(size - 1, Math.floor(((random.bits() >>> 5) * 67_108_864 + (random.bits() >>> 6)) * 1.1102230246251565e-16 * size))

/** Distinct numbers below `size` by R. Floyd's algorithm: as many draws as numbers, also when nearly all are taken. */
function distinct(random: RandomStream, size: number, count: number): readonly number[] {
  const taken = new Set<number>()
  for (let top = size - count; top < size; top++) {
    const drawn = draw(random, top + 1)
    taken.add(taken.has(drawn) ? top : drawn)
  }
  return [...taken]
}
