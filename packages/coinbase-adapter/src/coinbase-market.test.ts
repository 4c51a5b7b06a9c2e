import { decimalText } from '@millrace/core'
import type { Candle, CandleQuery, EpochMs, MarketEvent } from '@millrace/core'
import { simulatedClock } from '@millrace/core/testing'
import type { SimulatedClock } from '@millrace/core/testing'
import type { Subscription } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { coinbaseMarket } from './coinbase-market.ts'
import type { CoinbaseMarket } from './coinbase-market.ts'
import { productRow, publicVenue } from './market/public-venue.fixture.ts'
import type { PublicVenue } from './market/public-venue.fixture.ts'

const START = Date.UTC(2026, 5, 1, 12)
const MINUTE = 60_000
/** Virtual time runs faster than sockets do: no answer of theirs is late. */
const AGES = 86_400_000

const row = (startMs: number, close: number, changes: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  start: String(startMs / 1000),
  open: String(close),
  high: String(close + 1),
  low: String(close - 1),
  close: String(close),
  volume: '2.5',
  ...changes,
})

let venue: PublicVenue
let clock: SimulatedClock
let market: CoinbaseMarket
let events: MarketEvent[]
let skews: number[]
let subscription: Subscription | undefined

beforeEach(async () => {
  venue = await publicVenue()
  clock = simulatedClock(START)
  // The venue is three seconds ahead of us.
  venue.nowMs = () => clock.nowMs() + 3_000
  market = coinbaseMarket({ baseUrl: venue.baseUrl, socketUrl: venue.socketUrl, clock, random: () => 0, timeoutMs: AGES, silenceMs: AGES })
  events = []
  skews = []
})

afterEach(async () => {
  subscription?.unsubscribe()
  await market.close()
  await venue.close()
})

/** Lets sockets do their work; virtual time moves on a little meanwhile when it is told to. */
async function until(isDone: () => boolean, stepMs = 0): Promise<void> {
  for (let turns = 0; !isDone(); turns++) {
    if (turns > 2_000) throw new Error('nothing came of it')
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (stepMs > 0) clock.advance(stepMs)
  }
}

const candles = (query: Omit<CandleQuery, 'instrument' | 'timeframeMs' | 'fromMs' | 'toMs'> & { fromMs: number; toMs: number }, timeframeMs = MINUTE) =>
  market.candles({ instrument: 'BTC-USD', timeframeMs, fromMs: query.fromMs as EpochMs, toMs: query.toMs as EpochMs })

describe('instruments', () => {
  it('carry the increments and minimums of the venue', async () => {
    venue.products = [productRow('BTC-USD'), productRow('TOSHI-USD', { price_increment: undefined, quote_increment: '0.0000001', base_increment: '1' })]
    const [btc, toshi] = await market.instruments()
    expect(btc).toMatchObject({ id: 'BTC-USD', base: 'BTC', quote: 'USD', state: 'online', asOfMs: START })
    expect([btc!.priceIncrement, btc!.baseIncrement, btc!.minQuote, btc!.maxBase, toshi!.priceIncrement].map(decimalText)).toEqual([
      '0.01',
      '0.00000001',
      '1',
      '3400',
      '0.0000001',
    ])
  })

  it.each([
    [{}, 'online'],
    [{ status: 'delisted', is_disabled: true }, 'delisted'],
    [{ status: 'offline' }, 'halted'],
    [{ is_disabled: true }, 'halted'],
    [{ trading_disabled: true, limit_only: true }, 'halted'],
    [{ view_only: true }, 'halted'],
    [{ auction_mode: true }, 'halted'],
    [{ cancel_only: true, limit_only: true }, 'cancelOnly'],
    [{ post_only: true, limit_only: true }, 'postOnly'],
    [{ limit_only: true }, 'limitOnly'],
  ])('%j is %s', async (changes, state) => {
    venue.products = [productRow('BTC-USD', changes)]
    expect((await market.instruments())[0]!.state).toBe(state)
  })

  it('are halted in a state that nobody knows, and one that cannot be read costs only itself; both are said', async () => {
    venue.products = [productRow('BTC-USD', { status: 'paused_for_lunch' }), productRow('ETH-USD', { base_increment: 'many' }), null, productRow('SOL-USD')]
    expect((await market.instruments()).map(({ id, state }) => `${id} ${state}`)).toEqual(['BTC-USD halted', 'SOL-USD online'])
    expect(market.describe().notes).toEqual([
      'BTC-USD: unknown status "paused_for_lunch", taken as halted',
      'ETH-USD: base_increment: expected a decimal number, received "many"',
      expect.stringContaining('a product: '),
    ])
  })

  it('are asked for once in 30 seconds, by nobody with a key', async () => {
    venue.products = [productRow('BTC-USD')]
    await Promise.all([market.instruments(), market.instruments()])
    clock.advance(29_999)
    await market.instruments()
    expect(venue.requests).toEqual(['/market/products?product_type=SPOT'])
    clock.advance(1)
    await market.instruments()
    expect(venue.requests).toHaveLength(2)
    expect(market.stats().cache).toMatchObject({ requests: 4, hits: 1, coalesced: 1, misses: 2 })
    expect(venue.authorizations).toEqual([])
  })
})

