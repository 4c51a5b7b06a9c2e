import { afterEach, describe, expect, test } from 'vitest'
import { START_MS, at, closeVenues, listAt, textAt, venueForTests } from '../venue.fixture.ts'
import type { VenueForTests } from '../venue.fixture.ts'

afterEach(closeVenues)

const limit = (base_size: string, limit_price: string): object => ({ limit_limit_gtc: { base_size, limit_price, post_only: false } })
const idsOf = async (get: VenueForTests['get'], query: string): Promise<readonly unknown[]> =>
  listAt((await get('/orders/historical/batch', query)).body, 'orders').map((order) => at(order, 'client_order_id'))
const plenty = { limits: { privatePerSecond: 1000, publicPerSecond: 1000 } } as const

describe('lists', () => {
  test('orders come newest first, page by page', async () => {
    const { get, order } = await venueForTests({ accounts: { USD: '100000' } })
    for (let index = 0; index < 5; index++) await order(`o${index}`, 'SOL-USD', 'BUY', limit('0.1', '100'))
    const first = (await get('/orders/historical/batch', '?limit=2')).body
    expect(listAt(first, 'orders').map((each) => at(each, 'client_order_id'))).toEqual(['o4', 'o3'])
    expect(first).toMatchObject({ has_next: true, sequence: '0' })
    const second = (await get('/orders/historical/batch', `?limit=3&cursor=${encodeURIComponent(textAt(first, 'cursor'))}`)).body
    expect(listAt(second, 'orders').map((each) => at(each, 'client_order_id'))).toEqual(['o2', 'o1', 'o0'])
    expect(second).toMatchObject({ has_next: false, cursor: '' })
    expect((await get('/orders/historical/batch', '?cursor=rubbish')).status).toBe(400)
    expect((await get('/orders/historical/batch', '?limit=0')).status).toBe(400)
  })

  test('[fault 15] [pitfall 23] OPEN hides what is pending or being cancelled, and stands alone', async () => {
    const { get, order, post, clock, venue } = await venueForTests({ lag: { openMs: 100, cancelMs: 100 } })
    const id = textAt((await order('one', 'SOL-USD', 'BUY', limit('1', '100'))).body, 'success_response.order_id')
    expect([await idsOf(get, '?order_status=OPEN'), await idsOf(get, '?order_status=PENDING'), await idsOf(get, '')]).toEqual([[], ['one'], ['one']])
    clock.advance(100)
    expect(await idsOf(get, '?order_status=OPEN')).toEqual(['one'])
    await post('/orders/batch_cancel', { order_ids: [id] })
    expect([await idsOf(get, '?order_status=OPEN'), await idsOf(get, '?order_status=CANCEL_QUEUED')]).toEqual([[], ['one']])
    expect(at((await post('/orders/batch_cancel', { order_ids: [id] })).body, 'results.0.failure_reason')).toBe('DUPLICATE_CANCEL_REQUEST')
    clock.advance(100)
    expect(await idsOf(get, '?order_status=CANCELLED')).toEqual(['one'])
    expect(venue.ledger().balances[0]).toMatchObject({ hold: '0' })
    expect((await get('/orders/historical/batch', '?order_status=OPEN&order_status=PENDING')).status).toBe(400)
  })

  test('a live order stays in the list of the open ones, whoever else has left it', async () => {
    const { get, order, post } = await venueForTests()
    const id = textAt((await order('gone', 'SOL-USD', 'BUY', limit('1', '100'))).body, 'success_response.order_id')
    await order('stays', 'SOL-USD', 'BUY', limit('1', '100'))
    await post('/orders/batch_cancel', { order_ids: [id] })
    expect([await idsOf(get, '?order_status=OPEN'), await idsOf(get, '?order_status=OPEN')]).toEqual([['stays'], ['stays']])
  })

  test('filters take lists of repeated names; the old singular one is ignored', async () => {
    const { get, order } = await venueForTests()
    await order('sol', 'SOL-USD', 'BUY', limit('1', '100'))
    await order('xrp', 'XRP-USD', 'BUY', { market_market_ioc: { quote_size: '5' } })
    expect(await idsOf(get, '?product_ids=SOL-USD')).toEqual(['sol'])
    expect(await idsOf(get, '?product_ids=SOL-USD&product_ids=XRP-USD')).toEqual(['xrp', 'sol'])
    expect(await idsOf(get, '?product_id=SOL-USD')).toEqual(['xrp', 'sol'])
    expect(await idsOf(get, '?order_types=MARKET')).toEqual(['xrp'])
    expect(await idsOf(get, '?order_side=SELL')).toEqual([])
    expect(await idsOf(get, `?start_date=${new Date(START_MS).toISOString()}`)).toEqual(['xrp', 'sol'])
    expect(await idsOf(get, `?end_date=${new Date(START_MS).toISOString()}`)).toEqual([])
    expect((await get('/orders/historical/batch', '?start_date=yesterday')).status).toBe(400)
  })

  test('[fault 13] [pitfall 3] orders and fills are seen after their lag', async () => {
    const { get, order, clock } = await venueForTests({ lag: { ordersMs: 500, fillsMs: 800 } })
    const id = textAt((await order('one', 'SOL-USD', 'BUY', { market_market_ioc: { quote_size: '5' } })).body, 'success_response.order_id')
    expect(await get(`/orders/historical/${id}`)).toMatchObject({ status: 404, body: { error_details: 'order with this orderID was not found' } })
    expect(await idsOf(get, '')).toEqual([])
    clock.advance(500)
    expect((await get(`/orders/historical/${id}`)).body).toMatchObject({ order: { status: 'FILLED' } })
    expect((await get('/orders/historical/fills', `?order_ids=${id}`)).body).toEqual({ fills: [], cursor: '' })
    clock.advance(300)
    expect(listAt((await get('/orders/historical/fills', `?order_ids=${id}`)).body, 'fills')).toHaveLength(1)
  })

  test('accounts page by cursor', async () => {
    const { get } = await venueForTests({ accounts: { USD: '1', BTC: '2', ETH: '3' } })
    const first = (await get('/accounts', '?limit=2')).body
    expect(first).toMatchObject({
      has_next: true,
      size: 2,
      accounts: [
        { currency: 'USD', type: 'ACCOUNT_TYPE_FIAT' },
        { currency: 'BTC', ready: false },
      ],
    })
    const last = (await get('/accounts', `?limit=2&cursor=${encodeURIComponent(textAt(first, 'cursor'))}`)).body
    expect(last).toMatchObject({ has_next: false, cursor: '', accounts: [{ currency: 'ETH', hold: { value: '0' } }] })
    expect((await get(`/accounts/${textAt(last, 'accounts.0.uuid')}`)).body).toMatchObject({ account: { currency: 'ETH' } })
    expect((await get('/accounts/nobody')).status).toBe(404)
  })
})

