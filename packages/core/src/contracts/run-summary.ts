import type { SuccessRate, TripStatistics } from './analytics.ts'
import type { Environment } from '../model/environment.ts'

/** What a run amounts to; money as decimal text. The object `--json` prints adds market, seed and wall time. */
export interface RunSummary {
  readonly environment: Environment
  readonly bots: number
  readonly candles: number
  /** Closed candles times the bots that stepped them. */
  readonly candleBots: number
  readonly decisions: number
  readonly orders: number
  readonly fills: number
  readonly cash: string
  readonly equity: string
  readonly realizedPnl: string
  readonly unrealizedPnl: string
  readonly fees: string
  readonly maxDrawdown: string
  /** Deposits and corrections less withdrawals. */
  readonly paidIn: string
  /** Time-weighted, deposits and withdrawals left out. */
  readonly returnPercent: number
  readonly successRate: SuccessRate
  readonly roundTrips: TripStatistics
  /** Evaluations that ended with this primary blocker. */
  readonly blockers: Readonly<Record<string, number>>
  readonly journalHash: string
  /** Wall time spent inside the engine, without waiting for the market. */
  readonly engineMs: number
}
