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

/** A command to the venue. */
export interface OrderRequest {
  /** The same on every retry, never reused: UUID from sha256(store id, bot id, intent number). */
  readonly clientOrderId: string
  readonly botId: string
  readonly instrument: string
  readonly side: Side
  readonly type: OrderType
  /** Quote units (buys at market, the fee inside) or base units; above 0, whole increments of the instrument. */
  readonly size: { readonly quote: Decimal } | { readonly base: Decimal }
  /** Quote units for one base unit, as the stop price; of `limit` and `stopLimit` orders. */
  readonly limitPrice?: Decimal
  /** From which price on a `stopLimit` order works. */
  readonly stopPrice?: Decimal
  /** Refused by the venue rather than filled as taker; `false` when left out. */
  readonly postOnly?: boolean
  /** The venue ends what is not filled by then. */
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
  /** Base units, all fills so far; never less than in an earlier report. */
  readonly filledQuantity: Decimal
  /** Quote units for one base unit, over all fills so far. */
  readonly averagePrice?: Decimal
  /** Quote units, all fills so far. */
  readonly feesTotal?: Decimal
  /** Of a rejection or an end before its time: the venue's word, for a person. */
  readonly reason?: string
  /** Absent where the venue does not tell them: news of an order often hold its state alone. */
  readonly terms?: VenueTerms
  readonly atMs: EpochMs
}