describe('candles', () => {
  it('come oldest first, without the one that is forming at the venue and without made-up ones [pitfall 15]', async () => {
    // The venue's clock says 12:00:03, so the bucket of 12:00 is still forming.
    venue.candles.set('BTC-USD ONE_MINUTE', [row(START - 4 * MINUTE, 100), row(START - 3 * MINUTE, 101), row(START - MINUTE, 103), row(START, 104)])
    const columns = await candles({ fromMs: START - 4 * MINUTE, toMs: START + MINUTE })
    expect([...columns.openTime]).toEqual([START - 4 * MINUTE, START - 3 * MINUTE, START - MINUTE])
    expect([columns.open[2], columns.high[2], columns.low[2], columns.close[2], columns.volume[2]]).toEqual([103, 104, 102, 103, 2.5])
  })

  it('of a long time are asked for in pieces of at most 300, each once [pitfall 15]', async () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => row(START - (1_000 - i) * MINUTE, 100 + i))
    venue.candles.set('BTC-USD ONE_MINUTE', rows)
    const reading = candles({ fromMs: START - 1_000 * MINUTE, toMs: START })
    await until(() => venue.requests.length === 5)
    const columns = await reading
    expect(columns.length).toBe(1_000)
    expect([...columns.close]).toEqual(rows.map((_, i) => 100 + i))
    const asked = venue.requests.slice(1).map((request) => new URLSearchParams(request.split('?')[1]))
    expect(asked.map((query) => (Number(query.get('end')) - Number(query.get('start'))) / 60 + 1)).toEqual([300, 300, 300, 100])
  })

  it('that cannot be right are left out, and said', async () => {
    const bad = [{ high: '90' }, { close: 'NaN' }, { volume: '-1' }, { open: '1e30' }, { low: '0' }]
    venue.candles.set('BTC-USD ONE_MINUTE', [...bad.map((changes, i) => row(START - (i + 2) * MINUTE, 100, changes)), row(START - MINUTE, 100)])
    expect((await candles({ fromMs: START - 10 * MINUTE, toMs: START })).length).toBe(1)
    expect(market.describe().notes).toHaveLength(bad.length)
  })

  it('of a length the venue does not have are refused by name', async () => {
    await expect(candles({ fromMs: START, toMs: START }, 3 * MINUTE)).rejects.toThrow(
      'expected a timeframe that Coinbase has (1m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 1d), received 3m',
    )
  })
})

