import type { EquityPoint, RoundTripRecord } from '../../contracts/analytics.ts'
import { isoDay } from '../../model/iso-time.ts'
import { timeText } from '../../model/time-text.ts'
import { breakdownOf } from '../statistics/breakdown.ts'
import type { Breakdown } from '../statistics/breakdown.ts'
import { drawdownStatistics } from '../statistics/drawdown.ts'
import type { DrawdownStatistics } from '../statistics/drawdown.ts'
import { periodStatistics } from '../statistics/period-statistics.ts'
import type { PeriodStatistics } from '../statistics/period-statistics.ts'
import { monthReturns } from '../statistics/statistics.ts'
import type { MonthReturn } from '../statistics/statistics.ts'
import { tradeStatistics } from '../statistics/trade-statistics.ts'
import type { TradeStatistics } from '../statistics/trade-statistics.ts'
import { lineChart } from './line-chart.ts'
import { grouped, percentText } from './markup.ts'
import { breakdownSection, distributionSection, fact, heatMap, tone } from './sections.ts'
import { reportShell } from './shell.ts'

/** What a store keeps of an account's trading. */
export interface AccountHistory {
  readonly quoteCurrency: string
  /** Oldest first. */
  readonly equity: readonly EquityPoint[]
  readonly roundTrips: readonly RoundTripRecord[]
}

/** What is measured of an account over all runs of its store; deposits and withdrawals are no gain. */
export interface AccountStatistics {
  readonly startMs: number
  readonly endMs: number
  readonly endEquity: number
  readonly paidIn: number
  /** Time-weighted. */
  readonly returnPercent: number
  readonly drawdown: DrawdownStatistics
  readonly perTrade: TradeStatistics
  readonly perDay: PeriodStatistics
  readonly months: readonly MonthReturn[]
  readonly breakdown: Breakdown
}

/**
 * Measures the history of an account.
 *
 * @throws RangeError when it has no point of the equity curve
 * @example
 * ```ts
 * const point = (atMs: number, growth: number) => ({ atMs: atMs as EpochMs, equity: String(100 * growth), paidIn: '100', gain: String(100 * growth - 100), growth })
 * accountStatistics({ quoteCurrency: 'USD', equity: [point(0, 1), point(3600000, 1.05)], roundTrips: [] }).returnPercent.toFixed(2) // => '5.00'
 * ```
 */
export function accountStatistics({ equity, roundTrips }: AccountHistory): AccountStatistics {
  const last = equity.at(-1)
  if (last === undefined) throw new RangeError('expected a history with at least one point of the equity curve, received none')
  // What one unit became: money that comes and goes moves the equity, and is no gain.
  const growth = equity.map(({ atMs, growth: value }) => ({ atMs, equity: value }))
  const days = growth.filter(({ atMs }, i) => i === 0 || i === growth.length - 1 || isoDay(growth[i + 1]!.atMs - 1) !== isoDay(atMs - 1))
  return {
    startMs: equity[0]!.atMs,
    endMs: last.atMs,
    endEquity: Number(last.equity),
    paidIn: Number(last.paidIn),
    returnPercent: 100 * (last.growth - 1),
    drawdown: drawdownStatistics(growth),
    perTrade: tradeStatistics(
      roundTrips.map(({ pnl, grossPnl, fees, returnPercent, holdingMs }) => ({
        ...{ pnl: Number(pnl), grossPnl: Number(grossPnl), fees: Number(fees), returnPercent, holdingMs },
      })),
    ),
    perDay: periodStatistics(days.map(({ equity: value }) => value)),
    months: monthReturns(days),
    breakdown: breakdownOf(roundTrips),
  }
}

/**
 * Returns a report of an account in one file that needs nothing else: the numbers, the equity curve, months, round trips and where they came from.
 *
 * @throws RangeError as {@link accountStatistics}
 * @example
 * ```ts
 * const point = (atMs: number, growth: number) => ({ atMs: atMs as EpochMs, equity: String(100 * growth), paidIn: '100', gain: String(100 * growth - 100), growth })
 * accountReport({ quoteCurrency: 'USD', equity: [point(0, 1), point(3600000, 1.05)], roundTrips: [] }, { title: 'Mine' }).startsWith('<!doctype html>') // => true
 * ```
 */
export function accountReport(history: AccountHistory, { title = 'Account' }: { readonly title?: string } = {}): string {
  const statistics = accountStatistics(history)
  const body = [
    numbersSection(statistics, history.quoteCurrency),
    curveSection(history.equity),
    heatMap(statistics.months),
    distributionSection(history.roundTrips),
    breakdownSection({ statistics }),
    '<p class="note">What has been says nothing of what will be.</p>',
  ].join('\n')
  return reportShell({ title, subtitle: `${timeText(statistics.startMs)} to ${timeText(statistics.endMs)}`, body })
}

const share = (value: number | undefined): string => percentText(value === undefined ? undefined : 100 * value, 1)
const ratio = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2))

function numbersSection({ endEquity, paidIn, returnPercent, drawdown, perTrade, perDay }: AccountStatistics, quote: string): string {
  const money = (value: number | undefined): string => (value === undefined ? '–' : `${grouped(value.toFixed(2))} ${quote}`)
  const facts = [
    fact('return', percentText(returnPercent), tone(returnPercent)),
    fact('equity', money(endEquity)),
    fact('paid in', money(paidIn)),
    fact('deepest fall', share(drawdown.deepest?.share)),
    fact('round trips', grouped(String(perTrade.count))),
    fact('win rate', share(perTrade.winRate)),
    fact('profit factor', ratio(perTrade.profitFactor)),
    fact('expectancy', money(perTrade.expectancy), tone(perTrade.expectancy ?? 0)),
    fact('days', String(perDay.days)),
    fact('Sharpe, per day', ratio(perDay.sharpe)),
    fact('worst day', percentText(perDay.worstDayPercent)),
  ]
  return `<section><h2>Result</h2><dl class="facts">${facts.join('')}</dl><p class="note">The return is time-weighted: deposits and withdrawals are no gain.</p></section>`
}

const curveSection = (equity: readonly EquityPoint[]): string =>
  `<section><h2>Equity</h2><p class="legend"><span class="key equity">equity</span> <span class="key benchmark">paid in</span></p>${lineChart({
    title: 'equity and what was paid in',
    times: equity.map(({ atMs }) => atMs),
    height: 260,
    lines: [
      { name: 'paid in', tone: 'benchmark', values: equity.map(({ paidIn }) => Number(paidIn)) },
      { name: 'equity', tone: 'equity', values: equity.map((point) => Number(point.equity)) },
    ],
  })}</section>`
