import { afterEach, describe, expect, test } from 'vitest'
import { START_MS, arrived, at, closeVenues, listAt, textAt, venueForTests } from '../venue.fixture.ts'
import type { Listener, VenueForTests } from '../venue.fixture.ts'
import type { FaultKind } from '../faults/kinds.ts'

afterEach(closeVenues)

const heartbeats = { channel: 'heartbeats' }
const resting = { limit_limit_gtc: { base_size: '0.1', limit_price: '100', post_only: false } }
const plenty = { limits: { privatePerSecond: 1000, messagesPerSecond: 1000, connectionsPerSecond: 1000 } } as const
const numbersOf = ({ frames }: Listener): readonly unknown[] => frames.map(({ sequence_num }) => sequence_num)
/** Two seconds, so that heartbeats come. */
const beat = async (all: VenueForTests, times = 1): Promise<void> => all.pass(1_000 * times, 1_000)

describe('a connection', () => {
  test('[fault 30] is closed when it asked for nothing within five seconds', async () => {
    const all = await venueForTests()
    const idle = await all.listen('market')
    const other = await all.listen('market', heartbeats)
    await all.pass(4_999, 4_999)
    expect(idle.closed).toBe(false)
    await all.pass(1)
    await arrived(() => idle.closed)
    expect(other.closed).toBe(false)
    expect(all.venue.report().connections).toMatchObject({ opened: 2, closed: 1, closedForNoSubscription: 1 })
  })

  test('is closed when nothing was said on it for long; heartbeats keep it', async () => {
    const all = await venueForTests({ idleMs: 10_000 })
    const still = await all.listen('market', { channel: 'status' })
    const kept = await all.listen('market', heartbeats)
    await all.pass(9_000, 1_000)
    expect(still.closed).toBe(false)
    await all.pass(1_000, 1_000)
    await arrived(() => still.closed)
    expect(kept.closed).toBe(false)
    expect(all.venue.report().connections).toMatchObject({ closedForIdleness: 1 })
  })

  test('counts its messages over all channels, from 0, and acknowledges the whole set each time', async () => {
    const all = await venueForTests()
    const { of, frames, ...rest } = await all.listen(
      'market',
      heartbeats,
      { channel: 'ticker', product_ids: ['BTC-USD'] },
      { channel: 'level2', product_ids: ['ETH-USDC'] },
    )
    await beat(all, 2)
    const numbers = frames.map(({ sequence_num }) => sequence_num)
    expect(numbers).toEqual(numbers.map((_, index) => index))
    expect(at(of('subscriptions').at(-1), 'events.0.subscriptions')).toEqual({ heartbeats: ['heartbeats'], ticker: ['BTC-USD'], level2: ['ETH-USD'] })
    rest.say({ type: 'unsubscribe', channel: 'ticker' })
    await arrived(() => of('subscriptions').length === 4)
    expect(at(of('subscriptions').at(-1), 'events.0.subscriptions')).toEqual({ heartbeats: ['heartbeats'], level2: ['ETH-USD'] })
    expect(of('heartbeats').map(({ events }) => at(events, '0.heartbeat_counter'))).toEqual([0, 1])
    expect(textAt(of('heartbeats')[0], 'events.0.current_time')).toBe('2026-11-21 12:00:01.000000000 +0000 UTC m=+1')
  })

  test.each([
    ['no JSON', 'rubbish', 'failure to parse message'],
    ['a channel that is none', { type: 'subscribe', channel: 'weather' }, 'channel not supported'],
    ['an unknown product', { type: 'subscribe', channel: 'ticker', product_ids: ['NOPE-USD'] }, 'failure to subscribe: unknown product NOPE-USD'],
    ['no product where one is needed', { type: 'subscribe', channel: 'ticker' }, 'failure to subscribe: unknown product '],
    ['user without a token', { type: 'subscribe', channel: 'user' }, 'authentication failure'],
    ['user with a bad token', { type: 'subscribe', channel: 'user', jwt: 'bad' }, 'authentication failure'],
  ])('[fault 29] %s is answered by an error frame, and the line stays', async (_, message, expected) => {
    const all = await venueForTests()
    const client = await all.listen('market', heartbeats)
    client.say(message)
    await arrived(() => client.frames.some(({ type }) => type === 'error'))
    expect(client.frames.find(({ type }) => type === 'error')).toEqual({ type: 'error', message: expected })
    await beat(all)
    expect([client.closed, client.of('heartbeats').length]).toEqual([false, 1])
  })

  test('the user host has no market data; the market host has the user channel', async () => {
    const all = await venueForTests()
    const user = await all.listen('user', { channel: 'ticker', product_ids: ['BTC-USD'] })
    expect(user.frames).toEqual([{ type: 'error', message: 'channel not supported' }])
    const market = await all.listen('market', { channel: 'user' })
    expect(at(market.of('user')[0], 'events.0')).toEqual({
      type: 'snapshot',
      orders: [],
      positions: { perpetual_futures_positions: [], expiring_futures_positions: [] },
    })
  })

  test('too many connections and messages without a token in a second', async () => {
    const all = await venueForTests({ limits: { connectionsPerSecond: 2, messagesPerSecond: 2 } })
    const client = await all.listen('market', heartbeats, { channel: 'status' })
    client.say({ type: 'subscribe', channel: 'ticker', product_ids: ['BTC-USD'] })
    await arrived(() => client.frames.some(({ message }) => message === 'rate limit exceeded'))
    await all.listen('market')
    const third = await all.listen('market')
    await arrived(() => third.closed)
    expect(all.venue.report().limits.socketBreaches).toBe(2)
  })
})

