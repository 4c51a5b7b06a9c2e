import { ZERO, add, amount, divide, isZero, mul, sub, text } from '../amount.ts'
import type { Amount } from '../amount.ts'
import { isOver } from '../ledger/order.ts'
import type { Fill, VenueOrder } from '../ledger/order.ts'
import { NO_TIME, micros, millis } from './times.ts'

type Row = Readonly<Record<string, unknown>>

const averageOf = (order: VenueOrder): Amount => (isZero(order.filledBase) ? ZERO : divide(order.filledValue, order.filledBase))

const afterFees = (order: VenueOrder): Amount => (order.side === 'BUY' ? add(order.filledValue, order.fees) : sub(order.filledValue, order.fees))

function completion(order: VenueOrder): string {
  if (order.status === 'FILLED') return '100'
  const [done, all] = order.quoteSize === undefined ? [order.filledBase, order.baseSize ?? ZERO] : [sub(order.quoteSize, order.quoteLeft), order.quoteSize]
  return isZero(all) ? '0' : text(divide(mul(done, amount(100)), all))
}

const triggerOf = (order: VenueOrder): string => {
  if (order.type !== 'STOP_LIMIT') return 'INVALID_ORDER_TYPE'
  return order.waiting ? 'STOP_PENDING' : 'STOP_TRIGGERED'
}

/** An order as the queries show it. */
export const orderRow = (order: VenueOrder, userId: string): Row => ({
  order_id: order.id,
  product_id: order.product,
  user_id: userId,
  order_configuration: order.configuration,
  side: order.side,
  client_order_id: order.clientOrderId,
  status: order.status,
  time_in_force: order.timeInForce,
  created_time: micros(order.createdMs),
  completion_percentage: completion(order),
  filled_size: text(order.filledBase),
  average_filled_price: text(averageOf(order)),
  fee: '',
  number_of_fills: String(order.fills),
  filled_value: text(order.filledValue),
  pending_cancel: order.status === 'CANCEL_QUEUED',
  size_in_quote: order.quoteSize !== undefined,
  total_fees: text(order.fees),
  size_inclusive_of_fees: order.quoteSize !== undefined,
  total_value_after_fees: text(afterFees(order)),
  trigger_status: triggerOf(order),
  order_type: order.type,
  reject_reason: order.rejectReason === '' ? 'REJECT_REASON_UNSPECIFIED' : order.rejectReason,
  settled: order.status === 'FILLED',
  product_type: 'SPOT',
  reject_message: order.rejectMessage,
  cancel_message: order.cancelMessage,
  order_placement_source: 'RETAIL_ADVANCED',
  outstanding_hold_amount: text(order.hold),
  is_liquidation: false,
  last_fill_time: order.lastFillMs === undefined ? null : millis(order.lastFillMs),
  last_update_time: micros(order.updatedMs),
  edit_history: [],
  leverage: '',
  margin_type: 'UNKNOWN_MARGIN_TYPE',
  retail_portfolio_id: order.portfolio,
})

/** A fill as the list shows it: of an order by quote the size is in quote, too. */
export const fillRow = (fill: Fill, userId: string): Row => ({
  entry_id: fill.entryId,
  trade_id: fill.tradeId,
  order_id: fill.orderId,
  trade_time: millis(fill.atMs),
  trade_type: 'FILL',
  price: text(fill.price),
  size: text(fill.sizeInQuote ? fill.value : fill.quantity),
  commission: text(fill.fee),
  product_id: fill.product,
  sequence_timestamp: micros(fill.atMs),
  liquidity_indicator: fill.liquidity,
  size_in_quote: fill.sizeInQuote,
  user_id: userId,
  side: fill.side,
  retail_portfolio_id: fill.portfolio,
})

const typeNames: Readonly<Record<VenueOrder['type'], string>> = { MARKET: 'Market', LIMIT: 'Limit', STOP_LIMIT: 'Stop Limit' }

/** An order as the user channel tells it: cumulative, under the product's name in dollars, and with nothing left once it is over. */
export const userRow = (order: VenueOrder, hold: Amount = order.hold): Row => ({
  avg_price: text(averageOf(order)),
  cancel_reason: order.cancelMessage,
  client_order_id: order.clientOrderId,
  completion_percentage: completion(order),
  contract_expiry_type: 'UNKNOWN_CONTRACT_EXPIRY_TYPE',
  creation_time: micros(order.createdMs),
  cumulative_quantity: text(order.filledBase),
  end_time: order.endMs === undefined ? NO_TIME : millis(order.endMs),
  filled_value: text(order.filledValue),
  leaves_quantity: isOver(order) ? '0' : text(order.leaves),
  limit_price: order.limitPrice === undefined ? '' : text(order.limitPrice),
  number_of_fills: String(order.fills),
  order_id: order.id,
  order_side: order.side,
  order_type: typeNames[order.type],
  outstanding_hold_amount: text(hold),
  post_only: String(order.postOnly),
  product_id: order.book,
  product_type: 'SPOT',
  reject_reason: order.rejectReason,
  retail_portfolio_id: order.portfolio,
  risk_managed_by: 'UNKNOWN_RISK_MANAGEMENT_TYPE',
  start_time: NO_TIME,
  status: order.status,
  stop_price: order.stopPrice === undefined ? '' : text(order.stopPrice),
  time_in_force: order.timeInForce,
  total_fees: text(order.fees),
  total_value_after_fees: text(afterFees(order)),
  trigger_status: triggerOf(order),
})