describe('limits', () => {
  test('[fault 6] a key has so many requests a second; who asks for more is told, and counted', async () => {
    const { get, venue, clock } = await venueForTests({ limits: { privatePerSecond: 3 } })
    const answers = []
    for (let index = 0; index < 4; index++) answers.push(await get('/accounts'))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['2', '1', '0', '0'])
    expect(answers[3]!.body).toEqual({ errors: [{ id: 'rate_limit_exceeded', message: 'Too many requests' }] })
    clock.advance(334)
    expect((await get('/accounts')).status).toBe(200)
    expect(venue.report().limits).toMatchObject({ privateBreaches: 1, publicBreaches: 0, mostPrivateInASecond: 5 })
  })

  test('addresses without a key have a limit of their own, and no headers', async () => {
    const { get, venue } = await venueForTests({ limits: { publicPerSecond: 1 } })
    const first = await get('/time')
    expect([first.status, first.headers.get('x-ratelimit-limit')]).toEqual([200, null])
    expect((await get('/time')).status).toBe(429)
    expect((await get('/accounts')).status).toBe(200)
    expect(venue.report().limits.publicBreaches).toBe(1)
  })
})

describe('the market over REST', () => {
  test('the public twins answer without a key, the others do not', async () => {
    const { venue } = await venueForTests(plenty)
    const status = async (path: string): Promise<number> => (await fetch(`${venue.restUrl}/api/v3/brokerage${path}`)).status
    for (const path of ['/products', '/products/BTC-USD', '/products/BTC-USD/ticker', '/product_book?product_id=BTC-USD']) {
      expect([await status(`/market${path}`), await status(path)]).toEqual([200, 401])
    }
    expect(await status('/market/best_bid_ask')).toBe(404)
  })

  test('[pitfall 16] public answers are a second old unless the request says otherwise', async () => {
    const { venue, get, clock } = await venueForTests(plenty)
    const price = async (headers?: Record<string, string>): Promise<string> =>
      textAt((await get('/market/product_book', '?product_id=BTC-USD&limit=1', headers)).body, 'pricebook.bids.0.price')
    const before = await price()
    venue.control({ do: 'movePrice', product: 'BTC-USD', by: 0.1 })
    expect(await price()).toBe(before)
    expect(await price({ 'cache-control': 'no-cache' })).not.toBe(before)
    clock.advance(1_001)
    expect(await price()).not.toBe(before)
  })

  test('an unknown product, a granularity that is none, and too many candles', async () => {
    const { get } = await venueForTests(plenty)
    expect(await get('/market/products/NOPE-USD')).toMatchObject({ status: 404, body: { error: 'NOT_FOUND', message: 'Product NOPE-USD not supported' } })
    expect((await get('/market/products/BTC-USD/candles', '?start=0&end=60&granularity=TWO_MINUTES')).status).toBe(400)
    const start = START_MS / 1000 - 350 * 60
    const ask = (from: number): Promise<{ readonly status: number; readonly body: unknown }> =>
      get('/market/products/BTC-USD/candles', `?start=${from}&end=${START_MS / 1000}&granularity=ONE_MINUTE`)
    expect(await ask(start)).toMatchObject({ status: 400, body: { error: 'INVALID_ARGUMENT', message: expect.stringContaining('less than 350') as string } })
    expect((await ask(start + 60)).status).toBe(200)
    expect((await get('/market/products/BTC-USD/ticker', '?limit=1001')).status).toBe(500)
  })

  test('the listing has every product with its twin, and no best prices', async () => {
    const { get } = await venueForTests()
    const { body } = await get('/market/products')
    expect(body).toMatchObject({ num_products: 22, pagination: null })
    expect(listAt(body, 'products').slice(0, 2)).toMatchObject([
      {
        product_id: 'BTC-USD',
        alias: '',
        alias_to: ['BTC-USDC'],
        base_increment: '0.00000001',
        price_increment: '0.01',
        quote_min_size: '1',
        best_bid_price: '',
      },
      { product_id: 'BTC-USDC', alias: 'BTC-USD', alias_to: [], quote_currency_id: 'USDC', quote_display_symbol: 'USD' },
    ])
    expect(listAt((await get('/products', '?product_ids=SOL-USD&product_ids=XRP-USD')).body, 'products')).toHaveLength(2)
  })

  test('best bid and ask are those of the book, which holds resting orders', async () => {
    const { get, order } = await venueForTests()
    const best = async (): Promise<unknown> => at((await get('/best_bid_ask', '?product_ids=SOL-USD')).body, 'pricebooks.0')
    expect(await best()).toMatchObject({ product_id: 'SOL-USD', bids: [{ price: '149.98' }], asks: [{ price: '150.02' }] })
    await order('one', 'SOL-USD', 'BUY', limit('0.5', '150'))
    expect(await best()).toMatchObject({ bids: [{ price: '150', size: '0.5' }] })
  })
})