describe('the channels', () => {
  test("market_trades: the last ones first, then batches; the side is the maker's", async () => {
    const all = await venueForTests()
    all.venue.control({ do: 'trade', product: 'SOL-USD', price: '150.02', size: '1', makerSide: 'SELL' })
    const client = await all.listen('market', { channel: 'market_trades', product_ids: ['SOL-USD'] })
    expect(at(client.of('market_trades')[0], 'events.0')).toMatchObject({ type: 'snapshot', trades: [{ side: 'SELL', price: '150.02' }] })
    for (const size of ['2', '3']) all.venue.control({ do: 'trade', product: 'SOL-USD', price: '149.98', size, makerSide: 'BUY' })
    expect(client.of('market_trades')).toHaveLength(1)
    await all.pass(250)
    await arrived(() => client.of('market_trades').length === 2)
    expect(listAt(client.of('market_trades')[1], 'events.0.trades').map((trade) => at(trade, 'size'))).toEqual(['3', '2'])
    expect(at(client.of('market_trades')[1], 'events.0.trades.0')).toMatchObject({
      product_id: 'SOL-USD',
      side: 'BUY',
      trade_id: expect.stringMatching(/^\d+$/) as string,
    })
  })

  test('ticker with every trade; ticker_batch every five seconds and without the best prices', async () => {
    const all = await venueForTests()
    const client = await all.listen('market', { channel: 'ticker', product_ids: ['SOL-USD'] }, { channel: 'ticker_batch', product_ids: ['SOL-USD'] })
    all.venue.control({ do: 'trade', product: 'SOL-USD', price: '150.5', size: '1', makerSide: 'SELL' })
    await all.pass(5_000, 1_000)
    await arrived(() => client.of('ticker_batch').length === 2)
    expect(client.of('ticker').map(({ events }) => at(events, '0.tickers.0.price'))).toEqual(['150', '150.5'])
    expect(at(client.of('ticker')[1], 'events.0')).toMatchObject({ type: 'update', tickers: [{ best_bid: '149.98', best_ask: '150.02' }] })
    expect(at(client.of('ticker_batch')[1], 'events.0.tickers.0')).toMatchObject({ price: '150.5' })
    expect(at(client.of('ticker_batch')[1], 'events.0.tickers.0.best_bid')).toBeUndefined()
  })

  test('level2 answers as l2_data: the whole book, then what changed, 0 for what is gone', async () => {
    const all = await venueForTests({ depth: { levels: 2 } })
    const client = await all.listen('market', { channel: 'level2', product_ids: ['SOL-USD'] })
    const [snapshot] = client.of('l2_data')
    expect(at(snapshot, 'events.0')).toMatchObject({
      type: 'snapshot',
      product_id: 'SOL-USD',
      updates: [{ side: 'bid', price_level: '149.98' }, { side: 'bid' }, { side: 'offer' }, { side: 'offer' }],
    })
    const { body } = await all.order('one', 'SOL-USD', 'BUY', resting)
    await all.pass(250)
    await all.post('/orders/batch_cancel', { order_ids: [textAt(body, 'success_response.order_id')] })
    await all.pass(250)
    await arrived(() => client.of('l2_data').length === 3)
    expect(
      client
        .of('l2_data')
        .slice(1)
        .map(({ events }) => listAt(events, '0.updates').map((each) => [at(each, 'side'), at(each, 'price_level'), at(each, 'new_quantity')])),
    ).toEqual([[['bid', '100', '0.1']], [['bid', '100', '0']]])
  })

  test('candles of five minutes every second, the forming one too', async () => {
    const all = await venueForTests()
    const client = await all.listen('market', { channel: 'candles', product_ids: ['BTC-USD'] })
    expect(listAt(client.of('candles')[0], 'events.0.candles').length).toBeGreaterThan(5)
    all.venue.control({ do: 'trade', product: 'BTC-USD', price: '68001', size: '0.5', makerSide: 'SELL' })
    await beat(all, 2)
    await arrived(() => client.of('candles').length >= 3)
    expect(at(client.of('candles')[1], 'events.0')).toEqual({
      type: 'update',
      candles: [{ start: String(START_MS / 1000), open: '68001', high: '68001', low: '68001', close: '68001', volume: '0.5', product_id: 'BTC-USD' }],
    })
  })

  test('[fault 49] status tells of a product that changed', async () => {
    const all = await venueForTests()
    const client = await all.listen('market', { channel: 'status' })
    expect(listAt(client.of('status')[0], 'events.0.products')).toHaveLength(11)
    all.venue.control({ do: 'productState', product: 'SOL-USD', state: 'halted' })
    await arrived(() => client.of('status').length >= 2)
    expect(at(client.of('status')[1], 'events.0')).toMatchObject({ type: 'update', products: [{ id: 'SOL-USD', status: 'offline' }] })
  })

  test('user begins with the open orders, fifty a message', async () => {
    const all = await venueForTests({ accounts: { USD: '100000' } })
    for (let index = 0; index < 51; index++) all.venue.control({ do: 'ownerOrder', product: 'SOL-USD', side: 'BUY', baseSize: '0.1', limitPrice: '100' })
    const client = await all.listen('user', { channel: 'user' })
    await arrived(() => client.of('user').length === 2)
    expect(client.of('user').map(({ events }) => [at(events, '0.type'), listAt(events, '0.orders').length])).toEqual([
      ['snapshot', 50],
      ['snapshot', 1],
    ])
  })

  test('user says that nothing is left of an order that was cancelled', async () => {
    const all = await venueForTests()
    const client = await all.listen('user', { channel: 'user' })
    const { body } = await all.order('one', 'SOL-USD', 'BUY', resting)
    all.venue.control({ do: 'trade', product: 'SOL-USD', price: '99', size: '0.04', makerSide: 'BUY' })
    await all.post('/orders/batch_cancel', { order_ids: [textAt(body, 'success_response.order_id')] })
    await arrived(() => at(client.of('user').at(-1), 'events.0.orders.0.status') === 'CANCELLED')
    const rows = client
      .of('user')
      .slice(1)
      .map(({ events }) => at(events, '0.orders.0'))
    expect(rows.map((row) => [at(row, 'status'), at(row, 'cumulative_quantity'), at(row, 'leaves_quantity')])).toEqual([
      ['PENDING', '0', '0.1'],
      ['OPEN', '0', '0.1'],
      ['OPEN', '0.04', '0.06'],
      ['CANCELLED', '0.04', '0'],
    ])
  })

  test('[fault 25] user can tell all of its past again', async () => {
    const all = await venueForTests()
    await all.order('one', 'SOL-USD', 'BUY', { market_market_ioc: { quote_size: '5' } })
    const client = await all.listen('user', { channel: 'user' })
    all.venue.control({ do: 'replayUser', messages: 3_000 })
    await arrived(() => client.of('user').length === 3_001)
    expect(
      new Set(
        client
          .of('user')
          .slice(1)
          .map(({ events }) => at(events, '0.orders.0.client_order_id')),
      ),
    ).toEqual(new Set(['one']))
  })
})

