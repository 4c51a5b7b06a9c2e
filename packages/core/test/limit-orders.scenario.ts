import { describe, expect, test } from 'vitest'
import {
  cooldown,
  dailyTrades,
  limitOrders,
  marketOrders,
  maxTranches,
  memoryStore,
  money,
  priceStep,
  staleData,
  stopLoss,
  takeProfit,
  tradeSize,
} from '@millrace/core'
import type { BotConfig, CandleEvent, Engine, EpochMs, ExecutionStyle, ExitRule, JournalEntry, MarketSource, StoreFactory } from '@millrace/core'
import { simulatedClock } from '@millrace/core/testing'
import { MINUTE, candles, forming, handMarket, levelBot, levelEngine, startMs } from './levels.ts'
import { listMarket } from './random-market.ts'

/** One closed candle with its four prices; `volume` small enough makes partial fills. */
const bar = (minute: number, [open, high, low, close]: readonly [number, number, number, number], volume = 1_000): CandleEvent => {
  const openTime = (startMs + minute * MINUTE) as EpochMs
  const candle = { openTime, open, high, low, close, volume }
  return { type: 'candle', instrument: 'BTC-USD', timeframeMs: MINUTE, candle, closed: true, atMs: (openTime + MINUTE) as EpochMs }
}
const flat = (minute: number, price: number, volume?: number): CandleEvent => bar(minute, [price, price, price, price], volume)

/** Bids 0.5 % under 99: 98.50. */
const patient = (options: Parameters<typeof limitOrders>[0] = {}): ExecutionStyle => limitOrders({ offset: '50bps', timeout: '2m', ...options })
const limitBot = (options: Partial<Parameters<typeof levelBot>[0]> = {}): BotConfig => levelBot({ execution: patient(), ...options })

interface Outcome {
  readonly engine: Engine
  readonly journal: readonly JournalEntry[]
  readonly orders: readonly Readonly<Record<string, unknown>>[]
  readonly fills: readonly Readonly<Record<string, unknown>>[]
}

function read(store: StoreFactory): Pick<Outcome, 'journal' | 'orders' | 'fills'> {
  const opened = store.open({ environment: 'paper' })
  const journal = opened.read({ limit: 100_000 })
  const byIntent = [...opened.rows('orders')].sort((a, b) => Number(a['intent_no']) - Number(b['intent_no']))
  const orders = byIntent.map(({ side, type, state, source, quote_size: quote, reason }) => ({ side, type, state, source, quote, reason }))
  const fills = [...opened.rows('fills')]
    .sort((a, b) => String(a['fill_id']).localeCompare(String(b['fill_id'])))
    .map(({ side, price, quantity, liquidity, filled_at_ms: atMs }) => ({ side, price, quantity, liquidity, second: (Number(atMs) - startMs) / 1_000 }))
  opened.close()
  return { journal, orders, fills }
}

async function run(events: readonly CandleEvent[], bots: readonly BotConfig[] = [limitBot()], store: StoreFactory = memoryStore()): Promise<Outcome> {
  const engine = levelEngine(listMarket(events, ['BTC-USD']), store, bots)
  await engine.start()
  await engine.finished
  return { engine, ...read(store) }
}

const start = candles([105, 99])

