import type { RoundTripRecord } from '../contracts/analytics.ts'
import type { ProjectionTable } from '../contracts/projection.ts'
import type { ProjectionRow } from '../contracts/store.ts'
import { slippageBps } from '../ledger/analytics/slippage.ts'
import type { PnlCell } from '../ledger/analytics/pnl-cube.ts'
import { tripRecord, type ClosedTrip } from '../ledger/analytics/trip.ts'
import type { EquityPoint, ExecutionRecord } from '../contracts/analytics.ts'
import { isoDay, isoTime } from '../model/iso-time.ts'
import { averagePriceOf, decimalText, isPositive, toFloatRatio } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import type { Order } from './order-machine.ts'

const columns = (type: 'TEXT' | 'INTEGER' | 'REAL', ...names: readonly string[]) => names.map((name) => ({ name, type }))

/** What came of what was done: tables beside those of orders and money. */
export const analyticsTables: readonly ProjectionTable[] = [
  {
    name: 'executions',
    grows: true,
    references: { client_order_id: 'orders' },
    columns: [
      ...columns('TEXT', 'client_order_id', 'bot_id', 'instrument', 'side', 'source', 'temperature', 'config_hash', 'limits_hash'),
      ...columns('REAL', 'score', 'expected_price'),
      ...columns('TEXT', 'actual_price', 'filled_quantity', 'fee'),
      ...columns('REAL', 'slippage_bps'),
      ...columns('INTEGER', 'intent_at_ms', 'sent_at_ms', 'first_fill_at_ms', 'latency_ms'),
    ],
  },
  {
    name: 'round_trips',
    grows: true,
    columns: [
      ...columns(
        'TEXT',
        'id',
        'bot_id',
        'instrument',
        'strategy',
        'closed_by',
        'entries',
        'quantity',
        'average_entry',
        'average_exit',
        'entry_value',
        'exit_value',
      ),
      ...columns('TEXT', 'fees', 'gross_pnl', 'pnl', 'grade'),
      ...columns('REAL', 'return_percent', 'low', 'high', 'entry_efficiency', 'exit_efficiency', 'total_efficiency', 'adverse_excursion_percent'),
      ...columns('REAL', 'favourable_excursion_percent', 'drawdown_percent', 'score'),
      ...columns('INTEGER', 'opened_at_ms', 'closed_at_ms', 'exits'),
    ],
  },
  {
    name: 'daily_pnl',
    columns: [...columns('TEXT', 'key', 'day', 'bot_id', 'strategy', 'realized_pnl', 'fees', 'turnover'), ...columns('INTEGER', 'fills')],
  },
  { name: 'equity', columns: [...columns('TEXT', 'at', 'equity', 'paid_in', 'gain'), ...columns('REAL', 'growth'), ...columns('INTEGER', 'at_ms')] },
]

/** What was known before an order and what came of it. */
export function executionRecord(order: Order): ExecutionRecord {
  const filled = isPositive(order.bookedQuantity)
  return {
    clientOrderId: order.clientOrderId,
    botId: order.botId,
    instrument: order.instrument,
    side: order.side,
    source: order.source,
    score: order.score,
    temperature: order.temperature,
    configHash: order.configHash,
    limitsHash: order.limitsHash,
    expectedPrice: order.expectedPrice,
    actualPrice: filled ? decimalText(averagePriceOf(order.bookedQuote, order.bookedQuantity)) : undefined,
    slippageBps: filled ? slippageBps(order.side, order.expectedPrice, toFloatRatio(order.bookedQuote, order.bookedQuantity)) : undefined,
    filledQuantity: decimalText(order.bookedQuantity),
    fee: decimalText(order.bookedFee),
    intentAtMs: order.createdAtMs,
    sentAtMs: order.sentAtMs as EpochMs | undefined,
    firstFillAtMs: order.firstFillMs as EpochMs | undefined,
    latencyMs: order.firstFillMs === undefined ? undefined : order.firstFillMs - order.createdAtMs,
  }
}

const real = (value: number | undefined): number | null => (value === undefined || !Number.isFinite(value) ? null : value)

export function executionRow(order: Order): ProjectionRow {
  const record = executionRecord(order)
  return {
    client_order_id: record.clientOrderId,
    bot_id: record.botId,
    instrument: record.instrument,
    side: record.side,
    source: record.source,
    temperature: record.temperature,
    config_hash: record.configHash,
    limits_hash: record.limitsHash ?? null,
    score: real(record.score),
    expected_price: real(record.expectedPrice),
    actual_price: record.actualPrice ?? null,
    filled_quantity: record.filledQuantity,
    fee: record.fee,
    slippage_bps: real(record.slippageBps),
    intent_at_ms: record.intentAtMs,
    sent_at_ms: record.sentAtMs ?? null,
    first_fill_at_ms: record.firstFillAtMs ?? null,
    latency_ms: record.latencyMs ?? null,
  }
}

export function roundTripRow(trip: ClosedTrip): ProjectionRow & { readonly id: string } {
  const record: RoundTripRecord = tripRecord(trip)
  return {
    id: record.id,
    bot_id: record.botId,
    instrument: record.instrument,
    strategy: record.strategy,
    closed_by: record.closedBy,
    entries: JSON.stringify(record.entries),
    quantity: record.quantity,
    average_entry: record.averageEntry,
    average_exit: record.averageExit,
    entry_value: record.entryValue,
    exit_value: record.exitValue,
    fees: record.fees,
    gross_pnl: record.grossPnl,
    pnl: record.pnl,
    grade: record.grade,
    return_percent: record.returnPercent,
    low: real(record.low),
    high: real(record.high),
    entry_efficiency: record.entryEfficiency,
    exit_efficiency: record.exitEfficiency,
    total_efficiency: record.totalEfficiency,
    adverse_excursion_percent: record.adverseExcursionPercent,
    favourable_excursion_percent: record.favourableExcursionPercent,
    drawdown_percent: record.drawdownPercent,
    score: record.score,
    opened_at_ms: record.openedAtMs,
    closed_at_ms: record.closedAtMs,
    exits: record.exits,
  }
}

export function dailyPnlRow(cell: PnlCell): ProjectionRow & { readonly key: string } {
  const day = isoDay(cell.dayMs)
  return {
    key: `${day} ${cell.botId} ${cell.strategy}`,
    day,
    bot_id: cell.botId,
    strategy: cell.strategy,
    realized_pnl: decimalText(cell.realizedPnl),
    fees: decimalText(cell.fees),
    turnover: decimalText(cell.turnover),
    fills: cell.fills,
  }
}

/** Key of a point of the curve. */
export const equityKey = (atMs: EpochMs): string => isoTime(atMs)

export const equityRow = (point: EquityPoint): ProjectionRow => ({
  at: equityKey(point.atMs),
  equity: point.equity,
  paid_in: point.paidIn,
  gain: point.gain,
  growth: point.growth,
  at_ms: point.atMs,
})
