import type { BacktestRange, BacktestResult, BacktestStatistics, GapPolicy, SeriesGaps } from '@millrace/core'
import { durationText, rangeMeasuredText } from '@millrace/core'
import { amountText, countText, waitText } from '../text/format.ts'
import { pairs, table } from '../text/table.ts'
import type { BacktestSettings } from './backtest-settings.ts'
import { reportText, runReport } from './report.ts'
import type { RunReport } from './report.ts'

/** The object that `millrace backtest --json` prints: that of a run, and what is measured over all of it. */
export interface BacktestReport extends RunReport {
  readonly statistics: BacktestStatistics
  /** Absent with `--no-range`. */
  readonly range?: BacktestRange
  readonly gapPolicy: GapPolicy
  readonly gaps: readonly SeriesGaps[]
  /** Why the run ended early; null when it did not. */
  readonly halted: string | null
}

/** Joins a result with what only the runner knows. */
export const backtestReport = (result: BacktestResult, run: { readonly settings: BacktestSettings; readonly wallMs: number }): BacktestReport => ({
  ...runReport(result.summary, { market: 'replay', seed: run.settings.seed, wallMs: run.wallMs }),
  statistics: result.statistics,
  ...(run.settings.range ? { range: result.range } : {}),
  gapPolicy: run.settings.gapPolicy,
  gaps: result.gaps,
  halted: result.halted ?? null,
})

const percent = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(2)} %`)
const share = (value: number | undefined): string => percent(value === undefined ? undefined : 100 * value)
const ratio = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(2))

/** The report for people: the run, then the statistics per round trip and per day apart, then the range. */
export function backtestText(report: BacktestReport, quoteCurrency: string): string {
  const { statistics: s, range } = report
  const money = (value: number | undefined): string => (value === undefined ? '-' : `${amountText(value.toFixed(6))} ${quoteCurrency}`)
  const length = (ms: number | undefined): string =>
    ms === undefined ? '-' : ms < 3_600_000 ? waitText(ms) : durationText(Math.round(ms / 3_600_000) * 3_600_000)
  const { perTrade, perDay, drawdown } = s
  const whole = pairs([
    ['buy and hold', percent(s.buyAndHoldPercent)],
    ['CAGR', percent(s.cagrPercent)],
    ['time invested', `${share(s.timeInvested)}, ${share(s.meanExposure)} of equity on average`],
    ['turnover', `${s.turnover.toFixed(2)} times equity`],
    ['deepest fall', `${share(drawdown.deepest?.share)}, ${money(drawdown.deepest?.amount)}`],
    ['longest fall', length(drawdown.longest?.durationMs)],
    ['Calmar', ratio(s.calmar)],
  ])
  const trades = pairs([
    ['round trips', countText(perTrade.count)],
    ['win rate', share(perTrade.winRate)],
    ['profit factor', ratio(perTrade.profitFactor)],
    ['expectancy', `${money(perTrade.expectancy)}, ${percent(perTrade.expectancyPercent)}`],
    ['SQN', ratio(perTrade.sqn)],
    ['mean time held', length(perTrade.meanHoldingMs)],
    ['fees of gross gains', share(perTrade.feesOfGrossGains)],
  ])
  const days = pairs([
    ['days', countText(perDay.days)],
    ['Sharpe', ratio(perDay.sharpe)],
    ['Sortino', ratio(perDay.sortino)],
    ['volatility a year', percent(perDay.volatilityPercent)],
    ['worst day', percent(perDay.worstDayPercent)],
  ])
  const parts = [reportText(report, quoteCurrency), whole, `per round trip\n${trades}`, `per day\n${days}`]
  if (range !== undefined) parts.push(rangeText(range, report, quoteCurrency))
  return parts.join('\n\n')
}

function rangeText({ optimistic, pessimistic }: BacktestRange, report: BacktestReport, quoteCurrency: string): string {
  const own = String(report.statistics.endEquity - report.statistics.startEquity)
  const row = (name: string, pnl: string, returned: number, candles: string): string[] => [
    name,
    `${amountText(pnl)} ${quoteCurrency}`,
    percent(returned),
    candles,
  ]
  const rows = table(
    ['inside candles that do not tell', 'P&L', 'return', 'such candles'],
    [
      row('high first (optimistic)', optimistic.pnl, optimistic.returnPercent, countText(optimistic.ambiguousCandles)),
      row('as run', Number(own).toFixed(6), report.statistics.returnPercent, ''),
      row('low first (pessimistic)', pessimistic.pnl, pessimistic.returnPercent, countText(pessimistic.ambiguousCandles)),
    ],
    [1, 2, 3],
  )
  return `${rows}\n${rangeMeasuredText}`
}
