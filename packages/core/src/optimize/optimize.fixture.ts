import type { OptimizeOptions } from './optimize.ts'
import { foldsOf } from './folds.ts'
import { objectives } from './objective.ts'
import { parameterRange, parameterSpace } from './parameter-space.ts'
import { gridSearch } from './search/grid-search.ts'
import type { TrialEvaluator } from './sweep-runner.ts'
import type { TrialLog } from './trial-log.ts'
import type { TrialMetrics } from './trial-metrics.ts'

export const DAY = 86_400_000

export const metricsOf = (returnPercent: number, more: Partial<TrialMetrics> = {}): TrialMetrics => ({
  returnPercent,
  sharpe: returnPercent,
  calmar: null,
  drawdownPercent: 1,
  roundTrips: 20,
  fees: 1,
  days: 70,
  skewness: 0,
  kurtosis: 3,
  hash: `h${returnPercent}`,
  ...more,
})

/** Trials whose return is a function of point and time. */
export const evaluatorOf = (returned: (point: number, fromMs: number) => number, more: Partial<TrialMetrics> = {}): TrialEvaluator => ({
  evaluate: (point, { fromMs }) => ({ metrics: metricsOf(returned(point, fromMs), more) }),
  trades: () => ({ startEquity: 1000, pnls: [5, -3, 4] }),
})

export const optionsOf = (options: Partial<OptimizeOptions> & Pick<OptimizeOptions, 'evaluator'>): OptimizeOptions => ({
  space: parameterSpace([parameterRange('fast', 5, 20, 5), parameterRange('slow', 30, 60, 10)]),
  search: gridSearch(),
  objective: objectives.return,
  folds: foldsOf({ fromMs: 0, toMs: 100 * DAY }, DAY),
  seed: 7,
  ...options,
})

/** A log in memory that goes on with lines. */
export function memoryLog(earlier: readonly string[] = []): TrialLog & { readonly lines: string[] } {
  const lines = [...earlier]
  let read = 0
  return { lines, next: () => earlier[read++], append: (line) => void lines.push(line) }
}
