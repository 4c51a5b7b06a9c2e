import type { TrialWindow } from './folds.ts'
import type { TrialOutcome } from './trial-metrics.ts'

/** Runs one trial: the same point and window always give the same outcome. */
export interface TrialEvaluator {
  /** @returns numbers, or why these parameters cannot be; what throws ends the sweep */
  evaluate(point: number, window: TrialWindow): TrialOutcome
  /** The round trips of a trial, for the Monte Carlo of the winner. */
  trades(point: number, window: TrialWindow): TrialTrades
}

/** What a Monte Carlo over trades takes. */
export interface TrialTrades {
  /** Equity at the start, in quote. */
  readonly startEquity: number
  /** Net P&L of each round trip in the order they ended, in quote. */
  readonly pnls: readonly number[]
}

/** What a runner tells and is told while it runs. */
export interface SweepHooks {
  /** Aborted: the runner gives up what is under way and rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** @param position - place of the trial in the list given; trials come in any order, each exactly once */
  readonly onTrial: (position: number, outcome: TrialOutcome) => void
}

/** Runs trials somewhere: here, on threads, on other machines. Which it is never changes an outcome. */
export interface SweepRunner {
  /** For people: `2 threads`. */
  readonly name: string
  /** Resolves when every trial was told; one that cannot be run, as it ends whoever tries, is told as lost. */
  run(points: readonly number[], window: TrialWindow, hooks: SweepHooks): Promise<void>
  /** Gives back threads and connections; nothing is run afterwards. */
  close(): Promise<void>
}
