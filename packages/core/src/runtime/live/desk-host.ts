import type { AccountEvent, LinkEvent, OrderEvent } from '../../contracts/events.ts'
import type { DurableState } from '../../engine/durable-state.ts'
import type { Order } from '../../engine/order-machine.ts'
import type { LostOrder } from './lost-orders.ts'
import type { EpochMs } from '../../model/time.ts'

/** The engine, as the desk before a real venue sees it. Whatever it is told happens in the one total order, journalled first. */
export interface DeskHost {
  /** Our books: read, never changed from here. */
  readonly books: DurableState
  nowMs(): EpochMs
  order(event: OrderEvent): void
  account(event: AccountEvent): void
  link(event: LinkEvent): void
  /** The bot and number of an order of ours that the journal lost with its end; undefined for an order of others. */
  lostOrder(clientOrderId: string): LostOrder | undefined
  /** The largest number among these orders that is ours and has not left by the journal; undefined when there is none. */
  numberAhead(clientOrderIds: readonly string[]): number | undefined
  /** Writes down that an order leaves a second time; false while the durable latch is set. */
  probe(order: Order): boolean
  /** The desk cannot go on: a mistake of ours. */
  failed(error: unknown): void
}
