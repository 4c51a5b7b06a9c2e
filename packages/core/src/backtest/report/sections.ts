import type { RoundTripRecord } from '../../contracts/analytics.ts'
import { durationText, timeText } from '../../model/time-text.ts'
import { gapPolicyText } from '../prepare-candles.ts'
import { rangeMeasuredText } from '../range-measured.ts'
import type { BacktestResult } from '../backtest-result.ts'
import type { Breakdown, Slice } from '../statistics/breakdown.ts'
import type { MonthReturn } from '../statistics/statistics.ts'
import type { GapPolicy } from '../../model/gaps.ts'
import { lineChart } from './line-chart.ts'
import { at, escaped, grouped, percentText, scale } from './markup.ts'

export const tone = (value: number): string => (value > 0 ? 'good' : value < 0 ? 'bad' : '')

export const fact = (name: string, value: string, className = ''): string =>
  `<div><dt>${escaped(name)}</dt><dd class="${className}">${escaped(value)}</dd></div>`

const ratio = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2))
const share = (value: number | undefined): string => percentText(value === undefined ? undefined : 100 * value, 1)
const money = (value: number): string => grouped(value.toFixed(2))
/** A length of time in its two largest units. */
const lengthText = (ms: number | undefined): string =>
  ms === undefined ? '–' : (durationText(Math.round(ms / 60_000) * 60_000).match(/^(\d+\w)(\d+\w)?/)?.[0] ?? '0m')

/** The numbers at a glance. */
export function summarySection(result: BacktestResult): string {
  const { statistics: s, summary } = result
  const { perTrade, perDay, drawdown } = s
  const quote = (value: number | undefined): string => (value === undefined ? '–' : money(value))
  return `<section><h2>Result</h2><dl class="facts">${[
    fact('return', percentText(s.returnPercent), tone(s.returnPercent)),
    fact('buy and hold', percentText(s.buyAndHoldPercent), tone(s.buyAndHoldPercent)),
    fact('equity at the end', money(s.endEquity)),
    fact('CAGR', percentText(s.cagrPercent)),
    fact('deepest fall', share(drawdown.deepest?.share)),
    fact('longest fall', lengthText(drawdown.longest?.durationMs)),
    fact('time invested', share(s.timeInvested)),
    fact('turnover', `${s.turnover.toFixed(1)} ×`),
    fact('fees', money(s.fees)),
    fact('fees of gross gains', share(perTrade.feesOfGrossGains)),
  ].join('')}</dl><div class="two"><div><h3>Per round trip</h3><dl class="facts">${[
    fact('round trips', grouped(String(perTrade.count))),
    fact('win rate', share(perTrade.winRate)),
    fact('profit factor', ratio(perTrade.profitFactor)),
    fact('expectancy', quote(perTrade.expectancy), tone(perTrade.expectancy ?? 0)),
    fact('SQN', ratio(perTrade.sqn)),
    fact('mean time', lengthText(perTrade.meanHoldingMs)),
  ].join('')}</dl></div><div><h3>Per day</h3><dl class="facts">${[
    fact('days', String(perDay.days)),
    fact('Sharpe', ratio(perDay.sharpe)),
    fact('Sortino', ratio(perDay.sortino)),
    fact('Calmar', ratio(s.calmar)),
    fact('worst day', percentText(perDay.worstDayPercent)),
    fact('positive days', share(perDay.positiveDays)),
  ].join(
    '',
  )}</dl></div></div><p class="note">${grouped(String(summary.candles))} candles, ${grouped(String(summary.decisions))} evaluations, ${grouped(String(summary.orders))} orders, ${grouped(String(summary.fills))} fills. Hash ${escaped(result.hash)}.</p></section>`
}

/** How wrong the result may be. */
export function rangeSection({ range, statistics, gaps, halted }: BacktestResult, gapPolicy: GapPolicy): string {
  const row = (name: string, pnl: string, percent: number, trips: string, candles: string): string =>
    `<tr><td>${escaped(name)}</td><td class="${tone(Number(pnl))}">${money(Number(pnl))}</td><td>${percentText(percent)}</td><td>${trips}</td><td>${candles}</td></tr>`
  const { optimistic, pessimistic } = range
  const own = statistics.endEquity - statistics.startEquity
  const data = gaps.map(
    ({ instrument, timeframeMs, missing, gaps: count, longest }) =>
      `${instrument} ${durationText(timeframeMs)}: ${missing} candles missing in ${count} ${count === 1 ? 'gap' : 'gaps'}, the longest from ${timeText(longest.fromMs)} to ${timeText(longest.toMs)}`,
  )
  return `<section><h2>How wrong it may be</h2><div class="wide"><table><tr><th>inside ambiguous candles</th><th>P&amp;L</th><th>return</th><th>round trips</th><th>ambiguous candles</th></tr>${row('high first (optimistic)', optimistic.pnl, optimistic.returnPercent, String(optimistic.roundTrips), String(optimistic.ambiguousCandles))}${row('as run', String(own), statistics.returnPercent, String(statistics.perTrade.count), '')}${row('low first (pessimistic)', pessimistic.pnl, pessimistic.returnPercent, String(pessimistic.roundTrips), String(pessimistic.ambiguousCandles))}</table></div><p class="note">A candle does not tell whether its high or its low came first. These are full runs under both assumptions. ${escaped(rangeMeasuredText)}</p><p class="note">Missing candles: ${data.length === 0 ? 'none' : `${escaped(data.join('; '))}; gap policy ${gapPolicy}: ${gapPolicyText[gapPolicy]}`}.${halted === undefined ? '' : ` The run ended early: ${escaped(halted)}.`}</p></section>`
}

