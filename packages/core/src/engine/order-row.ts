import type { Decimal } from 'decimal.js'
import type { ProjectionRow } from '../contracts/store.ts'
import { decimalText } from '../model/money.ts'
import type { Order } from './order-machine.ts'

const textOf = (amount: Decimal | undefined): string | null => (amount === undefined ? null : decimalText(amount))

/** An order as its table has it. */
export function orderRow(order: Order): ProjectionRow {
  return {
    client_order_id: order.clientOrderId,
    venue_order_id: order.venueOrderId ?? null,
    bot_id: order.botId,
    instrument: order.instrument,
    side: order.side,
    kind: order.kind,
    origin: order.origin,
    source: order.source,
    type: order.type,
    quote_size: textOf(order.quoteSize),
    base_size: textOf(order.baseSize),
    state: order.state,
    filled_quantity: decimalText(order.filledQuantity),
    average_price: textOf(order.averagePrice),
    reason: order.reason ?? null,
    intent_no: order.intentNo,
    created_at_ms: order.createdAtMs,
    updated_at_ms: order.updatedAtMs,
  }
}
