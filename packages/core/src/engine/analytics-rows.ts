import type { ExecutionRecord, RoundTripRecord } from '../contracts/analytics.ts'
import type { ProjectionRow } from '../contracts/store.ts'
import type { Side } from '../model/order.ts'
import type { TemperatureName } from '../model/temperature.ts'
import type { EpochMs } from '../model/time.ts'

const text = (row: ProjectionRow, name: string): string => String(row[name])
const number = (row: ProjectionRow, name: string): number => (row[name] === null ? Number.NaN : Number(row[name]))
const optionalText = (row: ProjectionRow, name: string): string | undefined => (row[name] === null ? undefined : String(row[name]))
const optionalNumber = (row: ProjectionRow, name: string): number | undefined => (row[name] === null ? undefined : Number(row[name]))

/** The record that a row of `executions` was made of. */
export const executionOfRow = (row: ProjectionRow): ExecutionRecord => ({
  clientOrderId: text(row, 'client_order_id'),
  botId: text(row, 'bot_id'),
  instrument: text(row, 'instrument'),
  side: text(row, 'side') as Side,
  source: text(row, 'source'),
  score: number(row, 'score'),
  temperature: text(row, 'temperature') as TemperatureName,
  configHash: text(row, 'config_hash'),
  limitsHash: optionalText(row, 'limits_hash'),
  expectedPrice: number(row, 'expected_price'),
  actualPrice: optionalText(row, 'actual_price'),
  slippageBps: optionalNumber(row, 'slippage_bps'),
  filledQuantity: text(row, 'filled_quantity'),
  fee: text(row, 'fee'),
  intentAtMs: number(row, 'intent_at_ms') as EpochMs,
  sentAtMs: optionalNumber(row, 'sent_at_ms') as EpochMs | undefined,
  firstFillAtMs: optionalNumber(row, 'first_fill_at_ms') as EpochMs | undefined,
  latencyMs: optionalNumber(row, 'latency_ms'),
})

/** The record that a row of `round_trips` was made of. */
export const roundTripOfRow = (row: ProjectionRow): RoundTripRecord => {
  const [openedAtMs, closedAtMs] = [number(row, 'opened_at_ms') as EpochMs, number(row, 'closed_at_ms') as EpochMs]
  return {
    id: text(row, 'id'),
    botId: text(row, 'bot_id'),
    instrument: text(row, 'instrument'),
    strategy: text(row, 'strategy'),
    closedBy: text(row, 'closed_by'),
    openedAtMs,
    closedAtMs,
    holdingMs: closedAtMs - openedAtMs,
    entries: JSON.parse(text(row, 'entries')) as RoundTripRecord['entries'],
    exits: number(row, 'exits'),
    quantity: text(row, 'quantity'),
    averageEntry: text(row, 'average_entry'),
    averageExit: text(row, 'average_exit'),
    entryValue: text(row, 'entry_value'),
    exitValue: text(row, 'exit_value'),
    fees: text(row, 'fees'),
    grossPnl: text(row, 'gross_pnl'),
    pnl: text(row, 'pnl'),
    returnPercent: number(row, 'return_percent'),
    low: optionalNumber(row, 'low'),
    high: optionalNumber(row, 'high'),
    entryEfficiency: number(row, 'entry_efficiency'),
    exitEfficiency: number(row, 'exit_efficiency'),
    totalEfficiency: number(row, 'total_efficiency'),
    adverseExcursionPercent: number(row, 'adverse_excursion_percent'),
    favourableExcursionPercent: number(row, 'favourable_excursion_percent'),
    drawdownPercent: number(row, 'drawdown_percent'),
    score: number(row, 'score'),
    grade: text(row, 'grade') as RoundTripRecord['grade'],
  }
}
