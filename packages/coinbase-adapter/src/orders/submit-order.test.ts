import { money } from '@millrace/core'
import type { EpochMs, OrderRequest, SubmitResult } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { btc, listed, never, orderRow, refusedWith, requestOf, scriptedVenue, taken } from './scripted-venue.fixture.ts'
import type { Reply, ScriptedVenue } from './scripted-venue.fixture.ts'

async function venueWith(...replies: readonly Reply[]): Promise<ScriptedVenue> {
  const venue = await scriptedVenue(replies[0] === 'hang' ? { timeoutMs: 500 } : {})
  if (replies.length > 0) venue.on('POST /orders', ...replies)
  return venue
}

const submit = ({ exchange }: ScriptedVenue, changes: Partial<OrderRequest> = {}): Promise<SubmitResult> => exchange.submit(requestOf(changes), never)
const bodyOf = ({ seen }: ScriptedVenue): unknown => seen.find(({ route }) => route === 'POST /orders')?.body
const short = (result: SubmitResult): string => (result.outcome === 'rejected' ? `rejected ${result.code}` : result.outcome)

describe('an order that the venue answers', () => {
  it('is accepted by its success field, whatever reason stands beside it [fault 8] [pitfall 1]', async () => {
    const venue = await venueWith({
      json: {
        success: true,
        failure_reason: 'UNKNOWN_FAILURE_REASON',
        order_id: 'v1',
        success_response: { order_id: 'v1', product_id: 'BTC-USD', side: 'BUY', client_order_id: 'c1' },
      },
    })
    expect(await submit(venue)).toEqual({ outcome: 'accepted', venueOrderId: 'v1' })
    expect(bodyOf(venue)).toEqual({
      client_order_id: 'c1',
      product_id: 'BTC-USD',
      side: 'BUY',
      order_configuration: { market_market_ioc: { quote_size: '25' } },
    })
  })

  it.each([
    [
      'INSUFFICIENT_FUND',
      { error: 'INSUFFICIENT_FUND', message: 'Insufficient balance in source account', preview_failure_reason: 'PREVIEW_INSUFFICIENT_FUND' },
    ],
    ['INSUFFICIENT_FUND', { error: 'UNKNOWN_FAILURE_REASON', preview_failure_reason: 'PREVIEW_INSUFFICIENT_FUND' }],
    ['INVALID_SIZE_PRECISION', { error: 'UNKNOWN_FAILURE_REASON', preview_failure_reason: 'PREVIEW_INVALID_QUOTE_SIZE_PRECISION' }],
    [
      'SIZE_TOO_SMALL',
      { new_order_failure_reason: 'INVALID_REQUEST', error: 'INVALID_REQUEST', preview_failure_reason: 'PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL' },
    ],
    ['LIMIT_PRICE_POST_ONLY', { new_order_failure_reason: 'INVALID_LIMIT_PRICE_POST_ONLY', error: 'INVALID_LIMIT_PRICE_POST_ONLY' }],
    ['ACCOUNT_NOT_AVAILABLE', { error: 'UNKNOWN_FAILURE_REASON', message: 'account is not available' }],
    ['UNKNOWN_REASON', { new_order_failure_reason: 'A_WORD_OF_TOMORROW', message: 'sorry' }],
    ['UNKNOWN_REASON', {}],
  ])('is refused with %s when the venue says so with HTTP 200 [fault 7] [pitfall 1] [pitfall 11]', async (code, said) => {
    const venue = await venueWith(refusedWith(said))
    const result = await submit(venue)
    expect(short(result)).toBe(`rejected ${code}`)
    expect(venue.count('POST /orders')).toBe(1)
  })

  it("keeps the venue's own word, so that a post-only refusal is known by it [pitfall 10]", async () => {
    const venue = await venueWith(refusedWith({ error: 'INVALID_LIMIT_PRICE_POST_ONLY', message: 'would cross' }))
    expect(await submit(venue)).toEqual({ outcome: 'rejected', code: 'LIMIT_PRICE_POST_ONLY', detail: 'INVALID_LIMIT_PRICE_POST_ONLY: would cross' })
  })

  it.each([
    ['another client id', taken('v1', { client_order_id: 'c2' })],
    ['another side', taken('v1', { side: 'SELL' })],
    ['another product', taken('v1', { product_id: 'ETH-USD' })],
    ['no order id', taken('')],
    ['no name at all', { json: { success: true } }],
    ['no success field', { json: { order_id: 'v1' } }],
    ['a success that is text', { json: { success: 'true' } }],
  ])('is unknown when the answer has %s', async (_, reply) => {
    const venue = await venueWith(reply)
    expect(short(await submit(venue))).toBe('unknown')
  })

  it('takes the USD name for a USDC book [pitfall 13]', async () => {
    const venue = await venueWith(taken())
    venue.on('GET /products', { json: { products: [{ ...btc, product_id: 'BTC-USDC', quote_currency_id: 'USDC' }] } })
    expect(short(await submit(venue, { instrument: 'BTC-USDC' }))).toBe('accepted')
  })
})

