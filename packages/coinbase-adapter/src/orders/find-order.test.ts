import { money } from '@millrace/core'
import type { EpochMs, OrderRef } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { listed, never, orderRow, requestOf, scriptedVenue, taken } from './scripted-venue.fixture.ts'
import type { Reply, Seen, ScriptedVenue } from './scripted-venue.fixture.ts'

const LIST = 'GET /orders/historical/batch'
const ref: OrderRef = { clientOrderId: 'c1', instrument: 'BTC-USD' }
const statusOf = ({ query }: Seen): string => query.get('order_status') ?? 'history'
const asked = (venue: ScriptedVenue): readonly string[] => venue.seen.filter(({ route }) => route === LIST).map(statusOf)
const long = (Date.now() - 3_600_000) as EpochMs

describe('an order that is looked up by our id', () => {
  it.each(['PENDING', 'QUEUED', 'OPEN', 'EDIT_QUEUED', 'CANCEL_QUEUED'])(
    'is found while it is %s, which "open" alone would hide [fault 15] [pitfall 23]',
    async (status) => {
      const venue = await scriptedVenue()
      venue.on(LIST, listed([orderRow({ order_id: 'other', client_order_id: 'c0', status }), orderRow({ status })]))
      expect(await venue.exchange.order(ref)).toMatchObject({ ref: { ...ref, venueOrderId: 'v1' }, state: 'open' })
    },
  )

  it('is found in the history when it is closed, back to the time it was sent', async () => {
    const venue = await scriptedVenue()
    venue.on(LIST, listed([orderRow({ status: 'CANCELLED', filled_size: '0.5', average_filled_price: '100.5', cancel_message: 'User requested cancel' })]))
    const report = await venue.exchange.order(ref, { firstSentAtMs: long })
    expect(report).toMatchObject({ state: 'cancelled', reason: 'User requested cancel' })
    const { query } = venue.seen.findLast(({ route }) => route === LIST)!
    expect(Date.parse(query.get('start_date')!)).toBeLessThan(long - 60_000)
    expect(Date.parse(query.get('start_date')!)).toBeGreaterThan(long - 600_000)
  })

  it('is not there when every list was read to its end, in the order in which an order moves', async () => {
    const venue = await scriptedVenue()
    expect(await venue.exchange.order(ref, { firstSentAtMs: long })).toBe('notFound')
    expect(asked(venue)).toEqual(['PENDING', 'QUEUED', 'OPEN', 'EDIT_QUEUED', 'CANCEL_QUEUED', 'history', 'history'])
  })

  it('goes through all pages', async () => {
    const venue = await scriptedVenue()
    venue.on(LIST, ({ query }) => {
      const page = Number(query.get('cursor') ?? '0')
      const last = page === 2
      return { json: { orders: [orderRow({ order_id: `v${page}`, client_order_id: `c${page}` })], has_next: !last, cursor: last ? '' : String(page + 1) } }
    })
    expect(await venue.exchange.order({ ...ref, clientOrderId: 'c2' })).toMatchObject({ ref: { venueOrderId: 'v2' } })
  })

  it.each<readonly [string, (seen: Seen) => Reply]>([
    ['a failure', () => ({ status: 400, json: { error: 'INVALID_ARGUMENT' } })],
    ['no list', () => ({ json: {} })],
    ['more without a cursor', () => ({ json: { orders: [], has_next: true, cursor: '' } })],
    ['the same cursor again', () => ({ json: { orders: [], has_next: true, cursor: 'x' } })],
    ['an order that cannot be read', () => ({ json: { orders: [{ order_id: '' }], has_next: false } })],
  ])('is unknown after %s on one of the lists: an incomplete scan proves nothing [fault 14]', async (_, reply) => {
    const venue = await scriptedVenue()
    venue.on(LIST, (seen) => (statusOf(seen) === 'QUEUED' ? reply(seen) : { json: { orders: [], has_next: false, cursor: '' } }))
    const heard = venue.listen()
    expect(await venue.exchange.order(ref, { firstSentAtMs: long })).toBe('unknown')
    expect(heard.texts().some((text) => text.startsWith('error'))).toBe(true)
  })

  it('is unknown when the history lacks an order that is known to be there: such a list proves nothing [fault 14]', async () => {
    const venue = await scriptedVenue()
    venue.on('POST /orders', taken('v0', { client_order_id: 'c0' }))
    await venue.exchange.submit(requestOf({ clientOrderId: 'c0' }), never)
    const heard = venue.listen()
    const since = { firstSentAtMs: (Date.now() - 1_000) as EpochMs }
    await new Promise((resolve) => setTimeout(resolve, 2))
    expect(await venue.exchange.order(ref, since)).toBe('unknown')
    expect(heard.texts()).toContain('error')
    venue.on(LIST, ({ query }) => ({
      json: { orders: query.get('order_status') === null ? [orderRow({ order_id: 'v0', client_order_id: 'c0' })] : [], has_next: false },
    }))
    expect(await venue.exchange.order(ref, since)).toBe('notFound')
  })

  it('is found by the second look through a history that was empty without an error [fault 14]', async () => {
    const venue = await scriptedVenue()
    let looks = 0
    venue.on(LIST, ({ query }) => ({
      json: { orders: query.get('order_status') === null && ++looks === 2 ? [orderRow({ status: 'FILLED' })] : [], has_next: false },
    }))
    expect(await venue.exchange.order(ref, { firstSentAtMs: long })).toMatchObject({ state: 'filled' })
  })

  it('is unknown while the venue may not show it yet [fault 13] [pitfall 3]', async () => {
    const venue = await scriptedVenue({ visibleAfterMs: 30_000 })
    expect(await venue.exchange.order(ref, { firstSentAtMs: (Date.now() - 1_000) as EpochMs })).toBe('unknown')
    expect(await venue.exchange.order(ref, { firstSentAtMs: (Date.now() - 31_000) as EpochMs })).toBe('notFound')
    venue.on('POST /orders', 'reset')
    await venue.exchange.submit(requestOf(), never)
    expect(await venue.exchange.order(ref, { firstSentAtMs: long })).toBe('unknown')
  })

  it('is unknown, never missing, once the venue has named it [fault 13]', async () => {
    const venue = await scriptedVenue()
    venue.on('POST /orders', taken())
    await venue.exchange.submit(requestOf(), never)
    venue.on('GET /orders/historical/v1', { status: 404, json: { error: 'unknown', error_details: 'order with this orderID was not found' } })
    expect(await venue.exchange.order(ref)).toBe('unknown')
  })
})