describe('the stream', () => {
  const trade = (id: number, price: number, ms: number, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
    trade_id: String(id),
    product_id: 'BTC-USD',
    price: String(price),
    size: '0.5',
    side: 'BUY',
    time: new Date(ms).toISOString(),
    ...changes,
  })
  const sendTrades = (type: string, ...trades: readonly unknown[]): void => venue.send('market_trades', [{ type, trades }])
  const texts = (): readonly string[] =>
    events.map((event) => {
      if (event.type === 'link') return `${event.event.type}: ${event.event.detail}`
      if (event.type === 'quote') return `quote ${event.bid}/${event.ask}`
      const { openTime, open, high, low, close, volume } = event.candle
      return `${event.closed ? 'closed' : 'forming'} ${(openTime - START) / MINUTE}: ${open}/${high}/${low}/${close}/${volume}`
    })
  const closed = (): readonly Candle[] => events.flatMap((event) => (event.type === 'candle' && event.closed ? [event.candle] : []))

  async function open(afterMs?: number): Promise<() => void> {
    // The venue's time is known before the stream is opened, as after the preload of an engine.
    await candles({ fromMs: START, toMs: START + MINUTE })
    const query = { instruments: ['BTC-USD'], timeframesMs: [MINUTE], ...(afterMs === undefined ? {} : { afterMs: afterMs as EpochMs }) }
    subscription = market.stream(query).subscribe((event) => {
      if (event.type === 'link' && event.event.type === 'clock') skews.push(event.event.skewMs)
      else events.push(event)
    })
    await until(() => events.length > 0 && skews.length > 0)
    return () => subscription?.unsubscribe()
  }

  it('says when it is ready, makes forming candles of trades in the order of their times, and quotes of tickers', async () => {
    const stop = await open()
    expect(texts()).toEqual(['ready: Coinbase: trades and quotes arrive'])
    sendTrades('snapshot', trade(2, 99, START + 2_000), trade(1, 98, START + 1_000))
    sendTrades('update', trade(4, 102, START + 5_000), trade(3, 97, START + 4_000))
    const ticker = { type: 'ticker', product_id: 'BTC-USD', price: '102', best_bid: '101.9', best_ask: '102.1' }
    venue.send('ticker', [{ type: 'update', tickers: [ticker, { ...ticker, best_bid: '101' }] }])
    await until(() => events.length >= 4)
    expect(texts().slice(1)).toEqual(['forming 0: 98/99/97/97/1.5', 'forming 0: 98/102/97/102/2', 'quote 101.9/102.1'])
    clock.advance(250)
    venue.send('ticker', [
      {
        type: 'update',
        tickers: [
          { ...ticker, best_bid: '103' },
          { ...ticker, best_bid: '' },
          { ...ticker, best_bid: '101.5' },
        ],
      },
    ])
    await until(() => events.length >= 5)
    expect(texts().at(-1)).toBe('quote 101.5/102.1')
    stop()
  })

  it('counts a trade once, although a new connection tells the recent ones again', async () => {
    const stop = await open()
    sendTrades('update', trade(1, 100, START + 1_000), trade(2, 101, START + 1_000))
    await until(() => events.length === 3)
    sendTrades('snapshot', trade(3, 102, START + 2_000), trade(2, 101, START + 1_000), trade(1, 100, START + 1_000))
    sendTrades('update', trade(3, 102, START + 2_000), trade(4, 103, START + 3_000))
    await until(() => events.length === 4)
    expect(texts().slice(1)).toEqual(['forming 0: 100/100/100/100/0.5', 'forming 0: 100/101/100/101/1', 'forming 0: 100/103/100/103/2'])
    stop()
  })

  it('hands out the candle of the venue when its bucket is over by the clock of the venue', async () => {
    const stop = await open()
    venue.candles.set('BTC-USD ONE_MINUTE', [row(START, 100)])
    // 12:00:58.499 here is 12:01:01.499 there: the grace time is not over.
    clock.advance(58_499)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(closed()).toEqual([])
    clock.advance(1)
    await until(() => closed().length > 0)
    expect(texts().at(-1)).toBe('closed 0: 100/101/99/100/2.5')
    expect(events.at(-1)).toMatchObject({ atMs: START + MINUTE })
    stop()
  })

  it('asks again for a candle that is late, while trades prove that there must be one', async () => {
    const stop = await open()
    sendTrades('update', trade(1, 100, START + 30_000))
    await until(() => events.length === 2)
    clock.advance(58_500)
    const asked = venue.requests.length
    await until(() => venue.requests.length > asked)
    await new Promise((resolve) => setTimeout(resolve, 20))
    venue.candles.set('BTC-USD ONE_MINUTE', [row(START, 100)])
    clock.advance(2_000)
    await until(() => closed().length > 0)
    expect(closed().map(({ openTime }) => openTime)).toEqual([START])
    stop()
  })

  it('makes no candle of a minute without trades [fault 53] [pitfall 15]', async () => {
    const stop = await open()
    clock.advance(58_500)
    await until(() => venue.requests.filter((request) => request.includes('candles')).length >= 1)
    clock.advance(20_000)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(closed()).toEqual([])
    stop()
  })

  it('goes on after a moment, and after a lost connection, with every candle once and in order', async () => {
    const all = Array.from({ length: 12 }, (_, i) => row(START + (i - 5) * MINUTE, 100 + i))
    venue.candles.set('BTC-USD ONE_MINUTE', all)
    const stop = await open(START - 3 * MINUTE)
    await until(() => closed().length === 3)
    venue.cut()
    await until(() => texts().some((text) => text.startsWith('down')))
    // The pause before the next try, and two minutes that nobody listened to.
    await until(() => venue.connections === 2, 500)
    clock.advance(Math.max(0, START + 2 * MINUTE + 30_000 - clock.nowMs()))
    await until(() => closed().length >= 5, 100)
    const times = closed().map(({ openTime }) => (openTime - START) / MINUTE)
    expect(times).toEqual(times.map((_, i) => i - 3))
    const atMs = events.filter((event) => event.type !== 'link').map((event) => event.atMs)
    expect(atMs).toEqual(atMs.toSorted((a, b) => a - b))
    stop()
  })

  it('gives a closed candle that comes behind newer prices a time that is not before theirs', async () => {
    const stop = await open()
    venue.candles.set('BTC-USD ONE_MINUTE', [row(START, 100)])
    sendTrades('update', trade(1, 105, START + MINUTE + 400))
    await until(() => events.length === 2)
    clock.advance(58_500)
    await until(() => closed().length === 1)
    expect(events.at(-1)).toMatchObject({ closed: true, atMs: START + MINUTE + 400 })
    stop()
  })

  it('says it when the venue changes a candle that was handed out [fault 53]', async () => {
    venue.candles.set('BTC-USD ONE_MINUTE', [row(START - MINUTE, 100)])
    const stop = await open(START - MINUTE)
    await until(() => closed().length === 1)
    venue.candles.set('BTC-USD ONE_MINUTE', [row(START - MINUTE, 200), row(START, 100)])
    clock.advance(58_500)
    await until(() => closed().length === 2)
    expect(texts().find((text) => text.startsWith('revised'))).toBe(
      'revised: BTC-USD 2026-06-01T11:59:00.000Z: 100/101/99/100/2.5 is 200/201/199/200/2.5 now; decisions already made stand',
    )
    stop()
  })

  it('loses a trade that makes no sense, not the others [fault 52]', async () => {
    const stop = await open()
    const bad = [{ price: '0' }, { price: '-1' }, { price: 'NaN' }, { size: '1e30' }, { time: 'soon' }, { product_id: 'OTHER-USD' }]
    sendTrades('update', ...bad.map((changes, i) => trade(i, 100, START + 1_000, changes)), trade(9, 100, START + 1_000))
    venue.send('market_trades', ['nonsense'])
    await until(() => events.length >= 8)
    expect(texts().filter((text) => text.startsWith('gap: market_trades'))).toHaveLength(6)
    expect(texts().filter((text) => text.startsWith('forming'))).toEqual(['forming 0: 100/100/100/100/0.5'])
    stop()
  })

  it('goes on after a failed look, and says it', async () => {
    const stop = await open()
    venue.candles.set('BTC-USD ONE_MINUTE', [row(START, 100)])
    for (let i = 0; i < 4; i++) venue.failures.push({ status: 500, body: '' })
    clock.advance(58_500)
    await until(() => texts().some((text) => text.startsWith('error: candles of BTC-USD 1m:')), 10)
    await until(() => closed().length > 0, 100)
    expect(closed()).toHaveLength(1)
    stop()
  })

  it('compares the clocks when it is ready and every ten minutes', async () => {
    const stop = await open()
    expect(skews).toEqual([-3_000])
    const early = venue.nowMs
    venue.nowMs = () => early() + 40_000
    clock.advance(600_000)
    await until(() => skews.length === 2)
    expect([skews[1], market.stats().clockOffsetMs]).toEqual([-43_000, 43_000])
    stop()
  })

  it('says when the venue asks for fewer requests', async () => {
    const stop = await open()
    venue.failures.push({ status: 429, body: '' })
    clock.advance(58_500)
    await until(() => texts().some((text) => text.startsWith('rateLimited')))
    expect(texts().at(-1)).toBe('rateLimited: Coinbase asks for fewer requests: none for 1000 ms')
    expect(market.stats().requests.refusals).toBe(1)
    stop()
  })

  it('sends no key, and leaves no timer when it is closed', async () => {
    const stop = await open()
    stop()
    await market.close()
    expect(venue.authorizations).toEqual([])
    expect(clock.pending).toBe(0)
  })
})
