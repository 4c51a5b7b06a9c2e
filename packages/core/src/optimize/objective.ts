import type { TrialMetrics } from './trial-metrics.ts'

/** What is searched for: the trial with the largest score. */
export interface Objective {
  readonly id: string
  /** Undefined or no number: the trial is not ranked. */
  score(metrics: TrialMetrics): number | undefined
  /** True: the score grows with the length of the run, so that two runs are compared per day. */
  readonly growsWithTime: boolean
}

/**
 * The objectives by name: `return` net of all costs in per cent, `sharpe` and `calmar` per year.
 *
 * @example
 * ```ts
 * Object.keys(objectives) // => ['return', 'sharpe', 'calmar']
 * ```
 */
export const objectives = {
  return: { id: 'return', score: (metrics) => metrics.returnPercent, growsWithTime: true },
  sharpe: { id: 'sharpe', score: (metrics) => metrics.sharpe ?? undefined, growsWithTime: false },
  calmar: { id: 'calmar', score: (metrics) => metrics.calmar ?? undefined, growsWithTime: false },
} as const satisfies Readonly<Record<string, Objective>>

/** Name of an objective of the library. */
export type ObjectiveName = keyof typeof objectives

/**
 * Returns an objective of your own: any number made of the metrics, larger is better.
 *
 * @param id - its name in results; part of what a stored sweep is known by
 * @example
 * ```ts
 * const calm = ownObjective('return less fall', ({ returnPercent, drawdownPercent }) => returnPercent - 2 * drawdownPercent)
 * calm.growsWithTime // => false
 * ```
 */
export const ownObjective = (
  id: string,
  score: (metrics: TrialMetrics) => number | undefined,
  { growsWithTime = false }: { readonly growsWithTime?: boolean } = {},
): Objective => ({ id, score, growsWithTime })

/** The score of a trial, undefined where it is not ranked. */
export function scoreOf(objective: Objective, metrics: TrialMetrics, minRoundTrips: number): number | undefined {
  if (metrics.roundTrips < minRoundTrips) return undefined
  const score = objective.score(metrics)
  return score !== undefined && Number.isFinite(score) ? score : undefined
}