describe('an order whose answer is none', () => {
  it.each<readonly [string, Reply]>([
    ['a reset [fault 11]', 'reset'],
    ['no answer in time [fault 3]', 'hang'],
    ['half an answer [fault 9]', 'half'],
    ['HTML [fault 9]', { text: '<html>busy</html>' }],
    ['broken JSON [fault 9]', { text: '{"success":' }],
    ['500 [fault 4]', { status: 500, json: { error: 'INTERNAL' } }],
    ['502 with HTML [fault 4]', { status: 502, text: '<html>bad gateway</html>' }],
    ['503 [fault 4]', { status: 503, text: '' }],
    ['504 [fault 4]', { status: 504, text: '' }],
    ['400 that is not the venue speaking', { status: 400, text: '<html>bad request</html>' }],
    ['408', { status: 408, json: { error: 'TIMEOUT' } }],
  ])('is unknown and not sent again: %s', async (_, reply) => {
    const venue = await venueWith(reply)
    expect(short(await submit(venue))).toBe('unknown')
    expect(venue.count('POST /orders')).toBe(1)
  })

  it.each<readonly [string, Reply]>([
    ['UNAUTHORIZED', { status: 401, text: 'Unauthorized' }],
    ['FORBIDDEN', { status: 403, json: { error: 'PERMISSION_DENIED', error_details: 'Missing required scopes' } }],
    ['RATE_LIMITED', { status: 429, text: 'too many' }],
    ['INVALID_REQUEST', { status: 400, json: { error: 'INVALID_ARGUMENT', message: 'bad' } }],
    ['UNKNOWN_PRODUCT', { status: 404, json: { error: 'NOT_FOUND', message: 'Product BTC-USD not supported' } }],
  ])('is refused with %s where the answer proves that nothing was booked, and not sent again [fault 6] [fault 31]', async (code, reply) => {
    const venue = await venueWith(reply)
    expect(short(await submit(venue))).toBe(`rejected ${code}`)
    expect(venue.count('POST /orders')).toBe(1)
  })

  it('never left when nobody listens, and says so [fault 12]', async () => {
    const venue = await venueWith(taken())
    await venue.exchange.instruments()
    await venue.stopListening()
    const result = await submit(venue)
    expect(short(result)).toBe('rejected NOT_SENT')
  })

  it('does not leave a closed exchange', async () => {
    const venue = await venueWith(taken())
    await venue.exchange.close()
    await expect(submit(venue)).rejects.toThrow('closed')
    await expect(venue.exchange.cancel({ clientOrderId: 'c1', instrument: 'BTC-USD' }, never)).rejects.toThrow('closed')
    expect(venue.seen).toEqual([])
  })

  it('never left when it was given up before, which is not a word of the venue', async () => {
    const venue = await venueWith(taken())
    const result = await venue.exchange.submit(requestOf(), AbortSignal.abort(new Error('stopped')))
    expect(result).toEqual({ outcome: 'unknown', cause: 'POST /api/v3/brokerage/orders: not sent: stopped' })
    expect(venue.count('POST /orders')).toBe(0)
  })

  it('is unknown when it is given up on the way', async () => {
    const venue = await venueWith('hang')
    const stop = new AbortController()
    await venue.exchange.instruments()
    const result = venue.exchange.submit(requestOf(), stop.signal)
    while (venue.count('POST /orders') === 0) await new Promise((resolve) => setImmediate(resolve))
    stop.abort(new Error('stopped'))
    expect(short(await result)).toBe('unknown')
  })

  it('does not wait for a budget that is closed for long: its price would grow old [fault 6]', async () => {
    const venue = await venueWith({ status: 429, text: '', headers: { 'retry-after': '60' } }, taken())
    expect(short(await submit(venue))).toBe('rejected RATE_LIMITED')
    expect(short(await submit(venue, { clientOrderId: 'c2' }))).toBe('rejected NOT_SENT')
    expect(venue.count('POST /orders')).toBe(1)
  })
})

