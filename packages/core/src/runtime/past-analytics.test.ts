import { expect, test } from 'vitest'
import type { Store } from '../contracts/store.ts'
import { DurableState } from '../engine/durable-state.ts'
import { relyOnStore } from '../engine/rely-on-store.ts'
import { AnalyticsOfStore } from './past-analytics.ts'

/** Books that have forgotten one order. */
function forgetfulBooks(): DurableState {
  const books = new DurableState()
  books.orders.keepAll({
    columns: ['clientOrderId', 'done'],
    rows: [
      ['a', true],
      ['b', true],
    ],
  })
  relyOnStore(books, { keep: 1, has: () => false, order: () => undefined, nameOf: () => undefined, hasFill: () => false })
  return books
}

test('while everything is in memory the store is not asked', () => {
  const store = { rows: () => expect.unreachable() } as unknown as Store
  const analytics = new AnalyticsOfStore(store, new DurableState())
  analytics.keep()
  expect(analytics.read()).toBeUndefined()
})

test('what the run ended with is told after its store was closed; a store that could not be read says why, to whoever asks', () => {
  let closed = false
  const rows = (table: string): readonly never[] => {
    if (closed) throw new Error(`${table}: disk I/O error`)
    return []
  }
  const store = { rows } as unknown as Store
  const analytics = new AnalyticsOfStore(store, forgetfulBooks())
  expect(analytics.read()).toEqual({ executions: [], roundTrips: [] })
  analytics.keep()
  closed = true
  expect(analytics.read()).toEqual({ executions: [], roundTrips: [] })
  const late = new AnalyticsOfStore(store, forgetfulBooks())
  expect(() => late.keep()).not.toThrow()
  expect(() => late.read()).toThrow('orders: disk I/O error')
})
