import type { OrderState, Side } from '../model/order.ts'
import type { PositionStatus } from '../model/position.ts'
import type { EpochMs } from '../model/time.ts'

/** An order as others see it: amounts as decimal text. */
export interface OrderRecord {
  readonly clientOrderId: string
  readonly venueOrderId: string | undefined
  readonly botId: string
  readonly instrument: string
  readonly side: Side
  readonly kind: 'open' | 'add' | 'reduce' | 'close'
  readonly origin: 'strategy' | 'exit' | 'manual'
  readonly source: string
  readonly type: 'market' | 'limit' | 'stopLimit'
  readonly quoteSize: string | undefined
  readonly baseSize: string | undefined
  readonly state: OrderState
  readonly filledQuantity: string
  readonly averagePrice: string | undefined
  readonly reason: string | undefined
  readonly createdAtMs: EpochMs
  readonly updatedAtMs: EpochMs
}

/** One own execution; `realizedPnl` net of fees for sells, `'0'` for buys. */
export interface FillRecord {
  readonly fillId: string
  readonly clientOrderId: string
  readonly botId: string
  readonly instrument: string
  readonly side: Side
  readonly price: string
  readonly quantity: string
  readonly value: string
  readonly feeAmount: string
  readonly feeCurrency: string
  readonly realizedPnl: string
  /** The exit rule, strategy or person that asked for the order. */
  readonly source: string
  readonly atMs: EpochMs
}

/** One held tranche of a position: amounts as decimal text. */
export interface TrancheRecord {
  readonly trancheId: string
  /** Place among the entries of the position, from 1; amounts are decimal text. */
  readonly number: number
  readonly entryPrice: string
  readonly quantity: string
  readonly cost: string
  readonly fees: string
  readonly openedAtMs: EpochMs
}

/** What a comparison of the books with the venue's account found, and what was done about it. */
export interface ReconcileReport {
  readonly atMs: EpochMs
  /** In words, one each; empty when both agree. */
  readonly differences: readonly string[]
  /** What came (> 0) or went (< 0) at the venue without an order of ours, as decimal text: booked as paid in or out. */
  readonly corrections: readonly { readonly currency: string; readonly amount: string }[]
  /** What bots hold by our books and is not at the venue: trading is halted. Undefined when nothing is missing. */
  readonly mismatch: string | undefined
  /** True while a difference waits for a second look some seconds later, before anything is booked. */
  readonly unconfirmed: boolean
}

/** What one bot holds and has made: amounts as decimal text. */
export interface PositionRecord {
  readonly botId: string
  readonly instrument: string
  readonly status: PositionStatus
  readonly quantity: string
  /** Without fees; undefined when flat. */
  readonly averageEntry: string | undefined
  /** Quote that left for what is held, fees included. */
  readonly cost: string
  readonly realizedPnl: string
  /** At the last price, net of entry fees; `'0'` when flat. */
  readonly unrealizedPnl: string
  readonly tranches: readonly TrancheRecord[]
}