describe('an order that is sent again', () => {
  it('is accepted with the order that the venue has [fault 2] [fault 21] [pitfall 2]', async () => {
    const venue = await venueWith('reset', taken('v9'))
    expect(short(await submit(venue))).toBe('unknown')
    expect(await submit(venue)).toEqual({ outcome: 'accepted', venueOrderId: 'v9' })
    const bodies = venue.seen.filter(({ route }) => route === 'POST /orders').map(({ body }) => body)
    expect(bodies[1]).toEqual(bodies[0])
  })

  it('is looked up when the venue calls it a duplicate, and stays unknown until it is found [fault 21] [pitfall 2]', async () => {
    const venue = await venueWith('reset', refusedWith({ new_order_failure_reason: 'DUPLICATE_CLIENT_ORDER_ID' }))
    await submit(venue)
    expect(short(await submit(venue))).toBe('unknown')
    venue.on('GET /orders/historical/batch', listed([orderRow({ order_id: 'v7', status: 'QUEUED' })]))
    expect(await submit(venue)).toEqual({ outcome: 'accepted', venueOrderId: 'v7' })
  })

  it('is a duplicate from before a restart as well', async () => {
    const venue = await venueWith(refusedWith({ error: 'DUPLICATE_CLIENT_ORDER_ID' }))
    venue.on('GET /orders/historical/batch', listed([orderRow({ order_id: 'v7', status: 'FILLED', filled_size: '1' })]))
    expect(await submit(venue)).toEqual({ outcome: 'accepted', venueOrderId: 'v7' })
  })

  it.each<readonly [string, Reply]>([
    ['401', { status: 401, text: 'Unauthorized' }],
    ['403', { status: 403, json: { error: 'PERMISSION_DENIED' } }],
    ['429', { status: 429, text: '' }],
  ])('is not refused by %s, which says nothing of the first sending', async (_, reply) => {
    const venue = await venueWith('reset', reply)
    await submit(venue)
    expect(short(await submit(venue))).toBe('unknown')
  })

  it('is refused only when the venue refuses it and its complete lists do not have it', async () => {
    const venue = await venueWith('reset', refusedWith({ error: 'INSUFFICIENT_FUND' }))
    await submit(venue)
    venue.on('GET /orders/historical/batch', ({ query }) =>
      query.get('order_status') === null ? { status: 400, text: '' } : { json: { orders: [], cursor: '' } },
    )
    expect(short(await submit(venue))).toBe('unknown')
    venue.on('GET /orders/historical/batch', listed([]))
    expect(short(await submit(venue))).toBe('rejected INSUFFICIENT_FUND')
  })

  it('is accepted although the venue refuses the repetition, when its lists have the first one', async () => {
    const venue = await venueWith('reset', refusedWith({ error: 'INSUFFICIENT_FUND' }))
    await submit(venue)
    venue.on('GET /orders/historical/batch', listed([orderRow({ status: 'PENDING' })]))
    expect(await submit(venue)).toEqual({ outcome: 'accepted', venueOrderId: 'v1' })
  })

  it('knows from the caller that it was sent before a restart', async () => {
    const venue = await venueWith(refusedWith({ error: 'INSUFFICIENT_FUND' }))
    venue.on('GET /orders/historical/batch', listed([orderRow()]))
    const sentBefore = { firstSentAtMs: (Date.now() - 3_600_000) as EpochMs }
    expect(await venue.exchange.submit(requestOf(), never, sentBefore)).toEqual({ outcome: 'accepted', venueOrderId: 'v1' })
  })

  it('is not refused by our own rules, which have changed since [fault 51]', async () => {
    const venue = await venueWith('reset', taken())
    await submit(venue)
    venue.on('GET /products', { json: { products: [{ ...btc, quote_min_size: '50' }] } })
    const sentBefore = { firstSentAtMs: Date.now() as EpochMs }
    const other = await venueWith()
    other.on('GET /products', { json: { products: [{ ...btc, quote_min_size: '50' }] } })
    other.on('GET /orders/historical/batch', listed([orderRow()]))
    expect(await other.exchange.submit(requestOf(), never, sentBefore)).toEqual({ outcome: 'accepted', venueOrderId: 'v1' })
    expect(other.count('POST /orders')).toBe(0)
  })

  it('is refused as usual after a refusal, which proved that it is not there', async () => {
    const venue = await venueWith({ status: 401, text: 'Unauthorized' }, refusedWith({ error: 'INSUFFICIENT_FUND' }))
    expect(short(await submit(venue))).toBe('rejected UNAUTHORIZED')
    expect(short(await submit(venue))).toBe('rejected INSUFFICIENT_FUND')
    expect(venue.count('GET /orders/historical/batch')).toBe(0)
  })

  it('has the same terms, or it is an error of the program', async () => {
    const venue = await venueWith('reset', taken())
    await submit(venue)
    await expect(submit(venue, { size: { quote: money('26') } })).rejects.toThrow('sent before with other terms')
  })

  it('leaves only after the first sending was answered', async () => {
    const venue = await venueWith('hang', refusedWith({ error: 'INSUFFICIENT_FUND' }))
    venue.on('GET /orders/historical/batch', listed([orderRow()]))
    const [first, second] = await Promise.all([submit(venue), submit(venue)])
    expect([short(first), short(second)]).toEqual(['unknown', 'accepted'])
    expect(venue.count('POST /orders')).toBe(2)
  })
})

