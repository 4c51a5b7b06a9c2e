import type { RunSummary } from '@millrace/core'
import { amountText, countText, rateText, waitText } from '../text/format.ts'
import { pairs, table } from '../text/table.ts'
import { shadowText } from './run-shadow.ts'
import type { ShadowReport } from './run-shadow.ts'

/** The object that `--json` prints: money as decimal text, the keys in this order. */
export interface RunReport extends Omit<RunSummary, 'candleBots' | 'engineMs'> {
  readonly market: string
  readonly seed: number
  /** Closed candles times the bots that stepped them, by the wall time spent inside the engine. */
  readonly candleBotsPerSecond: number
  readonly wallMs: number
  /** Only with `--shadow`. */
  readonly shadow?: ShadowReport
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
    paidIn: summary.paidIn,
    returnPercent: summary.returnPercent,
    successRate: summary.successRate,
    roundTrips: summary.roundTrips,
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
    ['success rate', successText(report.successRate)],
    ['round trips', tripsText(report.roundTrips)],
    ...tripRows(report.roundTrips, money),
    ['equity', money(report.equity)],
    ['return', `${report.returnPercent.toFixed(2)} % on ${money(report.paidIn)} paid in`],
    ['cash', money(report.cash)],
    ['realized P&L', money(report.realizedPnl)],
    ['unrealized P&L', money(report.unrealizedPnl)],
    ['fees', money(report.fees)],
    ['largest drawdown', money(report.maxDrawdown)],
    ['journal hash', report.journalHash],
    // On paper the engine waits for the clock most of the time: a speed would say nothing.
    ...(report.environment === 'backtest' ? ([['engine speed', `${rateText(report.candleBotsPerSecond)} candle-bots/s`]] as const) : []),
    ['wall time', report.wallMs < 10_000 ? `${(report.wallMs / 1000).toFixed(1)}s` : waitText(report.wallMs)],
  ])
  const blockers = Object.entries(report.blockers).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  const rows = blockers.map(([code, count]) => [code, countText(count)])
  const parts = [
    numbers,
    ...(report.shadow === undefined ? [] : [shadowText(report.shadow, quoteCurrency)]),
    ...(rows.length === 0 ? [] : [table(['blocked by', 'evaluations'], rows, [1])]),
  ]
  return parts.join('\n\n')
}

/** Both numbers, then the share. */
const successText = ({ submitted, filled, rate }: RunReport['successRate']): string =>
  rate === undefined ? 'no order left' : `${countText(filled)} of ${countText(submitted)} orders filled or partly filled (${(100 * rate).toFixed(1)} %)`

const tripsText = ({ count, wins, losses, winRate }: RunReport['roundTrips']): string =>
  winRate === undefined
    ? 'none ended'
    : `${countText(count)}: ${countText(wins)} won, ${countText(losses)} lost after fees (${(100 * winRate).toFixed(1)} % won)`

const tripRows = ({ best, worst }: RunReport['roundTrips'], money: (amount: string) => string): readonly (readonly [string, string])[] =>
  best === undefined || worst === undefined ? [] : [['best, worst', `${money(best.pnl)} (${best.id}), ${money(worst.pnl)} (${worst.id})`]]
