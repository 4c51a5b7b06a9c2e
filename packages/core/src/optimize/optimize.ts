import type { DatasetIdentity } from './dataset.ts'
import { FoldSearch } from './fold-search.ts'
import type { Fold, TrialWindow } from './folds.ts'
import { heatMaps } from './heat-map.ts'
import { inProcessRunner } from './in-process-runner.ts'
import { monteCarlo } from './monte-carlo.ts'
import { scoreOf } from './objective.ts'
import type { Objective } from './objective.ts'
import type { FoldResult, OptimizeResult, SweepIdentity } from './optimize-result.ts'
import type { ParameterSpace } from './parameter-space.ts'
import type { SearchPlan } from './search/search.ts'
import type { SweepRunner, TrialEvaluator } from './sweep-runner.ts'
import { nextHash, readRecord, recordLine } from './trial-log.ts'
import type { TrialLog, TrialRecord } from './trial-log.ts'
import type { TrialOutcome } from './trial-metrics.ts'
import { outOfSampleOf, verdictOf } from './verdict.ts'

/** How far a search has come. */
export interface OptimizeProgress {
  /** Trials that are done, those of an earlier run included. */
  readonly done: number
  readonly total: number
  /** Those that an earlier run left behind. */
  readonly resumed: number
}

/** What is searched, on what, and how it is judged. */
export interface OptimizeOptions {
  readonly space: ParameterSpace
  /** Runs trials here: the winner's round trips, and all trials when there is no runner. */
  readonly evaluator: TrialEvaluator
  /** Runs the trials; `inProcessRunner(evaluator)` when left out. It is not closed. */
  readonly runner?: SweepRunner
  readonly search: SearchPlan
  readonly objective: Objective
  /** Of `foldsOf`. */
  readonly folds: readonly Fold[]
  /** Trials with fewer in training are not ranked; default 1, so that doing nothing never wins. */
  readonly minRoundTrips?: number
  /** Of the Monte Carlo over trades. Searches have their own. */
  readonly seed: number
  /** What the results are stored with. */
  readonly datasets?: readonly DatasetIdentity[]
  readonly configHash?: string
  readonly codeVersion?: string
  /** Results of an earlier run of the same sweep, and where new ones are kept. */
  readonly log?: TrialLog
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: OptimizeProgress) => void
}

/**
 * Returns what determines a sweep: a stored one is gone on with only where this is the same.
 *
 * @example
 * ```ts
 * const refused = { evaluate: () => ({ refused: 'no candles' }), trades: () => ({ startEquity: 100, pnls: [] }) }
 * const space = parameterSpace([parameterRange('period', 10, 50, 10)])
 * const folds = foldsOf({ fromMs: 0, toMs: 10 * 86400000 }, 60000)
 * const { search, objective, parameters } = sweepIdentity({ space, evaluator: refused, search: gridSearch(), objective: objectives.return, folds, seed: 7 })
 * ;[search, objective, parameters[0]!.values] // => ['grid', 'return', [10, 20, 30, 40, 50]]
 * ```
 */
export const sweepIdentity = (options: OptimizeOptions): SweepIdentity => ({
  datasets: options.datasets ?? [],
  configHash: options.configHash ?? '',
  codeVersion: options.codeVersion ?? '',
  seed: options.seed,
  parameters: options.space.parameters,
  search: options.search.id,
  objective: options.objective.id,
  minRoundTrips: options.minRoundTrips ?? 1,
  folds: options.folds.map(({ train, test }) => ({ train, test: test ?? null })),
})

/**
 * Searches parameters: in each training part the search chooses trials and the objective ranks them, the winner is run once on the part after it, and all of it is
 * judged. The same options give the same result, to the last byte of its log, whatever runner runs the trials and however often it was interrupted.
 *
 * Rejects with the reason of `signal`, with what a trial threw, or with an Error when the log is that of another sweep.
 *
 * @example
 * ```ts
 * const metrics = (returnPercent: number) => ({ returnPercent, sharpe: null, calmar: null, drawdownPercent: 0, roundTrips: 9, fees: 1, days: 30, skewness: null, kurtosis: null, hash: '' })
 * const result = await optimize({
 *   space: parameterSpace([parameterRange('period', 10, 50, 10)]),
 *   evaluator: { evaluate: (point) => ({ metrics: metrics(5 - Math.abs(point - 3)) }), trades: () => ({ startEquity: 100, pnls: [2, -1] }) },
 *   search: gridSearch(),
 *   objective: objectives.return,
 *   folds: foldsOf({ fromMs: 0, toMs: 10 * 86400000 }, 60000),
 *   seed: 7,
 * })
 * result.winner?.values // => { period: 40 }
 * result.verdict.kind // => 'unproven'
 * ```
 */
