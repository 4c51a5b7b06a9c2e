import { escaped, grouped, numberText, percentText } from '../../backtest/report/markup.ts'
import { reportShell } from '../../backtest/report/shell.ts'
import { DAYS_PER_YEAR } from '../../backtest/statistics/period-statistics.ts'
import { timeText } from '../../model/time-text.ts'
import type { FoldResult, OptimizeResult } from '../optimize-result.ts'
import { heatSection } from './heat-section.ts'
import { stripSection } from './strip-section.ts'

/**
 * Returns a report of a search in one file that needs nothing else: the verdict, the steps of the walk forward, the best trials, heat maps of the scores, what luck
 * could have made of the winner's round trips, and what it all was made with.
 *
 * @example
 * ```ts
 * const metrics = { returnPercent: 1, sharpe: null, calmar: null, drawdownPercent: 0, roundTrips: 9, fees: 1, days: 30, skewness: null, kurtosis: null, hash: '' }
 * const result = await optimize({
 *   space: parameterSpace([parameterRange('period', 10, 50, 10)]),
 *   evaluator: { evaluate: () => ({ metrics }), trades: () => ({ startEquity: 100, pnls: [2, -1] }) },
 *   search: gridSearch(),
 *   objective: objectives.return,
 *   folds: foldsOf({ fromMs: 0, toMs: 10 * 86400000 }, 60000),
 *   seed: 7,
 * })
 * optimizeReport(result, { title: 'Mine' }).startsWith('<!doctype html>') // => true
 * ```
 */
export function optimizeReport(result: OptimizeResult, { title = 'Search' }: { readonly title?: string } = {}): string {
  const { folds, verdict, winner, identity } = result
  const last = folds.at(-1)!
  const tone = verdict.kind === 'holds' ? 'good' : verdict.kind === 'fails' || verdict.kind === 'noWinner' || verdict.kind === 'incomplete' ? 'bad' : ''
  const span = `${timeText(folds[0]!.train.fromMs)} to ${timeText(last.test?.toMs ?? last.train.toMs)}`
  const body = `<section class="verdict ${tone}">${escaped(verdict.text)}</section>
${factSection(result, last)}
${stripSection(folds, result.outOfSample)}
${heatSection(result.heatMaps, winner?.values, identity.objective)}
${bestSection(last)}
${monteCarloSection(result, last)}
${identitySection(result)}
<p class="note">The best of many tries is not the one to expect: it was chosen for its luck as well. A result on old prices promises nothing.</p>`
  return reportShell({ title, subtitle: span, body })
}

const fact = (name: string, value: string): string => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`
const facts = (list: readonly (readonly [string, string])[]): string => `<dl class="facts">${list.map(([name, value]) => fact(name, value)).join('')}</dl>`
const ratio = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : value.toFixed(2))
const count = (value: number): string => grouped(String(value))

function factSection({ outOfSample }: OptimizeResult, { trials, refused, refusal, unranked, lost, deflated }: FoldResult): string {
  const kept = outOfSample?.kept
  const expected =
    deflated === null
      ? ''
      : `The best of ${count(deflated.trials)} trials without any skill would show a Sharpe ratio of ${ratio(deflated.expectedBest * Math.sqrt(DAYS_PER_YEAR))} a year. The deflated Sharpe ratio is the probability that the winner's true one is above that; 0.95 is what is usually asked for.`
  return `<section><h2>What was found</h2>${facts([
    ['return out of sample', percentText(outOfSample?.returnPercent)],
    ['round trips there', outOfSample === null ? '–' : count(outOfSample.roundTrips)],
    ['left of the score', kept === null || kept === undefined ? '–' : `${(100 * kept).toFixed(0)} %`],
    ['deflated Sharpe', deflated === null ? '–' : deflated.probability.toFixed(3)],
    ['trials a step', count(trials)],
    ['refused', count(refused)],
    ['not ranked', count(unranked)],
    ...(lost === 0 ? [] : [['not run', count(lost)] as const]),
  ])}${expected === '' ? '' : `<p class="note">${escaped(expected)}</p>`}${refusal === null ? '' : `<p class="note">First refusal: ${escaped(refusal)}</p>`}</section>`
}

function bestSection({ best }: FoldResult): string {
  if (best.length === 0) return ''
  const names = Object.keys(best[0]!.values)
  const head = [...names, 'return', 'Sharpe', 'Calmar', 'deepest fall', 'round trips', 'fees'].map((name) => `<th>${escaped(name)}</th>`).join('')
  const rows = best.map(({ values, metrics }) => {
    const cells = [
      ...names.map((name) => String(values[name])),
      percentText(metrics.returnPercent),
      ratio(metrics.sharpe),
      ratio(metrics.calmar),
      percentText(metrics.drawdownPercent),
      count(metrics.roundTrips),
      numberText(metrics.fees),
    ]
    return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`
  })
  return `<section><h2>The best in the last training part</h2><div class="wide"><table><tr>${head}</tr>${rows.join('')}</table></div><p class="note">In training: this is what was searched for, so it is no evidence.</p></section>`
}

function monteCarloSection({ monteCarlo }: OptimizeResult, { test }: FoldResult): string {
  if (monteCarlo === null) return ''
  const { shuffledDrawdownPercent: fall, drawnReturnPercent: drawn } = monteCarlo
  const spread = ({ p5, p50, p95 }: typeof fall): string => `${p5.toFixed(2)} · ${p50.toFixed(2)} · ${p95.toFixed(2)} %`
  return `<section><h2>What luck could have made of it</h2>${facts([
    ['round trips', count(monteCarlo.trades)],
    ['deepest fall as it was', percentText(monteCarlo.drawdownPercent)],
    ['in other orders', spread(fall)],
    ['return drawn anew', spread(drawn)],
    ['of the draws lost', percentText(100 * monteCarlo.losingShare, 1)],
  ])}<p class="note">The winner's round trips ${test === null ? 'in training' : 'in the last test part'}, ${count(monteCarlo.runs)} times in another order, and as many drawn from them with replacement. Three values: 5, 50 and 95 per cent of the runs lie below.</p></section>`
}

function identitySection({ identity, hash }: OptimizeResult): string {
  const rows: readonly (readonly [string, string])[] = [
    ...identity.datasets.map(
      ({ instrument, timeframeMs, rows: candles, sha256 }) => [`candles of ${instrument}`, `${count(candles)} of ${timeframeMs} ms, sha256 ${sha256}`] as const,
    ),
    ['configuration', identity.configHash],
    ['code', identity.codeVersion],
    ['search', identity.search],
    ['objective', `${identity.objective}, at least ${identity.minRoundTrips} round trips`],
    ['seed', String(identity.seed)],
    ['hash of all trials', hash],
  ]
  return `<section><h2>What it was made with</h2><div class="wide"><table>${rows.map(([name, value]) => `<tr><td>${escaped(name)}</td><td>${escaped(value)}</td></tr>`).join('')}</table></div></section>`
}
