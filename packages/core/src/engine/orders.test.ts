import { expect, test } from 'vitest'
import type { Json } from '../model/json.ts'
import { ZERO } from '../model/money.ts'
import { newOrder } from './order-machine.ts'
import type { Order } from './order-machine.ts'
import { orderTable, restoreOrder, snapshotOrder } from './order-snapshot.ts'
import type { OrderTable } from './order-snapshot.ts'
import { Orders } from './orders.ts'

const orderOf = (id: string): Order =>
  newOrder(
    'btc',
    { clientOrderId: id, instrument: 'BTC-USD', side: 'buy', quoteSize: ZERO.plus('10.25'), expectedPrice: 1.5, score: 'NaN' } as never,
    7 as never,
  )

/** As a store gives it back. */
const stored = (table: OrderTable): OrderTable => JSON.parse(JSON.stringify(table)) as OrderTable
const read = (order: Order): Order => restoreOrder(snapshotOrder(order) as { readonly [key: string]: Json })

test('orders of a table are read when somebody asks for them, and are then the same ones for everybody', () => {
  const orders = new Orders()
  const [a, b] = [
    { ...orderOf('a'), done: true },
    { ...orderOf('b'), venueOrderId: 'v-b' },
  ]
  orders.keepAll(stored(orderTable([a, b])))
  orders.set('c', orderOf('c'))
  expect([orders.size, orders.has('a'), orders.has('d'), orders.get('d')]).toEqual([3, true, false, undefined])
  expect(orders.snapshot()).toEqual([a, b, orderOf('c')].map(snapshotOrder))
  expect(orders.get('a')).toEqual(read(a))
  expect(orders.get('a')).toBe(orders.get('a'))
  expect(orders.unfinished()).toEqual([read(b), orderOf('c')])
  orders.get('b')!.state = 'open'
  expect([...orders.values()].map(({ clientOrderId, state }) => [clientOrderId, state])).toEqual([
    ['a', 'intent'],
    ['b', 'open'],
    ['c', 'intent'],
  ])
  expect((orders.snapshot()[1] as { readonly state: string }).state).toBe('open')
  // What a later table says counts, in the old place.
  expect(orders.get('a')!.state).toBe('intent')
  orders.keepAll(stored(orderTable([{ ...a, state: 'filled' }])))
  expect(orders.get('a')!.state).toBe('filled')
  expect([...orders.values()].map(({ state }) => state)).toEqual(['filled', 'open', 'intent'])
  orders.clear()
  expect([orders.size, orders.get('a')]).toEqual([0, undefined])
})

test('a finished order is one object in all snapshots, until something comes late', () => {
  const orders = new Orders()
  const order = { ...orderOf('a'), done: true }
  orders.set('a', order)
  orders.set('b', orderOf('b'))
  const [first, second] = [orders.snapshot(), orders.snapshot()]
  expect([first[0] === second[0], first[1] === second[1]]).toEqual([true, false])
  order.bookedQuantity = order.bookedQuantity.plus(1)
  expect(orders.snapshot()[0]).toEqual(snapshotOrder(order))
  order.botId = 'eth'
  expect(orders.snapshot()[0]).toEqual(snapshotOrder(order))
  expect(first[0]).toEqual(snapshotOrder({ ...orderOf('a'), done: true }))
})
