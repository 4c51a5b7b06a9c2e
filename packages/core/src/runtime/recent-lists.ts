import type { Alert, FillRecord } from '../contracts/engine.ts'
import type { ProjectionRow, Store } from '../contracts/store.ts'
import type { Order } from '../engine/order-machine.ts'
import { fillRecord } from '../engine/settle.ts'
import type { FillResult } from '../ledger/own-fill.ts'
import type { EpochMs } from '../model/time.ts'

/** Stored fills that a start looks at: enough for those that a state shows, and for the last one of each bot that trades. */
const LOOKED_AT = 5_000

/** How many fills and alerts a state shows. */
const KEPT = 50

interface Booked {
  readonly result: FillResult
  readonly order: Order
}

/** The last fills and alerts, for `state()`. Records are made when they are read: a replay books thousands that nobody looks at. */
export class RecentLists {
  private fills: (FillRecord | Booked)[] = []
  private readonly byBot = new Map<string, FillRecord | Booked>()
  private alerts: Alert[] = []

  fill(result: FillResult, order: Order): void {
    const booked = { result, order }
    this.byBot.set(order.botId, booked)
    this.fills.push(booked)
    if (this.fills.length > 2 * KEPT) this.fills = this.fills.slice(-KEPT)
  }

  alert(alert: Alert): void {
    this.alerts.push(alert)
    if (this.alerts.length > 2 * KEPT) this.alerts = this.alerts.slice(-KEPT)
  }

  /** Newest first. */
  lastFills(): readonly FillRecord[] {
    return this.fills.slice(-KEPT).reverse().map(recordOf)
  }

  lastFillOf(botId: string): FillRecord | undefined {
    const fill = this.byBot.get(botId)
    return fill === undefined ? undefined : recordOf(fill)
  }

  /** Newest first. */
  lastAlerts(): readonly Alert[] {
    return this.alerts.slice(-KEPT).reverse()
  }

  /** Takes the fills of earlier runs from the store, so that a page after a restart is not empty. */
  restore(rows: readonly ProjectionRow[]): void {
    const fills = [...rows].sort((a, b) => Number(a['filled_at_ms']) - Number(b['filled_at_ms'])).map(fillOfRow)
    this.fills = fills.slice(-KEPT)
    for (const fill of fills) this.byBot.set(fill.botId, fill)
  }
}

/** The newest fills of earlier runs. */
export const lastFillRows = (store: Store): readonly ProjectionRow[] => store.newestRows?.('fills', 'filled_at_ms', LOOKED_AT) ?? store.rows('fills')

const recordOf = (fill: FillRecord | Booked): FillRecord => ('result' in fill ? fillRecord(fill.result, fill.order) : fill)

function fillOfRow(row: ProjectionRow): FillRecord {
  const text = (name: string): string => String(row[name])
  return {
    fillId: text('fill_id'),
    clientOrderId: text('client_order_id'),
    botId: text('bot_id'),
    instrument: text('instrument'),
    side: text('side') as 'buy' | 'sell',
    price: text('price'),
    quantity: text('quantity'),
    value: text('value'),
    feeAmount: text('fee_amount'),
    feeCurrency: text('fee_currency'),
    realizedPnl: text('realized_pnl'),
    source: text('source'),
    atMs: Number(row['filled_at_ms']) as EpochMs,
  }
}
