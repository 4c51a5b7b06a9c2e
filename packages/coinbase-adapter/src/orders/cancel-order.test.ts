import type { OrderRef } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { listed, never, orderRow, scriptedVenue } from './scripted-venue.fixture.ts'
import type { Reply, ScriptedVenue } from './scripted-venue.fixture.ts'

const ref: OrderRef = { clientOrderId: 'c1', venueOrderId: 'v1', instrument: 'BTC-USD' }
const CANCEL = 'POST /orders/batch_cancel'
const row = (success: boolean, failure_reason: string): Reply => ({
  json: {
    results: [
      { success: !success, failure_reason: 'x', order_id: 'v0' },
      { success, failure_reason, order_id: 'v1' },
    ],
  },
})
const taken = row(true, 'UNKNOWN_CANCEL_FAILURE_REASON')
const order = (status: string, filled_size = '0'): Reply => ({ json: { order: orderRow({ status, filled_size }) } })

async function venueOf(cancel: Reply, ...orders: readonly Reply[]): Promise<ScriptedVenue> {
  const venue = await scriptedVenue()
  venue.on(CANCEL, cancel)
  if (orders.length > 0) venue.on('GET /orders/historical/v1', ...orders)
  return venue
}

describe('a cancel', () => {
  it('is done when the order says so, also a little later', async () => {
    const venue = await venueOf(taken, order('CANCEL_QUEUED'), order('CANCELLED'))
    expect(await venue.exchange.cancel(ref, never)).toMatchObject({ outcome: 'cancelled' })
    expect(venue.seen.find(({ route }) => route === CANCEL)!.body).toEqual({ order_ids: ['v1'] })
  })

  it('is too late when the order was filled before, although the venue took it [fault 19] [pitfall 20]', async () => {
    const venue = await venueOf(taken, order('FILLED', '1'))
    expect(await venue.exchange.cancel(ref, never)).toEqual({ outcome: 'tooLate', detail: 'the order is filled' })
  })

  it.each(['UNKNOWN_CANCEL_ORDER', 'COMMANDER_REJECTED_CANCEL_ORDER', 'ORDER_IS_FULLY_FILLED'])(
    'that is refused with %s finds out what the order is [fault 21]',
    async (reason) => {
      for (const [status, outcome] of [
        ['FILLED', 'tooLate'],
        ['CANCELLED', 'cancelled'],
        ['EXPIRED', 'tooLate'],
        ['FAILED', 'tooLate'],
        ['OPEN', 'unknown'],
      ] as const) {
        const venue = await venueOf(row(false, reason), order(status))
        const result = await venue.exchange.cancel(ref, never)
        expect(result.outcome).toBe(outcome)
        if (outcome === 'unknown') expect(result.detail).toBe(reason)
      }
    },
  )

  it('that was asked for before waits for it like the first one [fault 21]', async () => {
    const venue = await venueOf(row(false, 'DUPLICATE_CANCEL_REQUEST'), order('CANCEL_QUEUED'), order('CANCELLED'))
    expect(await venue.exchange.cancel(ref, never)).toMatchObject({ outcome: 'cancelled' })
  })

  it.each<readonly [string, Reply]>([
    ['reset', 'reset'],
    ['500', { status: 500, text: '' }],
    ['HTML', { text: '<html>' }],
    ['no row of the order', { json: { results: [] } }],
    ['nothing', { json: {} }],
  ])('whose answer is %s is settled by the order itself [fault 20]', async (_, reply) => {
    const venue = await venueOf(reply, order('CANCELLED'))
    expect(await venue.exchange.cancel(ref, never)).toMatchObject({ outcome: 'cancelled' })
    expect(venue.count(CANCEL)).toBe(1)
  })

  it.each<readonly [string, Reply]>([
    ['401', { status: 401, text: 'Unauthorized' }],
    ['403', { status: 403, text: '' }],
    ['429', { status: 429, text: '', headers: { 'retry-after': '0' } }],
  ])('that is not let through (%s) leaves it open', async (_, reply) => {
    const venue = await venueOf(reply, { status: 400, text: '' })
    expect(await venue.exchange.cancel(ref, AbortSignal.timeout(50))).toMatchObject({ outcome: 'unknown' })
  })

  it("looks the order up first when the venue's id is not known, and does not ask when it is closed", async () => {
    const venue = await venueOf(taken, order('CANCELLED'))
    venue.on('GET /orders/historical/batch', listed([orderRow({ status: 'QUEUED' })]))
    const { venueOrderId: _, ...unnamed } = ref
    expect(await venue.exchange.cancel(unnamed, never)).toMatchObject({ outcome: 'cancelled' })
    const closed = await venueOf(taken)
    closed.on('GET /orders/historical/batch', listed([orderRow({ status: 'FILLED', filled_size: '1' })]))
    expect(await closed.exchange.cancel(unnamed, never)).toMatchObject({ outcome: 'tooLate' })
    expect(closed.count(CANCEL)).toBe(0)
  })

  it('of an order that cannot be found, or looked up, is open', async () => {
    const venue = await venueOf(taken)
    const { venueOrderId: _, ...unnamed } = ref
    expect(await venue.exchange.cancel(unnamed, never)).toEqual({ outcome: 'unknown', detail: 'the venue has no order c1 that could be cancelled' })
    venue.on('GET /orders/historical/batch', { status: 400, text: '' })
    expect(await venue.exchange.cancel(unnamed, never)).toEqual({ outcome: 'unknown', detail: 'order c1 could not be looked up' })
    expect(venue.count(CANCEL)).toBe(0)
  })

  it('stops looking when it is given up', async () => {
    const venue = await venueOf(taken, order('CANCEL_QUEUED'))
    expect(await venue.exchange.cancel(ref, AbortSignal.timeout(20))).toEqual({ outcome: 'unknown', detail: 'the venue is cancelling it' })
  })
})
