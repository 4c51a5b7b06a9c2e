import { add, text } from './amount.ts'
import type { OrderStatus } from './ledger/order.ts'
import type { VenueState } from './venue-state.ts'

/** A wallet, as decimal text. */
export interface BalanceView {
  readonly portfolio: string
  readonly currency: string
  readonly total: string
  readonly available: string
  readonly hold: string
}

/** An order as the venue's books have it at this moment, whatever the queries show. */
export interface OrderView {
  readonly id: string
  readonly clientOrderId: string
  readonly portfolio: string
  /** The key's name, or `owner`. */
  readonly placedBy: string
  readonly product: string
  readonly side: 'BUY' | 'SELL'
  readonly status: OrderStatus
  readonly filledBase: string
  readonly filledValue: string
  readonly fees: string
  readonly fills: number
  readonly hold: string
  readonly createdMs: number
}

/** A fill; `quantity` is in base and `value` in quote, whatever the order's size was in. */
export interface FillView {
  readonly entryId: string
  readonly orderId: string
  readonly clientOrderId: string
  readonly portfolio: string
  readonly product: string
  readonly side: 'BUY' | 'SELL'
  readonly price: string
  readonly quantity: string
  readonly value: string
  readonly fee: string
  readonly liquidity: 'MAKER' | 'TAKER'
  readonly atMs: number
}

/** What stands against the wallets of a currency; with them it sums to zero. */
export interface CounterView {
  readonly currency: string
  readonly market: string
  readonly fees: string
  readonly outside: string
}

/** The books of the venue, exact. */
export interface LedgerView {
  readonly balances: readonly BalanceView[]
  readonly counters: readonly CounterView[]
  readonly orders: readonly OrderView[]
  readonly fills: readonly FillView[]
}

export function ledgerView(venue: VenueState): LedgerView {
  const { ledger, orders, fills } = venue
  return {
    balances: [...ledger.accounts.values()].map(({ portfolio, currency, available, hold }) => ({
      ...{ portfolio, currency, total: text(add(available, hold)), available: text(available), hold: text(hold) },
    })),
    counters: [...ledger.counters].map(([currency, { market, fees, outside }]) => ({
      ...{ currency, market: text(market), fees: text(fees), outside: text(outside) },
    })),
    orders: [...orders.values()].map((order) => ({
      ...{ id: order.id, clientOrderId: order.clientOrderId, portfolio: order.portfolio, placedBy: order.placedBy, product: order.product },
      ...{ side: order.side, status: order.status, filledBase: text(order.filledBase), filledValue: text(order.filledValue) },
      ...{ fees: text(order.fees), fills: order.fills, hold: text(order.hold), createdMs: order.createdMs },
    })),
    fills: fills.map((fill) => ({
      ...{ entryId: fill.entryId, orderId: fill.orderId, clientOrderId: orders.get(fill.orderId)!.clientOrderId, portfolio: fill.portfolio },
      ...{ product: fill.product, side: fill.side, price: text(fill.price), quantity: text(fill.quantity), value: text(fill.value) },
      ...{ fee: text(fill.fee), liquidity: fill.liquidity, atMs: fill.atMs },
    })),
  }
}
