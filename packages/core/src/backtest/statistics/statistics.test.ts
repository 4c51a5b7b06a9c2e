import { describe, expect, it } from 'vitest'
import type { RoundTripRecord } from '../../contracts/analytics.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../model/time.ts'
import { stopLoss } from '../../exits/stop-loss.ts'
import { takeProfit } from '../../exits/take-profit.ts'
import { weightedSignals } from '../../strategies/weighted-signals/weighted-signals.ts'
import { backtest } from '../backtest.ts'
import { START_MS, plainBot, timed, walkColumns } from '../backtest.fixture.ts'
import { breakdownOf } from './breakdown.ts'
import { drawdownStatistics } from './drawdown.ts'
import { cagrPercent, periodStatistics } from './period-statistics.ts'
import { monthReturns } from './statistics.ts'
import { tradeStatistics } from './trade-statistics.ts'

const curve = (...values: number[]) => values.map((equity, i) => ({ atMs: i * DAY_MS, equity }))
const trip = (pnl: number, fees = 0, holdingMs = MINUTE_MS) => ({ pnl, grossPnl: pnl + fees, fees, returnPercent: pnl / 2, holdingMs })

describe('falls of equity', () => {
  it('are measured from their peak to the moment equity is there again', () => {
    const { count, deepest, longest, meanShare, meanDurationMs } = drawdownStatistics(curve(100, 90, 100, 120, 60, 90, 119, 120, 118))
    expect(count).toBe(3)
    expect(deepest).toEqual({ share: 0.5, amount: 60, peakMs: 3 * DAY_MS, troughMs: 4 * DAY_MS, recoveredMs: 7 * DAY_MS, durationMs: 4 * DAY_MS })
    expect(longest).toEqual(deepest)
    expect(meanShare).toBeCloseTo((0.1 + 0.5 + 2 / 120) / 3, 12)
    expect(meanDurationMs).toBe(((2 + 4 + 1) / 3) * DAY_MS)
  })
  it('may go on at the end, and there may be none', () => {
    expect(drawdownStatistics(curve(100, 80)).deepest).toMatchObject({ share: 0.2, recoveredMs: undefined, durationMs: DAY_MS })
    expect(drawdownStatistics(curve(100, 100, 101))).toMatchObject({ count: 0, deepest: undefined, meanShare: undefined })
    expect(drawdownStatistics([])).toMatchObject({ count: 0 })
  })
})

describe('statistics per round trip', () => {
  it('follow their definitions', () => {
    const statistics = tradeStatistics([trip(10, 1), trip(-4, 1, 3 * MINUTE_MS), trip(-2, 1), trip(0, 1), trip(6, 1)])
    expect(statistics).toMatchObject({
      count: 5,
      wins: 2,
      losses: 2,
      winRate: 0.4,
      pnl: 10,
      fees: 5,
      expectancy: 2,
      expectancyPercent: 1,
      longestLosingStreak: 2,
    })
    expect(statistics.profitFactor).toBeCloseTo(16 / 6, 12)
    expect([statistics.averageWin, statistics.averageLoss, statistics.payoffRatio]).toEqual([8, 3, 8 / 3])
    // Deviations from 2: 8, -6, -4, -2, 4.
    expect(statistics.sqn).toBeCloseTo((Math.sqrt(5) * 2) / Math.sqrt((64 + 36 + 16 + 4 + 16) / 4), 12)
    expect([statistics.bestPercent, statistics.worstPercent, statistics.longestHoldingMs]).toEqual([5, -2, 3 * MINUTE_MS])
    // Gross gains: 11, 1 (the one that made nothing) and 7.
    expect(statistics.feesOfGrossGains).toBeCloseTo(5 / 19, 12)
  })
  it('[INC-71] say nothing where there is nothing to divide by', () => {
    const none = tradeStatistics([])
    expect([none.winRate, none.profitFactor, none.expectancy, none.sqn, none.bestPercent, none.meanHoldingMs]).toEqual(Array.from({ length: 6 }))
    expect(tradeStatistics([trip(1)])).toMatchObject({ profitFactor: undefined, sqn: undefined, payoffRatio: undefined })
    expect(tradeStatistics([trip(1), trip(1)]).sqn).toBeUndefined()
  })
})