describe('a limit purchase', () => {
  test('rests under the price and fills as maker when the market trades through it by one increment, not when it touches it', async () => {
    const touched = await run([...start, bar(2, [99, 99, 98.5, 99])])
    expect(touched.orders).toEqual([{ side: 'buy', type: 'limit', state: 'open', source: 'levels', quote: '20', reason: null }])
    const through = await run([...start, bar(2, [99, 99, 98.5, 99]), bar(3, [99, 99, 98.49, 99])], [limitBot({ execution: patient({ timeout: '10m' }) })])
    expect(through.orders.map(({ state }) => state)).toEqual(['filled'])
    // 20 USD, fee inside, sized by the taker's 0.9 %; the maker's 0.5 % is what it paid, and the rest is free again.
    expect(through.fills).toEqual([{ side: 'buy', price: '98.5', quantity: '0.20123457', liquidity: 'maker', second: 240 }])
    expect(through.engine.state().cash.reserved).toBe('0')
  })

  test('that does not fill in its time is cancelled; its money is free, no cooldown runs, and the next signal orders anew', async () => {
    const { engine, orders, fills } = await run([...start, flat(2, 99), flat(3, 99)])
    expect(orders.map(({ state }) => state)).toEqual(['expired', 'sent'])
    expect(fills).toEqual([])
    expect(engine.state().bots[0]!.tradesToday).toBe(1)
    const quiet = await run([...start, flat(2, 105), flat(3, 105)])
    expect(quiet.orders.map(({ state }) => state)).toEqual(['expired'])
    expect(quiet.engine.state()).toMatchObject({ cash: { reserved: '0', available: '1000' }, bots: [{ tradesToday: 0 }] })
  })

  test('with then: market goes at market after its time', async () => {
    const { orders, fills } = await run([...start, flat(2, 99), flat(3, 99), flat(4, 99.5)], [limitBot({ execution: patient({ then: 'market' }) })])
    expect(orders.map(({ type, state, quote }) => ({ type, state, quote }))).toEqual([
      { type: 'limit', state: 'expired', quote: '20' },
      { type: 'market', state: 'filled', quote: '20' },
    ])
    // Expired at 4:00 (two minutes after 2:00, when it was sent), filled at the next candle's open.
    expect(fills).toEqual([{ side: 'buy', price: '99.5', quantity: expect.any(String) as string, liquidity: 'taker', second: 240.25 }])
  })

  test('filled in part becomes one tranche with its rest: one entry of the day, and no cooldown, step or tranche limit between the two', async () => {
    const rules = [tradeSize(5, 25), cooldown('15m'), priceStep(0.05), maxTranches(1), dailyTrades({ account: 1, bot: 1 })]
    // 1 unit of volume, of which 10 % are ours.
    const events = [...start, bar(2, [99, 99, 98.4, 99], 1), flat(3, 99), flat(4, 99)]
    const { engine, orders, fills, journal } = await run(events, [limitBot({ execution: patient({ then: 'market' }), safety: rules })])
    expect(orders.map(({ type, state }) => ({ type, state }))).toEqual([
      { type: 'limit', state: 'expired' },
      { type: 'market', state: 'filled' },
    ])
    expect(fills.map(({ price, quantity }) => ({ price, quantity }))).toEqual([
      { price: '98.5', quantity: '0.1' },
      { price: '99', quantity: expect.any(String) as string },
    ])
    const { position, tradesToday } = engine.state().bots[0]!
    expect(position.tranches).toHaveLength(1)
    expect(tradesToday).toBe(1)
    // All of the 20 USD and no more: the rest is what the first part did not cost.
    expect(Number(position.cost)).toBeLessThanOrEqual(20)
    expect(Number(position.cost)).toBeGreaterThan(19.98)
    const [first, second] = journal.filter(({ type }) => type === 'intent').map(({ data }) => data as Readonly<Record<string, unknown>>)
    expect(second).toMatchObject({ continues: first!['clientOrderId'], quoteSize: expect.stringMatching(/^10\.1/) as string })
  })

  test('a rest is judged again: below the smallest trade it is dropped, and so it is when entries are off by then', async () => {
    const bots = (min: number) => [limitBot({ execution: patient({ then: 'market' }), safety: [tradeSize(min, 25)] })]
    const events = [...start, bar(2, [99, 99, 98.4, 99], 1), flat(3, 105), flat(4, 105)]
    const small = await run(events, bots(15))
    expect(small.orders.map(({ type }) => type)).toEqual(['limit'])
    expect(small.engine.state().bots[0]!.position.tranches).toHaveLength(1)
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), bots(5))
    await engine.start()
    market.push(...start, flat(2, 99))
    engine.pause()
    market.push(flat(3, 99), flat(4, 99))
    expect(engine.summary().orders).toBe(1)
    expect(engine.state().bots[0]!.blocker?.code).toBe('TRADING_STATE')
    await engine.stop()
  })

  test('counts against the daily trades, the exposure and the cash as long as it works', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [limitBot()])
    await engine.start()
    market.push(...start)
    expect(engine.state()).toMatchObject({ cash: { available: '980', reserved: '20' }, bots: [{ tradesToday: 1, position: { status: 'closed' } }] })
    await engine.stop()
  })
})