describe("an order that is looked up by the venue's id", () => {
  it.each([
    ['PENDING', '0', 'open'],
    ['OPEN', '0', 'open'],
    ['OPEN', '0.1', 'partiallyFilled'],
    ['CANCEL_QUEUED', '0.1', 'partiallyFilled'],
    ['FILLED', '0.2', 'filled'],
    ['CANCELLED', '0.1', 'cancelled'],
    ['EXPIRED', '', 'expired'],
    ['FAILED', '0', 'rejected'],
    ['FAILED', '0.1', 'cancelled'],
  ])('is, with status %s and %s filled, %s', async (status, filled_size, state) => {
    const venue = await scriptedVenue()
    venue.on('GET /orders/historical/v1', {
      json: { order: orderRow({ status, filled_size, reject_reason: 'HOLD_FAILURE', cancel_message: 'Internal error' }) },
    })
    const report = await venue.exchange.order({ ...ref, venueOrderId: 'v1' })
    expect(report).toMatchObject({ state })
    const ended = state === 'cancelled' || state === 'expired' || state === 'rejected'
    expect(typeof report === 'object' && report.reason).toBe(ended ? 'HOLD_FAILURE: Internal error' : undefined)
  })

  it('is unknown with a status that nobody here knows, and says so [pitfall 19]', async () => {
    const venue = await scriptedVenue()
    venue.on('GET /orders/historical/v1', { json: { order: orderRow({ status: 'UNKNOWN_ORDER_STATUS' }) } })
    const heard = venue.listen()
    expect(await venue.exchange.order({ ...ref, venueOrderId: 'v1' })).toMatchObject({ state: 'unknown', reason: 'the venue says "UNKNOWN_ORDER_STATUS"' })
    expect(heard.texts()).toContain('error unknownValue')
  })

  it('is open for as long as the venue says so, also one that was to fill at once [pitfall 24]', async () => {
    const venue = await scriptedVenue()
    venue.on('POST /orders', taken())
    venue.on(
      'GET /orders/historical/v1',
      { json: { order: orderRow() } },
      { json: { order: orderRow() } },
      { json: { order: orderRow({ status: 'CANCELLED' }) } },
    )
    await venue.exchange.submit(requestOf({ type: 'limit', size: { base: money('1') }, limitPrice: money('100'), timeInForce: 'ioc' }), never)
    const states: string[] = []
    for (let look = 0; look < 3; look++) {
      const report = await venue.exchange.order(ref)
      states.push(typeof report === 'string' ? report : report.state)
    }
    expect(states).toEqual(['open', 'open', 'cancelled'])
  })

  it.each<readonly [string, Reply]>([
    ['404', { status: 404, json: { error: 'NOT_FOUND' } }],
    ['404 in other words', { status: 404, json: { error: 'unknown', error_details: 'order with this orderID was not found' } }],
    ['400', { status: 400, json: { error: 'INVALID_ARGUMENT', message: 'Order Not Found' } }],
  ])('is looked for in the lists after %s', async (_, reply) => {
    const venue = await scriptedVenue()
    venue.on('GET /orders/historical/v1', reply)
    expect(await venue.exchange.order({ ...ref, venueOrderId: 'v1' })).toBe('notFound')
    venue.on(LIST, listed([orderRow()]))
    expect(await venue.exchange.order({ ...ref, venueOrderId: 'v1' })).toMatchObject({ state: 'open' })
  })

  it.each<readonly [string, Reply]>([
    ['another order', { json: { order: orderRow({ client_order_id: 'c2' }) } }],
    ['something else', { json: { order: { status: 'OPEN' } } }],
    ['a refusal', { status: 403, json: { error: 'PERMISSION_DENIED' } }],
  ])('is unknown after an answer with %s', async (_, reply) => {
    const venue = await scriptedVenue()
    venue.on('GET /orders/historical/v1', reply)
    expect(await venue.exchange.order({ ...ref, venueOrderId: 'v1' })).toBe('unknown')
  })
})

