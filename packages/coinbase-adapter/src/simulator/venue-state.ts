import type { Subject } from 'rxjs'
import type { Amount } from './amount.ts'
import type { VenueClock } from './clock.ts'
import type { FaultGate } from './faults/kinds.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Fill, VenueOrder } from './ledger/order.ts'
import type { Book, TapeTrade } from './matching/book.ts'
import type { Product } from './market/products.ts'

/** What happened, for whoever passes it on. */
export type VenueEvent =
  | { readonly type: 'order'; readonly order: Readonly<VenueOrder> }
  | { readonly type: 'trade'; readonly trade: TapeTrade }
  | { readonly type: 'product'; readonly product: Product }

/** How long things take, in ms of the venue's clock. */
export interface Lag {
  /** Until queries show an order and each of its next states. */
  ordersMs: number
  /** Until the list of fills shows a fill. */
  fillsMs: number
  /** An accepted order is PENDING for so long, and takes part in nothing. */
  openMs: number
  /** An order whose cancel was taken stays in the book for so long, and may still fill. */
  cancelMs: number
}

/** A state of an order, and when queries show it. */
export interface OrderVersion {
  readonly visibleMs: number
  readonly order: Readonly<VenueOrder>
}

/** Everything the venue knows. Functions of `matching/` change it; nothing else does. */
export interface VenueState {
  readonly seed: number
  readonly clock: VenueClock
  readonly startMs: number
  /** Runs something at a moment, unless the venue was closed before. */
  later(atMs: number, run: () => void): void
  readonly ledger: Ledger
  readonly products: Map<string, Product>
  /** By the id of the product in dollars. */
  readonly books: Map<string, Book>
  readonly orders: Map<string, VenueOrder>
  /** By portfolio and the client's own id. */
  readonly byClientId: Map<string, VenueOrder>
  readonly versions: Map<string, OrderVersion[]>
  /** Ids of orders that were not over when somebody last looked, in order of arrival. */
  readonly live: Set<string>
  /** Oldest first. */
  readonly fills: Fill[]
  readonly events: Subject<VenueEvent>
  readonly lag: Lag
  readonly rates: { maker: Amount; taker: Amount }
  readonly faults: FaultGate
  /** Orders and liquidity in order of arrival. */
  nextSequence: number
}