describe('post-only', () => {
  /** A style whose price has been passed by when the order arrives. */
  const tooLate = (then: 'cancel' | 'market'): ExecutionStyle => ({
    ...patient(),
    id: 'x-too-late',
    order: (intent, quote, instrument, limits) => {
      const planned = patient({ postOnly: true, then }).order(intent, quote, instrument, limits)
      return 'denied' in planned || planned.side === 'sell' ? planned : { ...planned, limitPrice: money('100') }
    },
  })

  test('keeps its price off the other side, so that nothing is refused that need not be', async () => {
    const { orders, fills } = await run([...start, bar(2, [99, 99, 98.97, 98.97])], [limitBot({ execution: limitOrders({ offset: '0bps', postOnly: true }) })])
    expect(orders.map(({ state }) => state)).toEqual(['filled'])
    expect(fills).toMatchObject([{ price: '98.99', liquidity: 'maker' }])
  })
  test('refused by the venue is no failure: the money is free, nobody is warned, and nothing is sent again by itself', async () => {
    const { engine, orders } = await run([...start, flat(2, 105), flat(3, 105)], [limitBot({ execution: tooLate('cancel') })])
    expect(orders).toMatchObject([{ type: 'limit', state: 'rejected', reason: 'LIMIT_PRICE_POST_ONLY' }])
    expect(engine.state().cash.reserved).toBe('0')
    expect(engine.state().alerts.map(({ code, severity }) => ({ code, severity }))).toEqual([{ code: 'POST_ONLY_REFUSED', severity: 'info' }])
  })
  test('refused with then: market goes at market at once', async () => {
    const { orders } = await run([...start, flat(2, 105), flat(3, 105)], [limitBot({ execution: tooLate('market') })])
    expect(orders.map(({ type, state }) => ({ type, state }))).toEqual([
      { type: 'limit', state: 'rejected' },
      { type: 'market', state: 'filled' },
    ])
  })
})

describe('a restart while a limit order works', () => {
  test('takes it up again: it fills where it stood', async () => {
    const store = memoryStore()
    await run([...start, flat(2, 99)], [limitBot({ execution: patient({ timeout: '10m' }) })], store)
    const second = await run([bar(3, [99, 99, 98.4, 99])], [limitBot({ execution: patient({ timeout: '10m' }) })], store)
    expect(second.orders.map(({ state }) => state)).toEqual(['filled'])
    expect(second.fills).toMatchObject([{ price: '98.5', liquidity: 'maker' }])
  })
  test.each(['cancel', 'market'] as const)(
    'its time counts from when it was sent, also with then: %s and another time-out in the new configuration',
    async (then) => {
      const bots = (timeout: string) => [limitBot({ execution: patient({ timeout, then }) })]
      const events = [...start, flat(2, 99), flat(3, 105), flat(4, 105), flat(5, 105)]
      const whole = await run(events, bots('3m'))
      const store = memoryStore()
      await run(events.slice(0, 3), bots('3m'), store)
      const second = await run(events.slice(3), bots('1h'), store)
      expect(second.orders).toEqual(whole.orders)
      expect(second.fills).toEqual(whole.fills)
      const ended = second.journal.find(({ type, data }) => type === 'orderEvent' && (data as { state: string }).state === 'expired')!
      expect(ended.atMs).toBe(startMs + 5 * MINUTE)
    },
  )
})