describe('statistics per day', () => {
  it('follow their definitions', () => {
    const statistics = periodStatistics([100, 110, 99, 99])
    const [mean, deviation] = [0, Math.sqrt((0.01 + 0.01) / 2)]
    expect(statistics).toMatchObject({ days: 3, positiveDays: 1 / 3 })
    expect(statistics.meanPercent).toBeCloseTo(mean, 12)
    expect(statistics.volatilityPercent).toBeCloseTo(100 * deviation * Math.sqrt(365), 9)
    expect(periodStatistics([100, 110, 104.5]).sortino).toBeCloseTo((0.025 / Math.sqrt(0.0025 / 2)) * Math.sqrt(365), 9)
    expect(periodStatistics([100, 110, 104.5], 252).sharpe).toBeCloseTo((0.025 / Math.sqrt(0.01125)) * Math.sqrt(252), 9)
  })
  it('say nothing of one day, of days without change and of days without a loss', () => {
    expect(periodStatistics([100, 110])).toMatchObject({ days: 1, sharpe: undefined, sortino: undefined, volatilityPercent: undefined })
    expect(periodStatistics([100, 100, 100])).toMatchObject({ sharpe: undefined, sortino: undefined })
    expect(periodStatistics([100, 110, 120]).sortino).toBeUndefined()
    expect(periodStatistics([])).toMatchObject({ days: 0, bestDayPercent: undefined })
  })
  it('turn growth into one per year only over thirty days and more', () => {
    expect(cagrPercent(100, 50, 0.5 * 365.25 * DAY_MS)).toBeCloseTo(-75, 9)
    expect(cagrPercent(100, 150, 29 * DAY_MS)).toBeUndefined()
    expect([cagrPercent(100, 0, 40 * DAY_MS), cagrPercent(0, 10, 40 * DAY_MS)]).toEqual([-100, undefined])
  })
  it('count a value at midnight for the day and the month that end there', () => {
    const jan30 = START_MS + 29 * DAY_MS
    const days = [100, 110, 121, 60.5].map((equity, i) => ({ atMs: (jan30 + i * DAY_MS) as never, equity }))
    expect(monthReturns(days).map(({ month, percent }) => [month, Math.round(percent * 1e9) / 1e9])).toEqual([
      ['2026-01', 21],
      ['2026-02', -50],
    ])
    expect(monthReturns([])).toEqual([])
  })
})

it('cuts round trips by where they ended, in UTC', () => {
  const ended = (botId: string, closedAtMs: number, pnl: string) => ({ botId, closedAtMs, pnl, fees: '1', closedBy: 'stop-loss' }) as RoundTripRecord
  const { byBot, byMonth, byWeekday, byHour, byExit } = breakdownOf([
    // A Saturday, one minute before midnight, and the Sunday after it.
    ended('b', START_MS + 31 * DAY_MS - MINUTE_MS, '3'),
    ended('a', START_MS + 31 * DAY_MS, '-1'),
    ended('a', START_MS + 31 * DAY_MS + HOUR_MS, '2'),
  ])
  expect(byBot).toEqual([
    { key: 'a', trades: 2, wins: 1, pnl: 1, fees: 2 },
    { key: 'b', trades: 1, wins: 1, pnl: 3, fees: 1 },
  ])
  const keys = (slices: readonly { readonly key: string }[]) => slices.map(({ key }) => key)
  expect([keys(byMonth), keys(byWeekday), keys(byHour), keys(byExit)]).toEqual([['2026-01', '2026-02'], ['Sat', 'Sun'], ['00', '01', '23'], ['stop-loss']])
})

describe('statistics of a run', () => {
  it('agree with its fills, its summary and its prices', () => {
    const columns = walkColumns(4 * 1440)
    const bots = [plainBot({ strategy: weightedSignals(), actionThreshold: 0.1, exits: [stopLoss(0.02), takeProfit(0.02)] })]
    const { statistics, summary, fills, equity } = backtest({
      bots,
      candles: [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns }],
      cash: { USD: '100' },
      safety: [],
    })
    expect(statistics.endEquity).toBeCloseTo(Number(summary.equity), 6)
    expect(statistics.returnPercent).toBeCloseTo(summary.returnPercent, 6)
    expect(statistics.buyAndHoldPercent).toBeCloseTo(100 * (columns.close[columns.length - 1]! / columns.close[0]! - 1), 9)
    expect(statistics.perTrade).toMatchObject({ count: summary.roundTrips.count, wins: summary.roundTrips.wins })
    expect(statistics.perDay.days).toBe(4)
    expect(statistics.drawdown.deepest!.amount).toBeCloseTo(Number(summary.maxDrawdown), 2)
    const traded = fills.reduce((sum, { value }) => sum + Number(value), 0)
    const values = equity.map((sample) => sample.equity)
    expect(traded / statistics.turnover).toBeGreaterThan(Math.min(...values))
    expect(traded / statistics.turnover).toBeLessThan(Math.max(...values))
    expect(statistics.timeInvested).toBeGreaterThan(0)
    expect(statistics.timeInvested).toBeLessThan(1)
    expect(equity.length).toBeLessThanOrEqual(4_000)
    expect(equity.at(-1)!.equity).toBe(statistics.endEquity)
  })
  it('measure the time with a position to the candle', () => {
    const bots = [plainBot({ strategy: timed({ buyAt: [9], sellAt: [29] }) })]
    const columns = walkColumns(100)
    const { statistics } = backtest({ bots, candles: [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns }], cash: { USD: '100' }, safety: [] })
    // Bought inside the eleventh minute, sold inside the thirty-first: known at their ends.
    expect(statistics.timeInvested).toBeCloseTo(0.2, 9)
    expect(statistics.meanExposure).toBeCloseTo(0.2 * 0.2, 3)
  })
})
