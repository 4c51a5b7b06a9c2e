import { simulatedClock } from '@millrace/core/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { createState } from '../create-state.ts'
import { createGate } from '../faults/gate.ts'
import type { VenueOrder } from '../ledger/order.ts'
import { START_MS, at, closeVenues, listAt, textAt, venueForTests } from '../venue.fixture.ts'
import type { VenueForTests } from '../venue.fixture.ts'
import { cancel, place } from './orders.ts'
import { stillLive, visibleState } from './visible.ts'

afterEach(closeVenues)

const limit = (base_size: string, limit_price: string, more: object = {}): object => ({
  limit_limit_gtc: { base_size, limit_price, post_only: false, ...more },
})
const shown = async ({ get }: VenueForTests, id: string): Promise<Record<string, unknown>> =>
  at((await get(`/orders/historical/${id}`)).body, 'order') as Record<string, unknown>
const placed = async (venue: VenueForTests, id: string, side: string, configuration: object, product = 'SOL-USD'): Promise<string> =>
  textAt((await venue.order(id, product, side, configuration)).body, 'success_response.order_id')

/** A book of nothing but what the test puts there. */
const empty = { depth: { levels: 0 }, accounts: { USD: '100000', SOL: '100' }, fees: { maker: '0.001', taker: '0.002' } } as const

describe('price, then time', () => {
  test('a taker takes the best price first, then what came first, and pays what rests', async () => {
    const all = await venueForTests(empty)
    for (const [price, size] of [
      ['151', '1'],
      ['150', '2'],
      ['150', '3'],
    ] as const)
      all.venue.control({ do: 'restLiquidity', product: 'SOL-USD', side: 'SELL', price, size })
    const id = await placed(all, 'one', 'BUY', limit('5.5', '151'))
    expect(await shown(all, id)).toMatchObject({ status: 'FILLED', number_of_fills: '3', filled_value: '825.5', total_fees: '1.651' })
    expect(all.venue.ledger().fills.map(({ price, quantity, liquidity }) => [price, quantity, liquidity])).toEqual([
      ['150', '2', 'TAKER'],
      ['150', '3', 'TAKER'],
      ['151', '0.5', 'TAKER'],
    ])
  })

  test('of two orders at one price the first is filled first; a better price goes before both', async () => {
    const all = await venueForTests(empty)
    const ids = [
      await placed(all, 'first', 'BUY', limit('1', '149')),
      await placed(all, 'second', 'BUY', limit('1', '149')),
      await placed(all, 'better', 'BUY', limit('1', '149.5')),
    ]
    all.venue.control({ do: 'trade', product: 'SOL-USD', price: '149', size: '2.4', makerSide: 'BUY' })
    const sizes = await Promise.all(ids.map(async (id) => (await shown(all, id))['filled_size']))
    expect(sizes).toEqual(['1', '0.4', '1'])
  })

  test('what stood at the price before must trade first', async () => {
    const all = await venueForTests(empty)
    all.venue.control({ do: 'restLiquidity', product: 'SOL-USD', side: 'BUY', price: '149', size: '5' })
    const id = await placed(all, 'behind', 'BUY', limit('1', '149'))
    all.venue.control({ do: 'trade', product: 'SOL-USD', price: '149', size: '4', makerSide: 'BUY' })
    expect(await shown(all, id)).toMatchObject({ status: 'OPEN', filled_size: '0' })
    all.venue.control({ do: 'trade', product: 'SOL-USD', price: '149', size: '1.25', makerSide: 'BUY' })
    expect(await shown(all, id)).toMatchObject({ status: 'OPEN', filled_size: '0.25', completion_percentage: '25' })
  })

  test('a market that moves through a resting order fills it at its own price, as maker', async () => {
    const all = await venueForTests({ accounts: { USD: '1000' }, fees: { maker: '0.001', taker: '0.002' } })
    const id = await placed(all, 'one', 'BUY', limit('2', '149'))
    all.venue.control({ do: 'setPrice', product: 'SOL-USD', price: '148' })
    expect(await shown(all, id)).toMatchObject({ status: 'FILLED', average_filled_price: '149', total_fees: '0.298' })
    expect(all.venue.ledger().balances[0]).toMatchObject({ total: '701.702', available: '701.702' })
  })
})

test('of two orders at one price, the market that comes through fills the first one first', async () => {
  const all = await venueForTests()
  all.venue.control({ do: 'limitDepth', product: 'SOL-USD', size: '1.5' })
  const ids = [await placed(all, 'first', 'BUY', limit('1', '149')), await placed(all, 'second', 'BUY', limit('1', '149'))]
  all.venue.control({ do: 'setPrice', product: 'SOL-USD', price: '148' })
  expect(await Promise.all(ids.map(async (id) => (await shown(all, id))['filled_size']))).toEqual(['1', '0.5'])
})