describe('a fault of a socket', () => {
  const faulty = async (kind: FaultKind, matching = 'heartbeats'): Promise<{ readonly all: VenueForTests; readonly client: Listener }> => {
    const all = await venueForTests(plenty)
    const client = await all.listen('market', heartbeats, { channel: 'ticker', product_ids: ['SOL-USD'] })
    all.venue.control({ do: 'inject', kind, matching })
    return { all, client }
  }

  test.each([
    ['[fault 24] sequenceGap', 'sequenceGap', [0, 1, 2, 4, 5]],
    ['[fault 22] duplicateMessage', 'duplicateMessage', [0, 1, 2, 3, 3, 4, 5]],
    ['[fault 23] reorderedMessages', 'reorderedMessages', [0, 1, 2, 4, 3, 5]],
  ] as const)('%s', async (_, kind, numbers) => {
    const { all, client } = await faulty(kind)
    await beat(all, 3)
    await arrived(() => client.frames.length >= numbers.length)
    expect(numbersOf(client)).toEqual(numbers)
    expect(all.venue.report().faults).toEqual({ [kind]: 1 })
  })

  test('a message that cannot be read costs that message', async () => {
    const { all, client } = await faulty('unreadableMessage')
    await beat(all, 2)
    await arrived(() => client.frames.length >= 5)
    expect(client.frames.map(({ type, sequence_num }) => type ?? sequence_num)).toEqual([0, 1, 2, 'unreadable', 4])
    expect(all.venue.report().faults).toEqual({ unreadableMessage: 1 })
  })

  test('[fault 11] a line that is cut; the next one is whole', async () => {
    const { all, client } = await faulty('socketDropped')
    await beat(all)
    await arrived(() => client.closed)
    const next = await all.listen('market', heartbeats)
    await beat(all)
    expect(next.of('heartbeats')).toHaveLength(1)
    expect(all.venue.report()).toMatchObject({ faults: { socketDropped: 1 }, connections: { droppedByFault: 1 } })
  })

  test.each([
    ['[fault 28] silence', 'silence'],
    ['[fault 10] halfOpen', 'halfOpen'],
  ] as const)('%s: nothing comes any more, and the line is open for ever', async (_, kind) => {
    const { all, client } = await faulty(kind)
    all.venue.control({ do: 'trade', product: 'SOL-USD', price: '150', size: '1', makerSide: 'BUY' })
    await beat(all)
    const before = client.frames.length
    all.venue.control({ do: 'trade', product: 'SOL-USD', price: '151', size: '1', makerSide: 'BUY' })
    await all.pass(120_000, 10_000)
    expect([client.frames.length, client.closed]).toEqual([before, false])
    const next = await all.listen('market', heartbeats)
    await beat(all)
    expect(next.of('heartbeats')).toHaveLength(1)
    expect(all.venue.report().faults).toEqual({ [kind]: 1 })
  })

  test('[fault 28] silence with heartbeats: the data stops, the heart does not', async () => {
    const { all, client } = await faulty('silenceWithHeartbeats', 'ticker')
    for (const price of ['150', '151', '152']) all.venue.control({ do: 'trade', product: 'SOL-USD', price, size: '1', makerSide: 'BUY' })
    await beat(all, 3)
    await arrived(() => client.of('heartbeats').length === 3)
    expect(client.of('ticker')).toHaveLength(1)
    expect(all.venue.report().faults).toEqual({ silenceWithHeartbeats: 1 })
  })

  test('[fault 29] a subscription is refused once', async () => {
    const all = await venueForTests(plenty)
    all.venue.control({ do: 'inject', kind: 'subscribeRefused', matching: 'user' })
    const refused = await all.listen('user', { channel: 'user' })
    expect(refused.frames).toEqual([{ type: 'error', message: 'failure to subscribe' }])
    const taken = await all.listen('user', { channel: 'user' })
    expect(taken.of('user')).toHaveLength(1)
    expect(all.venue.report().faults).toEqual({ subscribeRefused: 1 })
  })

  test('[fault 25] the past comes again after a new connection', async () => {
    const all = await venueForTests(plenty)
    await all.order('one', 'SOL-USD', 'BUY', { market_market_ioc: { quote_size: '5' } })
    all.venue.control({ do: 'inject', kind: 'userReplay' })
    const client = await all.listen('user', { channel: 'user' })
    await arrived(() => client.of('user').length >= 3)
    expect(
      client
        .of('user')
        .slice(1)
        .map(({ events }) => at(events, '0.orders.0.status')),
    ).toEqual(['PENDING', 'FILLED'])
    expect(all.venue.report().faults).toEqual({ userReplay: 1 })
  })
})
