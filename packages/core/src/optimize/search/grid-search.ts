import { ConfigError } from '../../model/errors.ts'
import type { SearchPlan } from './search.ts'

/** A grid larger than this is no grid any more. */
const MOST_POINTS = 1_000_000

/**
 * Tries every combination.
 *
 * @example
 * ```ts
 * const search = gridSearch().create(parameterSpace([parameterRange('period', 10, 30, 10)]), 0)
 * search.ask() // => [0, 1, 2]
 * search.ask() // => []
 * ```
 */
export const gridSearch = (): SearchPlan => ({
  id: 'grid',
  create({ size }) {
    if (size > MOST_POINTS)
      throw new ConfigError([
        {
          path: 'parameters',
          expected: `at most ${MOST_POINTS} combinations for a grid; larger steps, or a random or sequential search`,
          received: String(size),
        },
      ])
    let asked = false
    return {
      total: size,
      ask() {
        if (asked) return []
        asked = true
        return Array.from({ length: size }, (_, i) => i)
      },
      tell: () => undefined,
    }
  },
})
