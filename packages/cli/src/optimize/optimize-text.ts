import type { FoldResult, OptimizeResult, TrialMetrics } from '@millrace/core'
import { timeText, valuesText } from '@millrace/core'
import { countText } from '../text/format.ts'
import { pairs, table } from '../text/table.ts'

const percent = (value: number): string => `${value.toFixed(2)} %`
const number = (value: number | null | undefined, digits = 2): string => (value === null || value === undefined ? '-' : value.toFixed(digits))

/** The result for people. The verdict is the first line, whatever else there is. */
export function optimizeText(result: OptimizeResult): string {
  const last = result.folds.at(-1)!
  const parts = [result.verdict.text, facts(result, last)]
  if (last.best.length > 0) parts.push(`best in training, ${windowText(last.train)}\n${bestTable(last)}`)
  if (result.folds.some(({ tested }) => tested !== null)) parts.push(`after training\n${stepTable(result)}`)
  if (result.monteCarlo !== null) parts.push(monteCarloText(result.monteCarlo, last))
  return parts.join('\n\n')
}

const windowText = ({ fromMs, toMs }: FoldResult['train']): string => `${timeText(fromMs)} to ${timeText(toMs)}`

function facts({ identity, hash, outOfSample }: OptimizeResult, { trials, refused, refusal, unranked, lost, deflated }: FoldResult): string {
  const left = outOfSample?.kept
  return pairs([
    ['trials a step', `${countText(trials)} (${identity.search}), ${refused} refused, ${unranked} not ranked${lost === 0 ? '' : `, ${lost} not run`}`],
    ...(refusal === null ? [] : [['first refusal', refusal] as const]),
    ['objective', identity.objective],
    ...(outOfSample === null
      ? []
      : [
          [
            'out of sample',
            `${percent(outOfSample.returnPercent)}, ${outOfSample.roundTrips} round trips, ${outOfSample.gainingFolds} of ${identity.folds.length} steps gained`,
          ] as const,
          ['kept', left === null || left === undefined ? '-' : `${(100 * left).toFixed(0)} % of the score in training`] as const,
        ]),
    [
      'deflated Sharpe',
      deflated === null
        ? '-'
        : `${number(deflated.probability, 3)}; the best of ${countText(deflated.trials)} without skill: ${number(deflated.expectedBest * Math.sqrt(365))} a year`,
    ],
    ['code', identity.codeVersion],
    ...identity.datasets.map(({ instrument, rows, sha256 }) => ['candles', `${instrument}, ${countText(rows)}, sha256 ${sha256.slice(0, 16)}`] as const),
    ['hash of all trials', hash.slice(0, 16)],
  ])
}

const metricCells = (metrics: TrialMetrics): readonly string[] => [
  percent(metrics.returnPercent),
  number(metrics.sharpe),
  number(metrics.calmar),
  percent(metrics.drawdownPercent),
  countText(metrics.roundTrips),
]
const metricHeaders = ['return', 'Sharpe', 'Calmar', 'deepest fall', 'round trips']

function bestTable({ best }: FoldResult): string {
  const names = Object.keys(best[0]!.values)
  const rows = best.map(({ values, metrics }) => [...names.map((name) => String(values[name])), ...metricCells(metrics)])
  return table(
    [...names, ...metricHeaders],
    rows,
    [...names, ...metricHeaders].map((_, i) => i),
  )
}

function stepTable({ folds }: OptimizeResult): string {
  const rows = folds.flatMap(({ test, tested, best }, i) =>
    test === null
      ? []
      : [
          [
            String(i + 1),
            windowText(test),
            best[0] === undefined ? 'no winner' : valuesText(best[0].values),
            ...(tested === null ? ['-', '-', '-', '-', '-'] : metricCells(tested.metrics)),
          ],
        ],
  )
  return table(['step', 'judged on', 'winner of the training before', ...metricHeaders], rows, [0, 3, 4, 5, 6, 7])
}

function monteCarloText(told: NonNullable<OptimizeResult['monteCarlo']>, { test }: FoldResult): string {
  const { shuffledDrawdownPercent: fall, drawnReturnPercent: drawn } = told
  return `the winner's ${told.trades} round trips ${test === null ? 'in training' : 'in the last test part'}, ${countText(told.runs)} times in other orders and drawn anew\n${pairs(
    [
      ['deepest fall as it was', percent(told.drawdownPercent)],
      ['in other orders', `5 % below ${percent(fall.p5)}, half below ${percent(fall.p50)}, 95 % below ${percent(fall.p95)}`],
      ['return drawn anew', `5 % below ${percent(drawn.p5)}, half below ${percent(drawn.p50)}, 95 % below ${percent(drawn.p95)}`],
      ['of the draws lost', percent(100 * told.losingShare)],
    ],
  )}`
}
