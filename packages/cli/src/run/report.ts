import type { RunSummary } from '@millrace/core'
import { amountText, countText, rateText, waitText } from '../text/format.ts'
import { pairs, table } from '../text/table.ts'

/** The object that `--json` prints: money as decimal text, the keys in this order. */
export interface RunReport {
  readonly environment: RunSummary['environment']
  readonly market: string
  readonly seed: number
  readonly bots: number
  readonly candles: number
  readonly decisions: number
  readonly orders: number
  readonly fills: number
  readonly cash: string
  readonly equity: string
  readonly realizedPnl: string
  readonly unrealizedPnl: string
  readonly fees: string
  readonly maxDrawdown: string
  /** Evaluations that ended with this primary blocker. */
  readonly blockers: Readonly<Record<string, number>>
  readonly journalHash: string
  /** Closed candles times the bots that stepped them, by the wall time spent inside the engine. */
  readonly candleBotsPerSecond: number
  readonly wallMs: number
}

/** Joins what the engine says of a run with what only the runner knows. */
export function runReport(summary: RunSummary, run: { readonly market: string; readonly seed: number; readonly wallMs: number }): RunReport {
  return {
    environment: summary.environment,
    market: run.market,
    seed: run.seed,
    bots: summary.bots,
    candles: summary.candles,
    decisions: summary.decisions,
    orders: summary.orders,
    fills: summary.fills,
    cash: summary.cash,
    equity: summary.equity,
    realizedPnl: summary.realizedPnl,
    unrealizedPnl: summary.unrealizedPnl,
    fees: summary.fees,
    maxDrawdown: summary.maxDrawdown,
    blockers: summary.blockers,
    journalHash: summary.journalHash,
    candleBotsPerSecond: summary.engineMs > 0 ? Math.round((summary.candleBots * 1000) / summary.engineMs) : 0,
    wallMs: Math.round(run.wallMs),
  }
}

/** The report for people: amounts to cents, the blockers by how often they held. */
export function reportText(report: RunReport, quoteCurrency: string): string {
  const money = (amount: string): string => `${amountText(amount)} ${quoteCurrency}`
  const numbers = pairs([
    ['environment', report.environment],
    ['market', `${report.market}, seed ${report.seed}`],
    ['bots', countText(report.bots)],
    ['candles', countText(report.candles)],
    ['decisions', countText(report.decisions)],
    ['orders, fills', `${countText(report.orders)}, ${countText(report.fills)}`],
    ['equity', money(report.equity)],
    ['cash', money(report.cash)],
    ['realized P&L', money(report.realizedPnl)],
    ['unrealized P&L', money(report.unrealizedPnl)],
    ['fees', money(report.fees)],
    ['largest drawdown', money(report.maxDrawdown)],
    ['journal hash', report.journalHash],
    // On paper the engine waits for the clock most of the time: a speed would say nothing.
    ...(report.environment === 'backtest' ? ([['engine speed', `${rateText(report.candleBotsPerSecond)} candle-bots/s`]] as const) : []),
    ['wall time', waitText(report.wallMs)],
  ])
  const blockers = Object.entries(report.blockers).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  if (blockers.length === 0) return numbers
  return `${numbers}\n\n${table(
    ['blocked by', 'evaluations'],
    blockers.map(([code, count]) => [code, countText(count)]),
    [1],
  )}`
}
