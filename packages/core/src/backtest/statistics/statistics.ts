import type { RoundTripRecord } from '../../contracts/analytics.ts'
import { isoDay } from '../../model/iso-time.ts'
import type { EpochMs } from '../../model/time.ts'
import type { EquityRecorder, EquitySample } from '../equity-recorder.ts'
import { breakdownOf } from './breakdown.ts'
import type { Breakdown } from './breakdown.ts'
import type { DrawdownStatistics } from './drawdown.ts'
import { cagrPercent, periodStatistics } from './period-statistics.ts'
import type { PeriodStatistics } from './period-statistics.ts'
import { tradeStatistics } from './trade-statistics.ts'
import type { TradeStatistics } from './trade-statistics.ts'

/** What a month returned. */
export interface MonthReturn {
  /** `2026-01`. */
  readonly month: string
  readonly percent: number
}

/** Everything measured of a run: definitions in docs/concepts/statistics.md. Shares are 0 to 1, per cent says so in its name, amounts are in quote. */
export interface BacktestStatistics {
  readonly startMs: EpochMs
  readonly endMs: EpochMs
  readonly startEquity: number
  readonly endEquity: number
  readonly returnPercent: number
  /** Per year of 365.25 days; undefined below 30 days. */
  readonly cagrPercent: number | undefined
  /** The starting cash in equal parts in every pair that was traded, bought at the first price, held, fees left out. */
  readonly buyAndHoldPercent: number
  /** Share of the time in which at least one position was open. */
  readonly timeInvested: number
  /** Mean over time of what the coins are worth, as a share of equity. */
  readonly meanExposure: number
  /** Quote amount of all fills / mean of the daily equity. */
  readonly turnover: number
  /** Fees of all fills, also of those whose round trip is not over. */
  readonly fees: number
  /** `cagrPercent` / the deepest fall in per cent; undefined without either. */
  readonly calmar: number | undefined
  readonly drawdown: DrawdownStatistics
  readonly perTrade: TradeStatistics
  readonly perDay: PeriodStatistics
  readonly months: readonly MonthReturn[]
  readonly breakdown: Breakdown
}

/** What the statistics are made of. */
export interface StatisticsInput {
  readonly trades: readonly RoundTripRecord[]
  readonly recorder: EquityRecorder
  readonly turnover: number
  readonly fees: number
}

/** Measures a run. */
export function backtestStatistics({ trades, recorder, turnover, fees }: StatisticsInput): BacktestStatistics {
  const { days } = recorder
  const first = days[0]!
  const last = days.at(-1)!
  const drawdown = recorder.drawdown.statistics()
  const cagr = cagrPercent(first.equity, last.equity, last.atMs - first.atMs)
  const deepest = drawdown.deepest?.share
  const meanEquity = days.reduce((sum, { equity }) => sum + equity, 0) / days.length
  return {
    startMs: first.atMs,
    endMs: last.atMs,
    startEquity: first.equity,
    endEquity: last.equity,
    returnPercent: percentOf(first.equity, last.equity),
    cagrPercent: cagr,
    buyAndHoldPercent: percentOf(first.benchmark, last.benchmark),
    timeInvested: recorder.timeInvested,
    meanExposure: recorder.meanExposure,
    turnover: meanEquity > 0 ? turnover / meanEquity : 0,
    fees,
    calmar: cagr === undefined || deepest === undefined || deepest === 0 ? undefined : cagr / (100 * deepest),
    drawdown,
    perTrade: tradeStatistics(trades.map(figuresOf)),
    perDay: periodStatistics(days.map(({ equity }) => equity)),
    months: monthReturns(days),
    breakdown: breakdownOf(trades),
  }
}

const percentOf = (from: number, to: number): number => (from > 0 ? 100 * (to / from - 1) : 0)

const figuresOf = (trade: RoundTripRecord) => ({
  pnl: Number(trade.pnl),
  grossPnl: Number(trade.grossPnl),
  fees: Number(trade.fees),
  returnPercent: trade.returnPercent,
  holdingMs: trade.holdingMs,
})

/**
 * Returns what each UTC month made of what it began with.
 *
 * @param days - equity at the start and at the end of each day
 */
export function monthReturns(days: readonly Pick<EquitySample, 'atMs' | 'equity'>[]): readonly MonthReturn[] {
  const months: { month: string; percent: number }[] = []
  let begin = days[0]?.equity ?? 0
  for (let i = 1; i < days.length; i++) {
    // A value at midnight ends the day before.
    const month = isoDay(days[i]!.atMs - 1).slice(0, 7)
    const known = months.at(-1)
    if (known?.month === month) known.percent = percentOf(begin, days[i]!.equity)
    else {
      if (known !== undefined) begin = days[i - 1]!.equity
      months.push({ month, percent: percentOf(begin, days[i]!.equity) })
    }
  }
  return months
}