describe('rules of the venue', () => {
  it.each([
    ['rejected PRODUCT_HALTED', { trading_disabled: true }],
    ['rejected PRODUCT_NOT_TRADABLE', { cancel_only: true }],
    ['rejected PRODUCT_NOT_TRADABLE', { limit_only: true }],
    ['rejected PRODUCT_NOT_TRADABLE', { post_only: true }],
    ['rejected PRODUCT_NOT_TRADABLE', { status: 'delisted' }],
    ['rejected PRODUCT_HALTED', { status: 'a word of tomorrow' }],
    ['rejected SIZE_TOO_SMALL', { quote_min_size: '25.01' }],
    ['accepted', {}],
  ])('are kept here: %s of %o, without asking [fault 49]', async (outcome, changes) => {
    const venue = await venueWith(taken())
    venue.on('GET /products', { json: { products: [{ ...btc, ...changes }] } })
    expect(short(await submit(venue))).toBe(outcome)
    expect(venue.count('POST /orders')).toBe(outcome === 'accepted' ? 1 : 0)
  })

  it('are read again after the venue refused what they allow [fault 51] [fault 49]', async () => {
    const venue = await venueWith(refusedWith({ error: 'UNKNOWN_FAILURE_REASON', preview_failure_reason: 'PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL' }), taken())
    expect(short(await submit(venue))).toBe('rejected SIZE_TOO_SMALL')
    venue.on('GET /products', { json: { products: [{ ...btc, quote_min_size: '50' }] } })
    expect(short(await submit(venue, { clientOrderId: 'c2' }))).toBe('rejected SIZE_TOO_SMALL')
    expect([venue.count('POST /orders'), venue.count('GET /products')]).toEqual([1, 2])
  })

  it('that cannot be had let nothing leave', async () => {
    const venue = await venueWith(taken())
    venue.on('GET /products', { status: 400, text: '' })
    expect(short(await submit(venue))).toBe('rejected NOT_SENT')
    expect(short(await submit(venue, { instrument: 'BTC-USD', clientOrderId: 'c2' }))).toBe('rejected NOT_SENT')
    expect(venue.count('POST /orders')).toBe(0)
  })

  it('have no unknown products', async () => {
    const venue = await venueWith(taken())
    expect(short(await submit(venue, { instrument: 'NOPE-USD' }))).toBe('rejected UNKNOWN_PRODUCT')
  })
})
