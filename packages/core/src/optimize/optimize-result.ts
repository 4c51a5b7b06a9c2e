import type { DatasetIdentity } from './dataset.ts'
import type { DeflatedSharpe } from './deflated-sharpe.ts'
import type { TrialWindow } from './folds.ts'
import type { HeatMap } from './heat-map.ts'
import type { MonteCarlo } from './monte-carlo.ts'
import type { Parameter, ParameterValues } from './parameter-space.ts'
import type { TrialMetrics } from './trial-metrics.ts'

/** What determines the trials of a sweep and the order they are kept in. */
export interface SweepIdentity {
  readonly datasets: readonly DatasetIdentity[]
  readonly configHash: string
  readonly codeVersion: string
  readonly seed: number
  readonly parameters: readonly Parameter[]
  readonly search: string
  readonly objective: string
  readonly minRoundTrips: number
  readonly folds: readonly { readonly train: TrialWindow; readonly test: TrialWindow | null }[]
}

/** A trial with its score. */
export interface RankedTrial {
  readonly point: number
  readonly values: ParameterValues
  readonly score: number
  readonly metrics: TrialMetrics
}

/** One step of a walk forward. */
export interface FoldResult {
  readonly train: TrialWindow
  readonly test: TrialWindow | null
  /** Trials of the search. */
  readonly trials: number
  /** Those whose parameters cannot be. */
  readonly refused: number
  /** Why the first of them cannot be; null when all can. */
  readonly refusal: string | null
  /** Those that could not be run, such as one that ends every process that tries. */
  readonly lost: number
  /** Why the first of them could not; null when all were run. */
  readonly loss: string | null
  /** Those without a score: too few round trips, or nothing to divide by. */
  readonly unranked: number
  /** The best first, at most ten. */
  readonly best: readonly RankedTrial[]
  /** The winner on the test part; null without a winner or a test part. */
  readonly tested: { readonly score: number | null; readonly metrics: TrialMetrics } | null
  /** Of the winner in training, corrected for the number of trials; null where there is too little to say. */
  readonly deflated: (DeflatedSharpe & { readonly trials: number; readonly variance: number }) | null
}

/** What the winners of all steps made in the parts after their training. */
export interface OutOfSample {
  /** The returns of the test parts one after the other. */
  readonly returnPercent: number
  readonly roundTrips: number
  /** Test parts with a return above 0. */
  readonly gainingFolds: number
  /**
   * Mean score of the winners in training, and in the parts after it; per day where the objective grows with time. Steps whose test part traded and has no score (too
   * short for a Calmar ratio, or without a fall) are in neither; null when there is no other.
   */
  readonly trainScore: number | null
  readonly testScore: number | null
  /** `testScore` / `trainScore`: what was left of it; null when training made nothing, or there is nothing to compare. */
  readonly kept: number | null
}

/** Whether a winner is one. */
export interface Verdict {
  /**
   * `incomplete`: trials could not be run; the text goes on with what the others say. `noWinner`: no trial has a score. `untested`: nothing was kept back. `fails`: out of sample it lost, did nothing, or kept less than half of its score.
   * `unproven`: it held, but the best of so many trials without skill looks as good (deflated Sharpe below 0.95, or not to be had), or its score after training cannot be had. `holds`: neither.
   */
  readonly kind: 'holds' | 'unproven' | 'fails' | 'untested' | 'noWinner' | 'incomplete'
  /** One sentence that begins with the kind in capitals. */
  readonly text: string
}

/** What a search came to: plain data. */
export interface OptimizeResult {
  /** To be said before anything else. */
  readonly verdict: Verdict
  readonly identity: SweepIdentity
  /** SHA-256 over all trials in the order of the search: the same on one thread, on many, and on other machines. */
  readonly hash: string
  readonly folds: readonly FoldResult[]
  /** The best of the last step; null when no trial has a score. */
  readonly winner: RankedTrial | null
  readonly outOfSample: OutOfSample | null
  /** Scores in the training part of the last step. */
  readonly heatMaps: readonly HeatMap[]
  /** Of the winner's round trips, in the last test part, or in training without one. */
  readonly monteCarlo: MonteCarlo | null
}
