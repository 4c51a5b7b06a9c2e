import type { Instrument } from '../model/instrument.ts'
import type { ApprovedIntent } from '../model/intent.ts'
import type { OrderRequest } from '../model/order.ts'
import type { Decimal } from 'decimal.js'
import type { EpochMs } from '../model/time.ts'

/** Prices that an order may be translated with, in quote currency; NaN where there is none. */
export interface QuoteView {
  readonly bid: number
  readonly ask: number
  readonly last: number
}

/** What order translation knows of the account: exact amounts that rounding must not exceed. */
export interface OrderLimits {
  readonly nowMs: EpochMs
  /** Base units the bot holds and may sell. */
  readonly sellable: Decimal
  /** Quote that may leave. */
  readonly availableQuote: Decimal
}

/** An order as a style makes it, before it has an id. */
export interface PlannedOrder extends Omit<OrderRequest, 'clientOrderId' | 'botId'> {
  /**
   * What becomes of the part that is not filled when `expireAtMs` is reached or a post-only order is refused: nothing (the default), or a market order, judged
   * again.
   */
  readonly onExpiry?: 'cancel' | 'market'
}

/** Pure: how an approved intent becomes an order. Rounds to increments in Decimal and re-checks the limits exactly. */
export interface ExecutionStyle {
  readonly apiVersion: 1
  readonly id: string
  order(
    intent: ApprovedIntent,
    quote: QuoteView,
    instrument: Instrument,
    limits: OrderLimits,
  ): PlannedOrder | { readonly denied: string; readonly detail: string }
}