test('liquidity by hand meets the better price first', async () => {
  const all = await venueForTests(empty)
  const ids = [await placed(all, 'dear', 'SELL', limit('1', '151')), await placed(all, 'cheap', 'SELL', limit('1', '150'))]
  all.venue.control({ do: 'restLiquidity', product: 'SOL-USD', side: 'BUY', price: '152', size: '1.25' })
  expect(await Promise.all(ids.map(async (id) => (await shown(all, id))['filled_size']))).toEqual(['0.25', '1'])
})

test('what is over is not looked through again, once everybody can see that it is', () => {
  const clock = simulatedClock(START_MS)
  const { venue, defaultPortfolio } = createState({ seed: 1, clock, lag: { ordersMs: 500 } }, createGate({}, undefined))
  const put = (clientOrderId: string): VenueOrder =>
    (
      place(
        venue,
        { clientOrderId, portfolio: defaultPortfolio, productId: 'SOL-USD', side: 'BUY', configuration: limit('1', '100') as Record<string, unknown> },
        'test',
      ) as { order: VenueOrder }
    ).order
  const [first, second] = [put('first'), put('second')]
  clock.advance(500)
  cancel(venue, defaultPortfolio, first.id)
  expect(stillLive(venue)).toEqual([first.id, second.id])
  expect(visibleState(venue, first.id)).toMatchObject({ status: 'OPEN' })
  clock.advance(500)
  expect(stillLive(venue)).toEqual([second.id])
  expect(visibleState(venue, first.id)).toMatchObject({ status: 'CANCELLED' })
  expect([stillLive(venue), venue.live.size]).toEqual([[second.id], 1])
})

