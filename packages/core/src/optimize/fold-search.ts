import { dailySharpe } from './trial-metrics.ts'
import type { TrialOutcome } from './trial-metrics.ts'
import { deflatedSharpe } from './deflated-sharpe.ts'
import { scoreOf } from './objective.ts'
import type { Objective } from './objective.ts'
import type { FoldResult, RankedTrial } from './optimize-result.ts'
import { pointValues } from './parameter-space.ts'
import type { ParameterSpace } from './parameter-space.ts'
import type { ScoredPoint } from './search/search.ts'

/** Trials that are kept with all their numbers. */
const MOST_KEPT = 10

/** What is known of the trials of one training part: three numbers a trial, and all numbers of the best. */
export class FoldSearch {
  readonly scored: ScoredPoint[] = []
  private readonly space: ParameterSpace
  private readonly objective: Objective
  private readonly minRoundTrips: number
  private best: RankedTrial[] = []
  private refused = 0
  private refusal: string | null = null
  private lost = 0
  private loss: string | null = null
  private unranked = 0
  private count = 0
  private mean = 0
  private squares = 0

  constructor(space: ParameterSpace, objective: Objective, minRoundTrips: number) {
    this.space = space
    this.objective = objective
    this.minRoundTrips = minRoundTrips
  }

  /** Takes a trial; returns it as the search sees it. */
  add(point: number, outcome: TrialOutcome): ScoredPoint {
    const scored = { point, score: 'metrics' in outcome ? this.rank(point, outcome) : undefined }
    if ('refused' in outcome) {
      this.refused++
      this.refusal ??= outcome.refused
    }
    if ('lost' in outcome) this.lose(outcome.lost)
    if ('metrics' in outcome && scored.score === undefined) this.unranked++
    this.scored.push(scored)
    return scored
  }

  /** Counts a trial that could not be run; that of the test part is none of the search's. */
  lose(why: string): void {
    this.lost++
    this.loss ??= why
  }

  /** What is known without the test part. */
  result(): Omit<FoldResult, 'train' | 'test' | 'tested'> {
    const { refused, refusal, lost, loss, unranked, best } = this
    return {
      trials: this.scored.length,
      ...{ refused, refusal, lost, loss, unranked, best },
      deflated: this.deflated(),
    }
  }

  private rank(point: number, { metrics }: Extract<TrialOutcome, { readonly metrics: unknown }>): number | undefined {
    const sharpe = dailySharpe(metrics)
    if (sharpe !== undefined) {
      // Welford's running variance.
      this.count++
      const distance = sharpe - this.mean
      this.mean += distance / this.count
      this.squares += distance * (sharpe - this.mean)
    }
    const score = scoreOf(this.objective, metrics, this.minRoundTrips)
    const worst = this.best.at(-1)
    if (score !== undefined && (this.best.length < MOST_KEPT || precedes({ point, score }, worst!))) {
      this.best = [...this.best, { point, score, metrics, values: pointValues(this.space, point) }]
        .sort((a, b) => (precedes(a, b) ? -1 : 1))
        .slice(0, MOST_KEPT)
    }
    return score
  }

  private deflated(): FoldResult['deflated'] {
    const metrics = this.best[0]?.metrics
    const sharpe = metrics === undefined ? undefined : dailySharpe(metrics)
    if (metrics === undefined || sharpe === undefined || metrics.skewness === null || metrics.kurtosis === null) return null
    const variance = this.count > 1 ? this.squares / (this.count - 1) : 0
    const { skewness, kurtosis, days } = metrics
    const found = deflatedSharpe({ sharpe, periods: days, skewness, kurtosis, trials: this.count, variance })
    return found === undefined ? null : { ...found, trials: this.count, variance }
  }
}

type Placed = Pick<RankedTrial, 'point' | 'score'>

/** The larger score is better; of equal ones the earlier point, whoever was run first. */
const precedes = (a: Placed, b: Placed): boolean => a.score > b.score || (a.score === b.score && a.point < b.point)
