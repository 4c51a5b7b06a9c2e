import { afterEach, describe, expect, test } from 'vitest'
import { arrived, at, closeVenues, listAt, textAt, venueForTests } from '../venue.fixture.ts'
import type { Reply, VenueForTests } from '../venue.fixture.ts'
import type { FaultKind } from './kinds.ts'

afterEach(closeVenues)

const buy = { market_market_ioc: { quote_size: '5' } }
const resting = { limit_limit_gtc: { base_size: '0.1', limit_price: '100', post_only: false } }
const create = ({ order }: VenueForTests, id = 'one', terms: object = buy): Promise<Reply> => order(id, 'SOL-USD', 'BUY', terms)
const outcome = (reply: Promise<Reply>): Promise<Reply | 'nothing'> => reply.catch(() => 'nothing' as const)
const booked = ({ venue }: VenueForTests): number => venue.ledger().orders.length
const plenty = { limits: { privatePerSecond: 1000, publicPerSecond: 1000 } } as const

interface Row {
  readonly kind: FaultKind
  readonly row: string
  readonly more?: object
  /** What the client sees: a status, or that no whole answer came. */
  readonly seen: number | 'nothing'
  readonly booked: 0 | 1
}

const rows: readonly Row[] = [
  { kind: 'requestLost', row: '[fault 1]', seen: 'nothing', booked: 0 },
  { kind: 'replyLost', row: '[fault 2]', seen: 'nothing', booked: 1 },
  { kind: 'connectionReset', row: '[fault 11]', seen: 'nothing', booked: 0 },
  { kind: 'truncatedBody', row: '[fault 9]', seen: 'nothing', booked: 1 },
  { kind: 'htmlBody', row: '[fault 9]', seen: 200, booked: 1 },
  { kind: 'errorBefore', row: '[fault 5]', more: { status: 500 }, seen: 500, booked: 0 },
  { kind: 'errorBefore', row: '[fault 5]', more: { status: 502 }, seen: 502, booked: 0 },
  { kind: 'errorAfter', row: '[fault 4]', more: { status: 500 }, seen: 500, booked: 1 },
  { kind: 'errorAfter', row: '[fault 4]', more: { status: 503 }, seen: 503, booked: 1 },
  { kind: 'errorAfter', row: '[fault 4]', seen: 503, booked: 1 },
  { kind: 'unauthorized', row: '[fault 31]', seen: 401, booked: 0 },
  { kind: 'tooManyRequests', row: '[fault 6]', seen: 429, booked: 0 },
  { kind: 'tooManyRequestsRetryAfter', row: '[fault 6]', more: { retryAfterS: 2 }, seen: 429, booked: 0 },
  { kind: 'legacyBody', row: '[fault 8]', seen: 200, booked: 1 },
]