describe('kinds of orders', () => {
  test('immediate or cancel takes what there is; the rest is cancelled', async () => {
    const all = await venueForTests(empty)
    all.venue.control({ do: 'restLiquidity', product: 'SOL-USD', side: 'SELL', price: '150', size: '0.4' })
    const id = await placed(all, 'one', 'BUY', { sor_limit_ioc: { base_size: '1', limit_price: '150' } })
    expect(await shown(all, id)).toMatchObject({ status: 'CANCELLED', filled_size: '0.4', outstanding_hold_amount: '0' })
  })

  test('[pitfall 24] one that finds nothing is accepted and cancelled', async () => {
    const all = await venueForTests(empty)
    const id = await placed(all, 'one', 'BUY', { sor_limit_ioc: { base_size: '1', limit_price: '150' } })
    expect(await shown(all, id)).toMatchObject({ status: 'CANCELLED', filled_size: '0' })
  })

  test('fill or kill is all or nothing', async () => {
    const all = await venueForTests(empty)
    all.venue.control({ do: 'restLiquidity', product: 'SOL-USD', side: 'SELL', price: '150', size: '1' })
    const killed = await placed(all, 'killed', 'BUY', { limit_limit_fok: { base_size: '1.5', limit_price: '150' } })
    expect(await shown(all, killed)).toMatchObject({ status: 'CANCELLED', filled_size: '0', number_of_fills: '0' })
    const filled = await placed(all, 'filled', 'BUY', { limit_limit_fok: { base_size: '1', limit_price: '150' } })
    expect(await shown(all, filled)).toMatchObject({ status: 'FILLED', filled_size: '1' })
  })

  test('[pitfall 9] a market order stops at the protection point; what was filled stays', async () => {
    const all = await venueForTests({ ...empty, products: [{ id: 'SOL-USD', priceIncrement: '0.01', baseIncrement: '0.01', baseMax: '1000', price: '150' }] })
    for (const [price, size] of [
      ['151', '1'],
      ['154', '1'],
      ['155', '1'],
    ] as const)
      all.venue.control({ do: 'restLiquidity', product: 'SOL-USD', side: 'SELL', price, size })
    const id = await placed(all, 'one', 'BUY', { market_market_ioc: { base_size: '3' } })
    expect(await shown(all, id)).toMatchObject({ status: 'CANCELLED', filled_size: '2', filled_value: '305', outstanding_hold_amount: '0' })
    expect(all.venue.ledger().balances[0]).toMatchObject({ hold: '0' })
  })

  test('good till date ends by itself', async () => {
    const all = await venueForTests()
    const end_time = new Date(START_MS + 5_000).toISOString()
    const id = await placed(all, 'one', 'BUY', { limit_limit_gtd: { base_size: '1', limit_price: '100', post_only: false, end_time } })
    expect(all.venue.ledger().balances[0]).toMatchObject({ hold: '100.9' })
    all.clock.advance(4_999)
    expect(await shown(all, id)).toMatchObject({ status: 'OPEN' })
    all.clock.advance(1)
    expect(await shown(all, id)).toMatchObject({ status: 'EXPIRED' })
    expect(all.venue.ledger().balances[0]).toMatchObject({ hold: '0', available: '1000' })
  })

  test('a stop-limit waits for the last price, then is a limit order', async () => {
    const all = await venueForTests({ ...empty })
    const terms = { stop_limit_stop_limit_gtc: { base_size: '1', limit_price: '140', stop_price: '145', stop_direction: 'STOP_DIRECTION_STOP_DOWN' } }
    const id = await placed(all, 'stop', 'SELL', terms)
    expect(await shown(all, id)).toMatchObject({ status: 'OPEN', trigger_status: 'STOP_PENDING', order_type: 'STOP_LIMIT', outstanding_hold_amount: '1' })
    all.venue.control({ do: 'restLiquidity', product: 'SOL-USD', side: 'BUY', price: '144', size: '1' })
    all.venue.control({ do: 'trade', product: 'SOL-USD', price: '145.01', size: '1', makerSide: 'SELL' })
    expect(await shown(all, id)).toMatchObject({ trigger_status: 'STOP_PENDING' })
    all.venue.control({ do: 'trade', product: 'SOL-USD', price: '145', size: '1', makerSide: 'SELL' })
    expect(await shown(all, id)).toMatchObject({ status: 'FILLED', trigger_status: 'STOP_TRIGGERED', average_filled_price: '144' })
  })

  test('[pitfall 21] nobody trades with himself: what rests gives way', async () => {
    const all = await venueForTests(empty)
    const resting = await placed(all, 'resting', 'SELL', limit('1', '150'))
    const taker = await placed(all, 'taker', 'BUY', limit('1', '151'))
    expect(await shown(all, resting)).toMatchObject({ status: 'CANCELLED', cancel_message: 'Self trade prevention' })
    expect(await shown(all, taker)).toMatchObject({ status: 'OPEN', filled_size: '0' })
  })

  test('[pitfall 13] the twin in dollar coins shares the book, and is told under the name in dollars', async () => {
    const all = await venueForTests({ accounts: { USDC: '100' } })
    const user = await all.listen('user', { channel: 'user' })
    const id = await placed(all, 'one', 'BUY', limit('0.5', '140'), 'SOL-USDC')
    expect(await shown(all, id)).toMatchObject({ product_id: 'SOL-USDC' })
    await all.venue.settled()
    expect(at(user.of('user').at(-1), 'events.0.orders.0.product_id')).toBe('SOL-USD')
    expect(all.venue.ledger().balances[0]).toMatchObject({ currency: 'USDC', hold: '70.63' })
  })

  test('[pitfall 22] more than 500 open orders of a product fail after they were accepted', async () => {
    const all = await venueForTests({ accounts: { USD: '100000' }, limits: { privatePerSecond: 1000 } })
    for (let index = 0; index < 500; index++) all.venue.control({ do: 'ownerOrder', product: 'SOL-USD', side: 'BUY', baseSize: '0.1', limitPrice: '100' })
    const id = await placed(all, 'one', 'BUY', limit('1', '100'))
    expect(await shown(all, id)).toMatchObject({ status: 'FAILED', reject_reason: 'TOO_MANY_OPEN_ORDERS', outstanding_hold_amount: '0' })
  })

  test('the fees of an order are those of when it came; [fault 62] a change is for the next one, and may be to zero', async () => {
    const all = await venueForTests({ accounts: { USD: '1000' }, fees: { maker: '0.004', taker: '0.006' } })
    await placed(all, 'before', 'BUY', limit('1', '140'))
    all.venue.control({ do: 'fees', maker: '0', taker: '0' })
    await placed(all, 'after', 'BUY', limit('1', '140'))
    all.venue.control({ do: 'setPrice', product: 'SOL-USD', price: '139' })
    expect(all.venue.ledger().orders.map(({ fees }) => fees)).toEqual(['0.56', '0'])
    const { body } = await all.get('/transaction_summary')
    expect(body).toMatchObject({ total_volume: 280, total_fees: 0.56, fee_tier: { maker_fee_rate: '0', taker_fee_rate: '0' } })
  })
})

describe('preview', () => {
  test('says what the order then costs, and books nothing', async () => {
    const all = await venueForTests()
    const terms = { market_market_ioc: { quote_size: '100' } }
    const { body } = await all.post('/orders/preview', { product_id: 'SOL-USD', side: 'BUY', order_configuration: terms })
    expect(all.venue.ledger().orders).toEqual([])
    const id = await placed(all, 'one', 'BUY', terms)
    const order = await shown(all, id)
    expect(body).toMatchObject({ errs: [], base_size: order['filled_size'], quote_size: order['filled_value'] })
    expect(Number(textAt(body, 'order_total'))).toBeCloseTo(100, 10)
    const refused = await all.post('/orders/preview', {
      product_id: 'SOL-USD',
      side: 'BUY',
      order_configuration: { market_market_ioc: { quote_size: '99999' } },
    })
    expect(listAt(refused.body, 'errs')).toEqual(['PREVIEW_INSUFFICIENT_FUND'])
  })
})
