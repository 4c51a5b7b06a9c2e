import type { Amount } from '../amount.ts'

export type Side = 'BUY' | 'SELL'
export type OrderStatus = 'PENDING' | 'OPEN' | 'CANCEL_QUEUED' | 'FILLED' | 'CANCELLED' | 'EXPIRED' | 'FAILED'
export type TimeInForce = 'GOOD_UNTIL_CANCELLED' | 'GOOD_UNTIL_DATE_TIME' | 'IMMEDIATE_OR_CANCEL' | 'FILL_OR_KILL'

/** What somebody asked for, checked. */
export interface OrderTerms {
  readonly clientOrderId: string
  readonly portfolio: string
  /** The product as it was named; an alias keeps its own quote currency. */
  readonly product: string
  readonly book: string
  readonly base: string
  readonly quote: string
  readonly side: Side
  readonly type: 'MARKET' | 'LIMIT' | 'STOP_LIMIT'
  readonly timeInForce: TimeInForce
  /** As it was sent. */
  readonly configuration: Readonly<Record<string, unknown>>
  readonly baseSize?: Amount
  /** Fee included; purchases at the market only. */
  readonly quoteSize?: Amount
  readonly limitPrice?: Amount
  readonly stopPrice?: Amount
  readonly stopDirection?: 'STOP_DIRECTION_STOP_UP' | 'STOP_DIRECTION_STOP_DOWN'
  readonly postOnly: boolean
  readonly endMs?: number
}

/** An order as the venue keeps it. */
export interface VenueOrder extends OrderTerms {
  readonly id: string
  /** Order of arrival. */
  readonly sequence: number
  /** The name of the key it came by, or `owner` for one that was made by hand. */
  readonly placedBy: string
  readonly createdMs: number
  /** It never fills at a worse price: its limit, or where the venue stops market orders. */
  readonly boundPrice: Amount
  readonly makerRate: Amount
  readonly takerRate: Amount
  status: OrderStatus
  /** True for a stop order until the last price reaches its stop. */
  waiting: boolean
  /** Quantity still to be filled, in base; for an order by quote the quote still to be spent is in `quoteLeft`. */
  leaves: Amount
  quoteLeft: Amount
  filledBase: Amount
  filledValue: Amount
  fees: Amount
  fills: number
  /** Fills it ever had, those that were taken back included. */
  everFilled: number
  hold: Amount
  /** What was set aside before the last fill: the first of two reports of a complete fill still shows it. */
  holdBefore: Amount
  lastFillMs: number | undefined
  updatedMs: number
  cancelMessage: string
  rejectReason: string
  rejectMessage: string
  /** Size that stood at its price before it came, and must trade first. */
  queueAhead: Amount
  /** When queries show the order at all, and its next state. */
  lagMs: number
}

/** A trade of an order. */
export interface Fill {
  readonly entryId: string
  readonly tradeId: string
  readonly orderId: string
  readonly portfolio: string
  readonly product: string
  readonly base: string
  readonly quote: string
  readonly side: Side
  readonly price: Amount
  readonly quantity: Amount
  readonly value: Amount
  readonly fee: Amount
  readonly liquidity: 'MAKER' | 'TAKER'
  readonly sizeInQuote: boolean
  readonly atMs: number
  /** When the list of fills shows it. */
  visibleMs: number
}

const terminal: ReadonlySet<OrderStatus> = new Set(['FILLED', 'CANCELLED', 'EXPIRED', 'FAILED'])

/** True once nothing more can happen to an order. */
export const isOver = (order: { readonly status: OrderStatus }): boolean => terminal.has(order.status)