test('a live market without a message in time: the engine cancels by its own clock', async () => {
  const time = simulatedClock(startMs)
  const pushed = handMarket()
  const market: MarketSource = { ...pushed, timeline: 'wall' }
  const store = memoryStore()
  const engine = levelEngine(market, store, [limitBot()], { clock: time })
  await engine.start()
  time.set(startMs + 2 * MINUTE)
  pushed.push(...start)
  time.set(startMs + 2 * MINUTE + 300)
  expect(engine.state().bots[0]!.workingOrder?.state).toBe('open')
  time.set(startMs + 4 * MINUTE - 1)
  expect(engine.state().bots[0]!.workingOrder?.state).toBe('open')
  time.set(startMs + 4 * MINUTE + 1_000)
  expect(engine.state().bots[0]!.workingOrder).toBeUndefined()
  await engine.stop()
  expect(read(store).orders).toMatchObject([{ state: 'cancelled', reason: 'CANCEL_REQUESTED' }])
})

test.each([
  ['1m', 1],
  ['3m', 2],
] as const)('a rest at market wants data that is fresh by then: of %s after two minutes of silence it makes %d orders', async (maxAge, orders) => {
  const time = simulatedClock(startMs)
  const pushed = handMarket()
  const bots = [limitBot({ execution: patient({ then: 'market' }), safety: [tradeSize(5, 25), staleData(maxAge)] })]
  const engine = levelEngine({ ...pushed, timeline: 'wall' }, memoryStore(), bots, { clock: time })
  await engine.start()
  time.set(startMs + 2 * MINUTE)
  pushed.push(...start)
  time.set(startMs + 4 * MINUTE + 1_000)
  expect(engine.summary().orders).toBe(orders)
  await engine.stop()
})

test('an order whose time passed while the process was down is cancelled at the start, and nothing goes at market on an old price', async () => {
  const bots = [limitBot({ execution: patient({ then: 'market' }), safety: [tradeSize(5, 25), staleData('2m')] })]
  const store = memoryStore()
  await run([...start, flat(2, 99)], bots, store)
  const time = simulatedClock(startMs + 30 * MINUTE)
  const pushed = handMarket()
  const engine = levelEngine({ ...pushed, timeline: 'wall' }, store, bots, { clock: time })
  await engine.start()
  time.set(startMs + 30 * MINUTE + 1_000)
  expect(engine.state().bots[0]).toMatchObject({ workingOrder: undefined, position: { quantity: '0' } })
  expect(engine.state().cash.reserved).toBe('0')
  await engine.stop()
  expect(read(store).orders).toMatchObject([{ type: 'limit', state: 'cancelled' }])
})

describe('an emergency stop while a limit order works', () => {
  const running = async () => {
    const store = memoryStore()
    const market = handMarket()
    const engine = levelEngine(market, store, [limitBot({ execution: patient({ then: 'market' }) })])
    await engine.start()
    market.push(...start, flat(2, 99))
    return { store, market, engine }
  }
  test('cancels it when asked to, and nothing goes at market for it', async () => {
    const { store, market, engine } = await running()
    const stopped = engine.emergencyStop({ cancelOpenOrders: true })
    market.push(flat(3, 99), flat(4, 99), flat(5, 99))
    expect((await stopped).cancelled).toHaveLength(1)
    await engine.stop()
    expect(read(store).orders).toMatchObject([{ type: 'limit', state: 'cancelled' }])
  })
  test('else lets it run to its time, and nothing goes at market for it', async () => {
    const { store, market, engine } = await running()
    await engine.emergencyStop()
    market.push(flat(3, 99), flat(4, 99), flat(5, 99))
    expect(engine.state().bots[0]!.blocker?.code).toBe('EMERGENCY_STOP')
    await engine.stop()
    expect(read(store).orders).toMatchObject([{ type: 'limit', state: 'expired' }])
  })
})

