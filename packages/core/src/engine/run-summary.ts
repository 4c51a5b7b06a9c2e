import type { RunSummary } from '../contracts/run-summary.ts'
import type { TradingKernel } from './kernel.ts'
import { decimalText, money } from '../model/money.ts'
import { successRate, tripStatistics } from './analytics.ts'
import { portfolioTotals } from './portfolio-totals.ts'

export interface RunCounts {
  readonly candles: number
  readonly orders: number
  readonly fills: number
  readonly engineMs: number
}

export function runSummary(kernel: TradingKernel, counts: RunCounts): RunSummary {
  const { state } = kernel
  const totals = portfolioTotals(kernel)
  const { analytics, ledger } = state.durable
  const paidIn = ledger.paidIn(state.settings.quoteCurrency)
  const blockers: [string, number][] = []
  for (let i = 1; i < state.blockers.size; i++) if (state.blockerCounts[i]! > 0) blockers.push([state.blockers.code(i), state.blockerCounts[i]!])
  blockers.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  return {
    environment: state.settings.environment,
    bots: state.bots.length,
    candles: counts.candles,
    candleBots: state.candleBots,
    decisions: state.evaluations,
    orders: counts.orders,
    fills: counts.fills,
    cash: totals.cash.total,
    equity: totals.equity,
    realizedPnl: totals.realizedPnl,
    unrealizedPnl: totals.unrealizedPnl,
    fees: totals.fees,
    maxDrawdown: (Math.round(state.marks.maxDrawdown * 100) / 100).toFixed(2),
    paidIn: decimalText(paidIn),
    returnPercent: 100 * (analytics.equity.preview({ atMs: state.nowMs, equity: money(totals.equity), paidIn }).growth - 1),
    successRate: successRate(analytics.submitted, analytics.filled),
    roundTrips: tripStatistics(analytics.trips),
    blockers: Object.fromEntries(blockers),
    journalHash: kernel.journalHash,
    engineMs: counts.engineMs,
  }
}