export async function optimize(options: OptimizeOptions): Promise<OptimizeResult> {
  const sweep = new SweepRun(options)
  const results: FoldResult[] = []
  let searched: FoldSearch | undefined
  for (const [index, fold] of options.folds.entries()) {
    searched = await sweep.train(index, fold.train)
    const tested = await sweep.test(index, fold.test, searched)
    results.push({ ...searched.result(), train: fold.train, test: fold.test ?? null, tested })
  }
  const last = results.at(-1)!
  const winner = last.best[0] ?? null
  const outOfSample = outOfSampleOf(results, options.objective)
  // A test part that ended whoever ran it is not run here.
  const unsafe = last.test !== null && last.tested === null
  const trades = winner === null || unsafe ? undefined : options.evaluator.trades(winner.point, last.test ?? last.train)
  return {
    verdict: verdictOf(results, outOfSample, options.objective),
    identity: sweepIdentity(options),
    hash: sweep.hash,
    folds: results,
    winner,
    outOfSample,
    heatMaps: heatMaps(options.space, searched!.scored),
    monteCarlo: (trades === undefined ? undefined : monteCarlo({ ...trades, seed: options.seed })) ?? null,
  }
}

/** Runs lists of trials and keeps them in order. */
class SweepRun {
  hash = ''
  private readonly options: OptimizeOptions
  private readonly runner: SweepRunner
  private readonly minRoundTrips: number
  private readonly total: number
  private done = 0
  private resumed = 0
  private keeping = true

  constructor(options: OptimizeOptions) {
    const { folds, search, space } = options
    this.options = options
    this.runner = options.runner ?? inProcessRunner(options.evaluator)
    this.minRoundTrips = options.minRoundTrips ?? 1
    this.total = folds.reduce((sum, { test }, i) => sum + search.create(space, i).total + (test === undefined ? 0 : 1), 0)
  }

  /** Lets the search choose trials until it is done. */
  async train(fold: number, window: TrialWindow): Promise<FoldSearch> {
    const { space, search, objective } = this.options
    const found = new FoldSearch(space, objective, this.minRoundTrips)
    const plan = search.create(space, fold)
    for (let points = plan.ask(); points.length > 0; points = plan.ask()) {
      const from = found.scored.length
      await this.run({ fold, part: 'train' }, points, window, (point, outcome) => void found.add(point, outcome))
      plan.tell(found.scored.slice(from))
    }
    return found
  }

  /** Runs the winner once where it was not searched. */
  async test(fold: number, window: TrialWindow | undefined, found: FoldSearch): Promise<FoldResult['tested']> {
    const winner = found.result().best[0]?.point
    if (window === undefined || winner === undefined) return null
    let tested: FoldResult['tested'] = null
    await this.run({ fold, part: 'test' }, [winner], window, (_point, outcome) => {
      if ('refused' in outcome) throw new Error(`the winner of step ${fold + 1} was refused on its test part: ${outcome.refused}`)
      if ('lost' in outcome) return found.lose(outcome.lost)
      const { metrics } = outcome
      // How many round trips it takes to be ranked is a matter of training: a test part is shorter.
      tested = { score: scoreOf(this.options.objective, metrics, 0) ?? null, metrics }
    })
    return tested
  }

  /** Takes from the log what is there, and runs the rest; `take` is called in the order of the points. */
  private async run(
    where: Pick<TrialRecord, 'fold' | 'part'>,
    points: readonly number[],
    window: TrialWindow,
    take: (point: number, outcome: TrialOutcome) => void,
  ): Promise<void> {
    const { log, signal } = this.options
    const keep = (point: number, outcome: TrialOutcome, line: string): void => {
      this.hash = nextHash(this.hash, line)
      this.done++
      take(point, outcome)
    }
    let first = 0
    for (; first < points.length; first++) {
      const line = log?.next()
      if (line === undefined) break
      const point = points[first]!
      const stored = readRecord(line)
      if (stored.fold !== where.fold || stored.part !== where.part || stored.point !== point)
        throw new Error(
          `the stored results are not those of this sweep: expected step ${where.fold + 1} ${where.part} point ${point}, received ${line.slice(0, 80)}`,
        )
      this.resumed++
      keep(point, stored.outcome, line)
    }
    this.tell()
    const left = first === 0 ? points : points.slice(first)
    if (left.length === 0) return
    const waiting = new Map<number, TrialOutcome>()
    let next = 0
    await this.runner.run(left, window, {
      ...(signal === undefined ? {} : { signal }),
      onTrial: (position, outcome) => {
        waiting.set(position, outcome)
        for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
          const point = left[next]!
          const line = recordLine({ ...where, point, outcome: ready })
          waiting.delete(next)
          next++
          // A sweep that goes on begins at the first trial that was lost.
          if ('lost' in ready) this.keeping = false
          if (this.keeping) log?.append(line)
          keep(point, ready, line)
        }
        this.tell()
      },
    })
    if (next < left.length) throw new Error(`the runner (${this.runner.name}) ended with ${left.length - next} trials missing`)
  }

  private tell(): void {
    const { done, total, resumed } = this
    this.options.onProgress?.({ done, total, resumed })
  }
}
