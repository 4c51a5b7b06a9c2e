import type { ParameterSpace } from '../parameter-space.ts'

/** A trial that is done, as a search sees it. */
export interface ScoredPoint {
  readonly point: number
  /** What the objective says; undefined when the trial was refused or is not ranked. Larger is better. */
  readonly score: number | undefined
}

/**
 * Chooses what is tried. It never sees how fast trials are or who runs them: the same answers always lead to the same questions, on one thread as on ten machines.
 */
export interface Search {
  /** How many trials there will be. */
  readonly total: number
  /** The next points to try, all of which are told before it is asked again; none when it is done. No point comes twice. */
  ask(): readonly number[]
  tell(scored: readonly ScoredPoint[]): void
}

/** A way of searching: a new search for each stretch of time. */
export interface SearchPlan {
  /** Everything that determines it, as in `random 200 trials seed 7`. */
  readonly id: string
  /** @param round - number of the stretch: each draws its own random numbers */
  create(space: ParameterSpace, round: number): Search
}
