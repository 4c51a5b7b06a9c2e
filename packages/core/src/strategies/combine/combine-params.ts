import { z } from 'zod'

/** How {@link combine} makes one opinion of several. */
const combineModes = ['weights', 'vote', 'first'] as const

export type CombineMode = (typeof combineModes)[number]

/** Everything about a combination but what it is made of. */
export const combineShape = {
  /** `weights`: the weighted mean of the scores. `vote`: the weighted mean of their signs. `first`: the first that says anything, in order. */
  mode: z.enum(combineModes),
  /** One for each strategy, above 0; all 1 when left out. Not with `first`. */
  weights: z.array(z.number().gt(0).lte(1_000)).min(1).max(20).optional(),
  /** Smallest |score| that counts: under it a strategy says nothing. 0: everything but 0 counts. */
  atLeast: z.number().min(0).max(1).default(0),
}

interface Combination {
  readonly mode: CombineMode
  readonly weights?: readonly number[] | undefined
  readonly of: readonly unknown[]
}

/** What no single member can tell: a weight for each strategy, and none where they have no meaning. */
export function checkWeights({ mode, weights, of }: Combination): string | undefined {
  if (weights === undefined) return undefined
  if (mode === 'first') return 'no weights: with "first" the order decides'
  return weights.length === of.length ? undefined : `${of.length} weights, one for each strategy`
}
