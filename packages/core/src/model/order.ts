import type { Decimal } from 'decimal.js'
import type { EpochMs } from './time.ts'

/** Direction of an order or a fill. */
export type Side = 'buy' | 'sell'
/** How an order may be filled. */
export type OrderType = 'market' | 'limit' | 'stopLimit'

/** How long an order can work: until cancelled, until `expireAtMs`, at once as far as it goes, or at once and whole. */
export const timesInForce = ['gtc', 'gtd', 'ioc', 'fok'] as const

/** How long an order works. */
export type TimeInForce = (typeof timesInForce)[number]

/** *Denied* is ours and never becomes an order; *rejected* is the venue's. `unknown` is resolved by reconciling, never guessed. */
export type OrderState = 'intent' | 'sent' | 'open' | 'partiallyFilled' | 'filled' | 'cancelled' | 'expired' | 'rejected' | 'unknown'

/** A command to the venue. The size of a buy in quote includes the fee. */
export interface OrderRequest {
  /** The same on every retry, never reused: UUID from sha256(store id, bot id, intent number). */
  readonly clientOrderId: string
  readonly botId: string
  readonly instrument: string
  readonly side: Side
  readonly type: OrderType
  readonly size: { readonly quote: Decimal } | { readonly base: Decimal }
  readonly limitPrice?: Decimal
  readonly stopPrice?: Decimal
  readonly postOnly?: boolean
  readonly expireAtMs?: EpochMs
  /** Without it a market order is `ioc`, another one `gtd` when it has an `expireAtMs`, else `gtc`. */
  readonly timeInForce?: TimeInForce
}

/** What names an order: our own id, and the venue's once it gave one. */
export interface OrderRef {
  readonly clientOrderId: string
  readonly venueOrderId?: string
  readonly instrument: string
}

/** What an order asked for, as the venue tells it. */
export type VenueTerms = Pick<OrderRequest, 'side' | 'type' | 'size' | 'limitPrice'>

/** What the venue says of one order; amounts are cumulative. */
export interface OrderReport {
  readonly ref: OrderRef
  readonly state: OrderState
  readonly filledQuantity: Decimal
  readonly averagePrice?: Decimal
  readonly feesTotal?: Decimal
  readonly reason?: string
  /** Absent where the venue does not tell them: news of an order often hold its state alone. */
  readonly terms?: VenueTerms
  readonly atMs: EpochMs
}