describe('exits under a limit style', () => {
  /** Bought at 98.50 in the third candle. */
  const bought = [...start, bar(2, [99, 99, 98.4, 99])]
  const holding = (exits: readonly ExitRule[], then: 'cancel' | 'market' = 'cancel') => [
    limitBot({ exits, execution: patient({ then, timeout: '10m' }), safety: [tradeSize(5, 25), cooldown('2h')] }),
  ]
  const ordersOf = ({ orders }: Outcome) => orders.map(({ side, type, state, source }) => ({ side, type, state, source }))

  test("a signal's sale waits above the price, and an exit rule that fires meanwhile cancels it and sells at market", async () => {
    const waits = await run([...bought, flat(3, 111), flat(4, 111)], holding([stopLoss(0.05)]))
    expect(ordersOf(waits).slice(1)).toEqual([{ side: 'sell', type: 'limit', state: 'open', source: 'levels' }])
    const stopped = await run([...bought, flat(3, 111), bar(4, [111, 111, 90, 95]), flat(5, 105), flat(6, 105)], holding([stopLoss(0.05)]))
    // The price is back above the stop when the cancel is confirmed: the stop was hit all the same.
    expect(ordersOf(stopped).slice(1)).toEqual([
      { side: 'sell', type: 'limit', state: 'cancelled', source: 'levels' },
      { side: 'sell', type: 'market', state: 'filled', source: 'stop-loss' },
    ])
    expect(stopped.engine.state().bots[0]!.position.quantity).toBe('0')
  })
  test('then: market sells the rest of a signal that has waited long enough', async () => {
    const bots = [limitBot({ execution: patient({ then: 'market' }), safety: [tradeSize(5, 25), cooldown('2h')] })]
    const { engine, orders } = await run([...bought, bar(3, [111, 111, 111, 111]), bar(4, [111, 112, 111, 111], 1), flat(5, 111), flat(6, 111)], bots)
    expect(orders.slice(1)).toMatchObject([
      { side: 'sell', type: 'limit', state: 'expired' },
      { side: 'sell', type: 'market', state: 'filled', source: 'levels' },
    ])
    expect(engine.state().bots[0]!.position.quantity).toBe('0')
  })
  test('a stop while a second tranche is being bought cancels that first and sells all there is', async () => {
    const bots = [limitBot({ exits: [stopLoss(0.05)], execution: patient({ timeout: '1h' }), safety: [tradeSize(5, 25)] })]
    const { engine, orders } = await run([...bought, flat(3, 99), bar(4, [99, 99, 90, 99]), flat(5, 105), flat(6, 105)], bots)
    // In the candle of the stop the second purchase fills as well, on the way down: it is sold with the first.
    expect(orders.map(({ side, type, state }) => ({ side, type, state }))).toEqual([
      { side: 'buy', type: 'limit', state: 'filled' },
      { side: 'buy', type: 'limit', state: 'filled' },
      { side: 'sell', type: 'market', state: 'filled' },
    ])
    expect(engine.state().bots[0]!.position.quantity).toBe('0')
    const partly = [limitBot({ exits: [takeProfit(0.03)], execution: patient({ timeout: '1h' }), safety: [tradeSize(5, 25)] })]
    const gained = await run([...bought, flat(3, 99), bar(4, [99, 103, 99, 102]), flat(5, 105), flat(6, 105)], partly)
    expect(gained.orders.map(({ side, type, state }) => ({ side, type, state }))).toEqual([
      { side: 'buy', type: 'limit', state: 'filled' },
      { side: 'buy', type: 'limit', state: 'cancelled' },
      { side: 'sell', type: 'market', state: 'filled' },
    ])
  })
  test('flatten cancels a sale that waits, and sells at market', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), holding([]))
    await engine.start()
    market.push(...bought, flat(3, 111), flat(4, 111))
    engine.flatten()
    market.push(flat(5, 111), flat(6, 111))
    expect(engine.state().bots[0]!.position.quantity).toBe('0')
    expect(engine.state().lastFills[0]).toMatchObject({ source: 'flatten', price: '111' })
    await engine.stop()
  })
  test('of the candle in which a resting purchase filled the low counts and the high does not', async () => {
    const high = await run([...start, bar(2, [99, 109, 98.4, 99]), flat(3, 99)], holding([takeProfit(0.04)]))
    expect(ordersOf(high)).toHaveLength(1)
    const low = await run([...start, bar(2, [99, 99, 90, 99]), flat(3, 99)], holding([stopLoss(0.05)]))
    expect(low.fills[1]).toMatchObject({ side: 'sell', price: '93.57' })
  })
})