/** Equity beside buy-and-hold, and the falls below it. */
export function equitySection({ equity }: BacktestResult): string {
  const times = equity.map(({ atMs }) => atMs)
  let peak = -Infinity
  const falls = equity.map((sample) => {
    peak = Math.max(peak, sample.equity)
    return peak > 0 ? 100 * (sample.equity / peak - 1) : 0
  })
  return `<section><h2>Equity</h2><p class="legend"><span class="key equity">equity</span> <span class="key benchmark">buy and hold</span></p>${lineChart({
    title: 'equity and buy and hold',
    times,
    height: 260,
    lines: [
      { name: 'buy and hold', tone: 'benchmark', values: equity.map(({ benchmark }) => benchmark) },
      { name: 'equity', tone: 'equity', values: equity.map((sample) => sample.equity) },
    ],
  })}<h3>Below the peak</h3>${lineChart({ title: 'fall below the highest equity', times, height: 130, unit: ' %', lines: [{ name: 'fall', tone: 'fall', values: falls, fillTo: 0 }] })}</section>`
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** What each month returned, a row a year. */
export function heatMap(months: readonly MonthReturn[]): string {
  const largest = Math.max(1e-9, ...months.map(({ percent }) => Math.abs(percent)))
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))]
  const rows = years.map((year) => {
    const cells = monthNames.map((_, i) => {
      const found = months.find(({ month }) => month === `${year}-${String(i + 1).padStart(2, '0')}`)
      if (found === undefined) return '<td></td>'
      const strength = Math.round(10 + (40 * Math.abs(found.percent)) / largest)
      return `<td class="${found.percent < 0 ? 'down' : 'up'}" style="--share:${strength}%">${found.percent.toFixed(1)}</td>`
    })
    return `<tr><td>${year}</td>${cells.join('')}</tr>`
  })
  return `<section><h2>Months, per cent</h2><div class="wide"><table class="heat"><tr><th></th>${monthNames.map((name) => `<th>${name}</th>`).join('')}</tr>${rows.join('')}</table></div></section>`
}

/** How the returns of round trips are spread. */
export function distributionSection(trades: readonly RoundTripRecord[]): string {
  if (trades.length === 0) return '<section><h2>Round trips</h2><p class="note">No round trip has ended.</p></section>'
  const returns = trades.map(({ returnPercent }) => returnPercent)
  const size = Math.max(...returns.map(Math.abs), 0.1)
  const bins = 24
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of returns) counts[Math.min(bins - 1, Math.floor(((value + size) / (2 * size)) * bins))]!++
  const [width, height] = [960, 150]
  const y = scale(0, Math.max(...counts), height - 22, 10)
  const barsOf = counts.map((count, i) => {
    const x = 20 + (i * (width - 40)) / bins
    const from = -size + (i * 2 * size) / bins
    return count === 0
      ? ''
      : `<rect class="hist ${i < bins / 2 ? 'loss' : 'gain'}" x="${at(x + 1)}" y="${at(y(count))}" width="${at((width - 40) / bins - 2)}" height="${at(height - 22 - y(count))}"><title>${count} from ${from.toFixed(2)} % to ${(from + (2 * size) / bins).toFixed(2)} %</title></rect>`
  })
  const labels = [-1, -0.5, 0, 0.5, 1].map(
    (part) =>
      `<text class="axis" x="${at(20 + ((part + 1) / 2) * (width - 40))}" y="${height - 5}" text-anchor="${part === -1 ? 'start' : part === 1 ? 'end' : 'middle'}">${escaped((part * size).toFixed(1))} %</text>`,
  )
  return `<section><h2>Returns of round trips</h2><svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="distribution of the returns of round trips">${barsOf.join('')}${labels.join('')}</svg></section>`
}

/** The same round trips cut by what they share. */
export function breakdownSection({ statistics: { breakdown } }: { readonly statistics: { readonly breakdown: Breakdown } }): string {
  const cut = (title: string, slices: readonly Slice[]): string =>
    `<div><h3>${title}</h3><table><tr><th></th><th>trips</th><th>won</th><th>P&amp;L</th><th>fees</th></tr>${slices
      .map(
        ({ key, trades, wins, pnl, fees }) =>
          `<tr><td>${escaped(key)}</td><td>${trades}</td><td>${wins}</td><td class="${tone(pnl)}">${money(pnl)}</td><td>${money(fees)}</td></tr>`,
      )
      .join('')}</table></div>`
  const cuts = [
    cut('By bot', breakdown.byBot),
    cut('By exit', breakdown.byExit),
    cut('By month', breakdown.byMonth),
    cut('By weekday', breakdown.byWeekday),
    cut('By hour (UTC)', breakdown.byHour),
  ]
  return `<section><h2>Where it came from</h2><div class="cuts">${cuts.join('')}</div><p class="note">Each round trip counts where it ended.</p></section>`
}
