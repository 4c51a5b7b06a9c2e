import type { ExecutionRecord, RoundTripRecord } from '../contracts/analytics.ts'
import type { Store } from '../contracts/store.ts'
import { executionOfRow, roundTripOfRow } from '../engine/analytics-rows.ts'
import type { DurableState } from '../engine/durable-state.ts'
import { relyOnStore } from '../engine/rely-on-store.ts'

/** What came of orders (oldest first) and round trips, of which memory holds only the newest. */
export interface PastAnalytics {
  readonly executions: readonly ExecutionRecord[]
  readonly roundTrips: readonly RoundTripRecord[]
}

/** From here on a store that can tells of what is over, and memory holds the newest of it only. Undefined for a store that cannot. */
export function askStoreForPast(store: Store | undefined, books: DurableState): AnalyticsOfStore | undefined {
  if (store?.past === undefined) return undefined
  relyOnStore(books, store.past)
  return new AnalyticsOfStore(store, books)
}

/** Reads the store's rows of orders and round trips back, as long as memory does not hold all of them. */
export class AnalyticsOfStore {
  private last: PastAnalytics | { readonly failure: unknown } | undefined
  private readonly store: Store
  private readonly books: DurableState

  constructor(store: Store, books: DurableState) {
    this.store = store
    this.books = books
  }

  /** Undefined while everything is in memory. @throws EngineError `JOURNAL_FAILED` when the store could not be read at the end of the run */
  read(): PastAnalytics | undefined {
    const { last } = this
    if (last !== undefined && 'failure' in last) throw last.failure
    return last ?? this.rows()
  }

  /** For questions after the run: its store will be closed. */
  keep(): void {
    try {
      this.last = this.rows()
    } catch (failure) {
      // Told to whoever asks: a run that ends because of its disk has to end nevertheless.
      this.last = { failure }
    }
  }

  private rows(): PastAnalytics | undefined {
    const { store, books } = this
    if (!books.orders.areForgotten && books.analytics.trips.count === books.analytics.trips.closed.length) return undefined
    const numbers = new Map(store.rows('orders').map((row) => [row['client_order_id'], Number(row['intent_no'])]))
    const executions = store.rows('executions').map(executionOfRow)
    executions.sort((a, b) => numbers.get(a.clientOrderId)! - numbers.get(b.clientOrderId)!)
    return { executions, roundTrips: store.rows('round_trips').map(roundTripOfRow) }
  }
}