describe('live orders', () => {
  it('are of every status that may still trade, each once', async () => {
    const venue = await scriptedVenue()
    const rows = ['PENDING', 'QUEUED', 'OPEN', 'EDIT_QUEUED', 'CANCEL_QUEUED', 'FILLED'].map((status) =>
      orderRow({ order_id: status, client_order_id: status, status }),
    )
    venue.on(LIST, listed([...rows, orderRow({ order_id: 'OPEN', client_order_id: 'OPEN', status: 'CANCEL_QUEUED' })]))
    const { items, complete } = await venue.exchange.liveOrders()
    expect(items.map(({ ref: { clientOrderId } }) => clientOrderId)).toEqual(['PENDING', 'QUEUED', 'OPEN', 'EDIT_QUEUED', 'CANCEL_QUEUED'])
    expect(complete).toBe(true)
  })

  it('are not complete when one page failed, and an empty list is no proof then [fault 14]', async () => {
    const venue = await scriptedVenue()
    venue.on(LIST, (seen) => (statusOf(seen) === 'PENDING' ? { status: 400, text: '' } : { json: { orders: [], has_next: false } }))
    expect(await venue.exchange.liveOrders()).toEqual({ items: [], complete: false })
  })

  it('tell an order of somebody else as it is [fault 27]', async () => {
    const venue = await scriptedVenue()
    venue.on(LIST, listed([orderRow({ order_id: 'manual', client_order_id: 'by hand' })]))
    const { items } = await venue.exchange.liveOrders()
    expect(items[0]!.ref).toEqual({ clientOrderId: 'by hand', venueOrderId: 'manual', instrument: 'BTC-USD' })
  })

  it('have the name of the instrument that is traded, where USD and USDC are one book [pitfall 13]', async () => {
    const venue = await scriptedVenue({ instruments: ['BTC-USDC', 'ETH-USD', 'ETH-USDC'] })
    venue.on(LIST, listed(['BTC', 'ETH', 'SOL'].map((base) => orderRow({ order_id: base, client_order_id: base, product_id: `${base}-USD` }))))
    const { items } = await venue.exchange.liveOrders()
    expect(items.map(({ ref: { instrument } }) => instrument)).toEqual(['BTC-USDC', 'ETH-USD', 'SOL-USD'])
  })
})
