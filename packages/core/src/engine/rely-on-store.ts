import type { PastOrders } from '../contracts/store.ts'
import type { DurableState } from './durable-state.ts'

/** Finished orders and round trips that stay in memory, between this many and twice as many: more than anybody still speaks of. */
const KEPT = 100

/** Ids of fills that stay in memory, so that the store is hardly ever asked whether one was booked. */
const FILL_IDS = 500

/**
 * From here on only what rules, venue and page may still ask for stays in memory; of what is over the store tells. So a run needs the same room however much it trades.
 */
export function relyOnStore({ orders, ledger, analytics }: DurableState, past: PastOrders): void {
  orders.relyOn(past, past.keep ?? KEPT)
  ledger.fillIds.relyOn((fillId) => past.hasFill(fillId), past.keep ?? FILL_IDS)
  analytics.trips.keepNewest(past.keep ?? KEPT)
}
