import { NEVER } from 'rxjs'
import { expect, test } from 'vitest'
import type { CancelResult, Exchange } from '../contracts/exchange.ts'
import { DurableState } from '../engine/durable-state.ts'
import { relyOnStore } from '../engine/rely-on-store.ts'
import { ZERO } from '../model/money.ts'
import type { OrderRef } from '../model/order.ts'
import type { EpochMs } from '../model/time.ts'
import { simulatedClock } from '../testing/simulated-clock.ts'
import { cancelLive, cancelOnlyText } from './cancel-only.ts'

const instrument = 'BTC-USD'

/** Books with one order a bot, in these states. */
function booksWith(states: Readonly<Record<string, 'intent' | 'sent' | 'open' | 'unknown'>>): DurableState {
  const books = new DurableState()
  books.ledger.deposit('USD', ZERO.plus(1_000))
  for (const [i, [id, state]] of Object.entries(states).entries()) {
    const order = { clientOrderId: id, intentNo: i + 1, instrument, side: 'buy', kind: 'open', origin: 'strategy', source: 's', orderType: 'market' } as const
    const facts = { ...order, quoteSize: ZERO.plus(10), reserveCurrency: 'USD', reserveAmount: ZERO.plus(10), expectedPrice: 1, score: 1 } as const
    books.apply('intent', 1 as EpochMs, `bot-${id}`, { ...facts, temperature: 'hot', configHash: '' } as never)
    if (state !== 'intent') books.apply('sent', 2 as EpochMs, `bot-${id}`, { clientOrderId: id })
    if (state === 'open')
      books.apply('orderEvent', 3 as EpochMs, `bot-${id}`, { clientOrderId: id, state, venueOrderId: `v-${id}`, filledQuantity: ZERO } as never)
    if (state === 'unknown') books.apply('orderEvent', 3 as EpochMs, `bot-${id}`, { clientOrderId: id, state, filledQuantity: ZERO } as never)
  }
  return books
}

interface Venue {
  readonly live?: readonly OrderRef[] | 'fails'
  cancel?(ref: OrderRef): Promise<CancelResult>
}

function exchangeOf({ live = [], cancel = async () => ({ outcome: 'cancelled' }) }: Venue): { readonly exchange: Exchange; readonly asked: OrderRef[] } {
  const asked: OrderRef[] = []
  const exchange = {
    async liveOrders() {
      if (live === 'fails') throw new Error('no connection')
      return { items: live.map((ref) => ({ ref, state: 'open', filledQuantity: ZERO, atMs: 0 })), complete: true }
    },
    cancel(ref: OrderRef) {
      asked.push(ref)
      return cancel(ref)
    },
    events: () => NEVER,
  } as unknown as Exchange
  return { exchange, asked }
}

const start = simulatedClock(0 as EpochMs)

test('what works is cancelled by the name that the venue knows, also orders whose answer never came; what is not ours is left alone', async () => {
  const books = booksWith({ a: 'open', b: 'sent', c: 'intent', d: 'unknown' })
  const { exchange, asked } = exchangeOf({
    live: [
      { clientOrderId: 'b', instrument, venueOrderId: 'v-b' },
      { clientOrderId: 'by hand', instrument, venueOrderId: 'v-x' },
    ],
  })
  const report = await cancelLive(exchange, start, books, Promise.resolve())
  expect(report).toEqual({ cancelled: ['a', 'b', 'd'], left: [] })
  expect(asked.map(({ clientOrderId, venueOrderId }) => [clientOrderId, venueOrderId]).sort((x, y) => String(x).localeCompare(String(y)))).toEqual([
    ['a', 'v-a'],
    ['b', 'v-b'],
    ['d', undefined],
  ])
  expect(cancelOnlyText(report)).toBe('no order leaves any more; 3 working orders were cancelled')
})

test('what the venue does not confirm is named, and a list that fails keeps nothing from being tried', async () => {
  const { exchange } = exchangeOf({
    live: 'fails',
    cancel: async ({ clientOrderId }) => {
      if (clientOrderId === 'a') throw new Error('no connection')
      return clientOrderId === 'b' ? { outcome: 'unknown' } : { outcome: 'tooLate' }
    },
  })
  const report = await cancelLive(exchange, start, booksWith({ a: 'open', b: 'open', c: 'open' }), Promise.resolve())
  expect(report).toEqual({ cancelled: ['c'], left: ['a', 'b'] })
  expect(cancelOnlyText(report)).toBe('no order leaves any more; 1 working order was cancelled, of 2 the venue did not confirm it (a, b)')
})

test('a venue that never answers does not hold up the end', async () => {
  const clock = simulatedClock(0 as EpochMs)
  const never = new Promise<never>(() => undefined)
  const { exchange } = exchangeOf({ cancel: () => never })
  const report = cancelLive({ ...exchange, liveOrders: () => never }, clock, booksWith({ a: 'open' }), never)
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(5_000)
  }
  expect(await report).toEqual({ cancelled: [], left: ['a'] })
})

test('an order that is over in our books and works at the venue is asked of the store; when that fails as well, only what is known to be ours is cancelled', async () => {
  const stray = { clientOrderId: 'stray', instrument, venueOrderId: 'v-stray' }
  const past = { has: (id: string) => id === 'stray', order: () => undefined, nameOf: () => undefined, hasFill: () => false }
  const asking = booksWith({ a: 'open' })
  relyOnStore(asking, past)
  expect(await cancelLive(exchangeOf({ live: [stray] }).exchange, start, asking, Promise.resolve())).toEqual({ cancelled: ['a', 'stray'], left: [] })
  const broken = booksWith({ a: 'open' })
  relyOnStore(broken, {
    ...past,
    has: () => {
      throw new Error('disk I/O error')
    },
  })
  expect(await cancelLive(exchangeOf({ live: [stray] }).exchange, start, broken, Promise.resolve())).toEqual({ cancelled: ['a'], left: [] })
})