describe('a fault of one request', () => {
  test.each(rows)('$row $kind $more', async ({ kind, more, seen, booked: expected }) => {
    const all = await venueForTests(plenty)
    all.venue.control({ do: 'inject', kind, matching: 'POST /orders', ...more })
    expect((await all.get('/accounts')).status).toBe(200)
    const reply = await outcome(create(all))
    expect(reply === 'nothing' ? reply : reply.status).toBe(seen)
    expect([booked(all), all.venue.report().faults]).toEqual([expected, { [kind]: 1 }])
    // It is over: the same order is answered, and is still one.
    expect((await create(all)).body).toMatchObject({ success: true })
    expect([booked(all), all.venue.report().faults]).toEqual([1, { [kind]: 1 }])
  })

  test('what comes with them: HTML, Retry-After, a reason beside a success', async () => {
    const all = await venueForTests(plenty)
    all.venue.control({ do: 'inject', kind: 'errorBefore', status: 502 })
    expect(await all.get('/accounts')).toMatchObject({ text: expect.stringContaining('<html>') as string })
    all.venue.control({ do: 'inject', kind: 'errorBefore', status: 504 })
    expect(await all.get('/accounts')).toMatchObject({ status: 504, text: '' })
    all.venue.control({ do: 'inject', kind: 'tooManyRequestsRetryAfter', retryAfterS: 2 })
    expect((await all.get('/accounts')).headers.get('retry-after')).toBe('2')
    all.venue.control({ do: 'inject', kind: 'tooManyRequests' })
    expect((await all.get('/accounts')).headers.get('retry-after')).toBeNull()
    all.venue.control({ do: 'inject', kind: 'unauthorized' })
    expect(await all.get('/accounts')).toMatchObject({ status: 401, text: 'Unauthorized' })
    all.venue.control({ do: 'inject', kind: 'legacyBody' })
    expect((await create(all)).body).toMatchObject({ success: true, failure_reason: 'UNKNOWN_FAILURE_REASON', order_id: expect.any(String) as string })
  })

  test("[fault 3] a delay passes on the venue's clock: before the venue acts, or after", async () => {
    const all = await venueForTests(plenty)
    for (const [kind, id, meanwhile] of [
      ['requestDelayed', 'one', 0],
      ['replyDelayed', 'two', 2],
    ] as const) {
      all.venue.control({ do: 'inject', kind, delayMs: 30_000 })
      let done = false
      const reply = create(all, id).finally(() => (done = true))
      await arrived(() => all.venue.report().faults[kind] === 1)
      await all.venue.settled()
      expect([done, booked(all)]).toEqual([false, meanwhile])
      all.clock.advance(29_999)
      await all.venue.settled()
      expect(done).toBe(false)
      all.clock.advance(1)
      expect((await reply).body).toMatchObject({ success: true })
    }
  })

  test('[fault 14] a list is empty and says that it is whole', async () => {
    const all = await venueForTests(plenty)
    await create(all, 'one', resting)
    for (const [path, list] of [
      ['/orders/historical/batch', 'orders'],
      ['/accounts', 'accounts'],
      ['/orders/historical/fills', 'fills'],
    ] as const) {
      all.venue.control({ do: 'inject', kind: 'emptyList', matching: path })
      expect((await all.get(path)).body).toMatchObject({ [list]: [], cursor: '' })
    }
    expect(listAt((await all.get('/orders/historical/batch')).body, 'orders')).toHaveLength(1)
    expect(all.venue.report().faults).toEqual({ emptyList: 3 })
  })

  test('[fault 17] a fill comes between two pages: one that was on its way, or a new one', async () => {
    const all = await venueForTests({ ...plenty, lag: { fillsMs: 500 } })
    for (const id of ['one', 'two']) await create(all, id)
    all.clock.advance(500)
    await create(all, 'late')
    all.venue.control({ do: 'inject', kind: 'fillsBetweenPages', times: 2 })
    const page = async (query: string): Promise<unknown> => (await all.get('/orders/historical/fills', query)).body
    const first = await page('?limit=1')
    const second = await page(`?limit=1&cursor=${encodeURIComponent(textAt(first, 'cursor'))}`)
    // A place in the list, not a row: the first page's row comes again.
    expect(at(second, 'fills.0.entry_id')).toBe(at(first, 'fills.0.entry_id'))
    expect(listAt(await page(''), 'fills')).toHaveLength(3)
    expect(all.venue.report().faults).toEqual({ fillsBetweenPages: 1 })
    await create(all, 'resting', resting)
    await page('?limit=1')
    expect(at(await page(''), 'fills.0')).toMatchObject({ liquidity_indicator: 'MAKER', size: '0.05' })
    expect(all.venue.report().faults).toEqual({ fillsBetweenPages: 2 })
  })

  test('[fault 21] a repeated create is told it is one', async () => {
    const all = await venueForTests(plenty)
    await create(all)
    all.venue.control({ do: 'inject', kind: 'duplicateClientOrderId' })
    expect((await create(all)).body).toMatchObject({ success: false, error_response: { new_order_failure_reason: 'DUPLICATE_CLIENT_ORDER_ID' } })
    expect((await create(all)).body).toMatchObject({ success: true })
    expect([booked(all), all.venue.report().faults]).toEqual([1, { duplicateClientOrderId: 1 }])
  })
})

describe('a fault of an order', () => {
  const shown = async (all: VenueForTests, id: string): Promise<unknown> => at((await all.get(`/orders/historical/${id}`)).body, 'order')

  test('accepted, then failed: the funds could not be held', async () => {
    const all = await venueForTests(plenty)
    all.venue.control({ do: 'inject', kind: 'holdFailure' })
    const { body } = await create(all)
    expect(body).toMatchObject({ success: true })
    expect(await shown(all, textAt(body, 'success_response.order_id'))).toMatchObject({ status: 'FAILED', reject_reason: 'HOLD_FAILURE' })
    expect(all.venue.ledger().balances[0]).toMatchObject({ total: '1000', hold: '0' })
    expect((await create(all, 'two')).body).toMatchObject({ success: true })
    expect(all.venue.report().faults).toEqual({ holdFailure: 1 })
  })

  test('[fault 13] [fault 16] unseen for a while, and its fills for another', async () => {
    const all = await venueForTests(plenty)
    all.venue.control({ do: 'inject', kind: 'ordersLag', delayMs: 2_000 })
    all.venue.control({ do: 'inject', kind: 'fillsLag', delayMs: 4_000 })
    const id = textAt((await create(all)).body, 'success_response.order_id')
    expect(await shown(all, id)).toBeUndefined()
    all.clock.advance(2_000)
    expect(await shown(all, id)).toMatchObject({ status: 'FILLED', filled_size: expect.any(String) as string })
    expect(listAt((await all.get('/orders/historical/fills')).body, 'fills')).toEqual([])
    all.clock.advance(2_000)
    expect(listAt((await all.get('/orders/historical/fills')).body, 'fills')).toHaveLength(1)
    expect(all.venue.report().faults).toEqual({ ordersLag: 1, fillsLag: 1 })
  })

  test('[fault 19] [pitfall 20] a cancel is taken, and the order fills all the same', async () => {
    const all = await venueForTests(plenty)
    const id = textAt((await create(all, 'one', resting)).body, 'success_response.order_id')
    all.venue.control({ do: 'inject', kind: 'cancelRace' })
    expect(at((await all.post('/orders/batch_cancel', { order_ids: [id] })).body, 'results.0')).toMatchObject({ success: true })
    expect(await shown(all, id)).toMatchObject({ status: 'FILLED', filled_size: '0.1' })
    expect(at((await all.post('/orders/batch_cancel', { order_ids: [id] })).body, 'results.0')).toMatchObject({
      success: false,
      failure_reason: 'ORDER_IS_FULLY_FILLED',
    })
    expect(all.venue.report().faults).toEqual({ cancelRace: 1 })
  })

  test('slow to open, slow to cancel, and in between it can fill', async () => {
    const all = await venueForTests(plenty)
    all.venue.control({ do: 'inject', kind: 'slowOpen', delayMs: 1_000 })
    const id = textAt((await create(all, 'one', resting)).body, 'success_response.order_id')
    expect(await shown(all, id)).toMatchObject({ status: 'PENDING', outstanding_hold_amount: '10.09' })
    all.clock.advance(1_000)
    expect(await shown(all, id)).toMatchObject({ status: 'OPEN' })
    all.venue.control({ do: 'inject', kind: 'slowCancel', delayMs: 1_000 })
    await all.post('/orders/batch_cancel', { order_ids: [id] })
    expect(await shown(all, id)).toMatchObject({ status: 'CANCEL_QUEUED', pending_cancel: true })
    all.venue.control({ do: 'trade', product: 'SOL-USD', price: '99', size: '0.04', makerSide: 'BUY' })
    all.clock.advance(1_000)
    expect(await shown(all, id)).toMatchObject({ status: 'CANCELLED', filled_size: '0.04', outstanding_hold_amount: '0' })
    expect(all.venue.report().faults).toEqual({ slowOpen: 1, slowCancel: 1 })
  })
})