test('nothing is ordered at a limit where only a part of the market is known: the safer of quote and last price counts', () => {
  const instrument = { ...limitInstrument, priceIncrement: money('0.01') }
  const approved = { kind: 'open', origin: 'strategy', side: 'buy', quoteAmount: 20, baseFraction: 0, source: 'test' } as never
  const sale = { kind: 'close', origin: 'strategy', side: 'sell', quoteAmount: 0, baseFraction: 1, source: 'test' } as never
  const limits = { nowMs: 0 as EpochMs, sellable: money('1'), availableQuote: money('100') }
  const price = (intent: never, bid: number, ask: number, last: number, options = {}): string => {
    const planned = limitOrders({ offset: '10bps', ...options }).order(intent, { bid, ask, last }, instrument, limits)
    return 'denied' in planned ? planned.denied : planned.limitPrice!.toFixed()
  }
  expect(price(approved, Number.NaN, Number.NaN, 100)).toBe('99.9')
  expect([price(approved, 99, 101, 100), price(approved, 120, 121, 100), price(approved, 99, 101, Number.NaN)]).toEqual(['98.9', '99.9', '98.9'])
  expect([price(sale, 99, 101, 100), price(sale, 50, 51, 100), price(sale, 99, 101, Number.NaN)]).toEqual(['101.11', '100.1', '101.11'])
  expect(price(approved, Number.NaN, Number.NaN, Number.NaN)).toBe('NO_DATA')
  expect([price(approved, 100, 100, 100, { offset: '0bps', postOnly: true }), price(sale, 100, 100, 100, { offset: '0bps', postOnly: true })]).toEqual([
    '99.99',
    '100.01',
  ])
})

const limitInstrument = {
  id: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  baseIncrement: money('0.00000001'),
  quoteIncrement: money('0.01'),
  minBase: money('0.00000001'),
  minQuote: money('1'),
  maxBase: money('1000'),
  state: 'online' as const,
  asOfMs: 0 as EpochMs,
}

test.each([
  ['limitOnly', {}, 'limit'],
  ['postOnly', { postOnly: true }, 'limit'],
  ['postOnly', {}, 'INSTRUMENT_STATE'],
  ['cancelOnly', {}, 'INSTRUMENT_STATE'],
  ['halted', { postOnly: true }, 'INSTRUMENT_STATE'],
] as const)('where an instrument is %s with %o the answer is %s', (state, options, expected) => {
  const instrument = { ...limitInstrument, priceIncrement: money('0.01'), state }
  const sale = { kind: 'close', origin: 'exit', side: 'sell', quoteAmount: 0, baseFraction: 1, source: 'test' } as never
  const limits = { nowMs: 0 as EpochMs, sellable: money('1'), availableQuote: money('100') }
  const planned = limitOrders(options).order(sale, { bid: 100, ask: 100, last: 100 }, instrument, limits)
  expect('denied' in planned ? planned.denied : planned.type).toBe(expected)
})

test('forming candles fill a limit order as they come', async () => {
  const market = handMarket()
  const engine = levelEngine(market, memoryStore(), [limitBot()])
  await engine.start()
  market.push(...start, forming(2, 20, 98.6), forming(2, 30, 98.4), forming(2, 40, 98.6))
  expect(engine.state().lastFills).toMatchObject([{ side: 'buy', price: '98.5' }])
  await engine.stop()
})

test('bad options are refused', () => {
  for (const options of [{ offset: '5' }, { offset: '-5bps' }, { offset: '1001bps' }, { timeout: '999' }, { timeout: 999 }, { then: 'wait' as 'cancel' }])
    expect(() => limitOrders(options)).toThrow(/limitOrders\./)
  expect(marketOrders().id).toBe('market')
})