describe('the X-Sandbox header', () => {
  test('has the cases of the real sandbox, and books nothing', async () => {
    const all = await venueForTests(plenty)
    const header = (name: string): Record<string, string> => ({ 'x-sandbox': name })
    const order = { client_order_id: 'one', product_id: 'SOL-USD', side: 'BUY', order_configuration: buy }
    expect((await all.post('/orders', order, header('PostOrder_insufficient_fund'))).body).toMatchObject({ error_response: { error: 'INSUFFICIENT_FUND' } })
    expect((await all.post('/orders/preview', order, header('PreviewOrder_insufficient_fund'))).body).toMatchObject({ errs: ['PREVIEW_INSUFFICIENT_FUND'] })
    expect((await all.post('/orders/batch_cancel', { order_ids: ['a'] }, header('CancelOrders_failure'))).body).toMatchObject({
      results: [{ success: false, order_id: 'a' }],
    })
    expect((await all.post('/orders/edit', {}, header('EditOrder_failure'))).body).toMatchObject({ success: false })
    expect((await all.post('/orders/edit_preview', {}, header('PreviewEditOrder_failure'))).body).toMatchObject({ success: false })
    expect((await all.post('/orders', order, header('Whatever'))).status).toBe(400)
    expect(booked(all)).toBe(0)
  })

  test('takes our own faults by their names', async () => {
    const all = await venueForTests(plenty)
    const order = { client_order_id: 'one', product_id: 'SOL-USD', side: 'BUY', order_configuration: buy }
    expect(await outcome(all.post('/orders', order, { 'x-sandbox': 'replyLost' }))).toBe('nothing')
    expect([booked(all), all.venue.report().faults]).toEqual([1, { replyLost: 1 }])
  })
})

describe('faults by seed', () => {
  const run = async (seed: number, likely: number): Promise<readonly (number | 'nothing')[]> => {
    const all = await venueForTests({ ...plenty, faults: { seed, chances: { replyLost: likely, errorBefore: likely } } })
    const seen: (number | 'nothing')[] = []
    for (let index = 0; index < 30; index++) {
      const reply = await outcome(create(all, `o${index}`))
      seen.push(reply === 'nothing' ? reply : reply.status)
    }
    const { faults } = all.venue.report()
    expect(faults.replyLost ?? 0).toBe(seen.filter((each) => each === 'nothing').length)
    expect(faults.errorBefore ?? 0).toBe(seen.filter((each) => typeof each === 'number' && each >= 500).length)
    return seen
  }

  test('the same seed does the same, another one something else, and no chance nothing', async () => {
    const first = await run(5, 0.3)
    expect(await run(5, 0.3)).toEqual(first)
    expect(await run(6, 0.3)).not.toEqual(first)
    expect(new Set(await run(5, 0))).toEqual(new Set([200]))
    expect(new Set(first).size).toBeGreaterThan(2)
  })

  test('a plan can be changed and ended while the venue runs', async () => {
    const all = await venueForTests(plenty)
    all.venue.control({ do: 'faults', seed: 1, chances: { unauthorized: 1 } })
    expect((await all.get('/accounts')).status).toBe(401)
    all.venue.control({ do: 'faults' })
    expect((await all.get('/accounts')).status).toBe(200)
  })
})
