import { bot, createEngine, defineStrategy, fixedSize, memoryStore, paper, staleData } from '@millrace/core'
import type { Engine } from '@millrace/core'
import { simulatedClock } from '@millrace/core/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { coinbaseMarket } from '../src/coinbase-market.ts'
import type { CoinbaseMarket } from '../src/coinbase-market.ts'
import { productRow, publicVenue } from '../src/market/public-venue.fixture.ts'
import type { PublicVenue } from '../src/market/public-venue.fixture.ts'

const START = Date.UTC(2026, 5, 1, 12)
const MINUTE = 60_000
/** Virtual time runs faster than sockets do: no answer of theirs is late. */
const AGES = 86_400_000

/** Buys above 104 and sells below 96. */
const levels = defineStrategy({
  id: 'levels',
  params: z.strictObject({}),
  indicators: () => ({}),
  components: { level: () => 'level' },
  evaluate({ candle }, _, signal) {
    signal.add('level', candle.close > 104 ? 1 : candle.close < 96 ? -1 : 0, 1, candle.close)
  },
})

const row = (startMs: number, close: number): Record<string, string> => ({
  start: String(startMs / 1000),
  open: String(close),
  high: String(close + 0.5),
  low: String(close - 0.5),
  close: String(close),
  volume: '500',
})

let venue: PublicVenue
let market: CoinbaseMarket
let engine: Engine
const clock = simulatedClock(START - 1_000)
const history: Record<string, string>[] = []

beforeEach(async () => {
  venue = await publicVenue()
  venue.nowMs = () => clock.nowMs()
  venue.products = ['BTC-USD', 'ETH-USD'].map((id) => productRow(id))
  for (let i = 30; i > 0; i--) history.push(row(START - i * MINUTE, 100))
  for (const id of ['BTC-USD', 'ETH-USD']) venue.candles.set(`${id} ONE_MINUTE`, history)
  market = coinbaseMarket({ baseUrl: venue.baseUrl, socketUrl: venue.socketUrl, clock, random: () => 0, timeoutMs: AGES, silenceMs: AGES })
  engine = createEngine({
    market,
    exchange: paper({ cash: { USD: '1000' } }),
    store: memoryStore(),
    clock,
    safety: [],
    bots: ['btc', 'eth'].map((id) =>
      bot({
        id,
        instrument: `${id.toUpperCase()}-USD`,
        timeframe: '1m',
        strategy: levels(),
        confirm: 0,
        sizing: fixedSize(20),
        safety: [staleData('2m')],
      }),
    ),
  })
})

afterEach(async () => {
  await engine.stop()
  await market.close()
  await venue.close()
})

/** Lets sockets and virtual time move on; with a price, the venue trades at it meanwhile. */
async function until(isDone: () => boolean, price?: number): Promise<void> {
  for (let turns = 0; !isDone(); turns++) {
    if (turns > 2_000) throw new Error('nothing came of it')
    await new Promise((resolve) => setTimeout(resolve, 1))
    clock.advance(50)
    if (price !== undefined && turns % 20 === 0) trade(price)
  }
}

let trades = 0
const trade = (price: number): void =>
  venue.send('market_trades', [
    {
      type: 'update',
      trades: ['BTC-USD', 'ETH-USD'].map((id) => ({
        trade_id: String(++trades),
        product_id: id,
        price: String(price),
        size: '50',
        side: 'BUY',
        time: new Date(clock.nowMs()).toISOString(),
      })),
    },
  ])

/** One minute of trades at a price, and the candle that the venue makes of it. */
async function minuteAt(price: number): Promise<void> {
  const startMs = Math.floor(clock.nowMs() / MINUTE) * MINUTE
  while (clock.nowMs() < startMs + MINUTE - 2_000) {
    trade(price)
    clock.advance(5_000)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  history.push(row(startMs, price))
  await until(() => clock.nowMs() >= startMs + MINUTE + 2_000)
}

test('[INC-42] bots trade on paper with the prices of the venue: decisions on its closed candles, fills at its trades, and on after a lost connection', async () => {
  const starting = engine.start()
  await until(() => venue.connections === 1)
  await starting
  expect(engine.state().market.text).toContain("Coinbase's public data")
  await until(() => engine.state().bots.every(({ price }) => price === 100))

  await minuteAt(105)
  await until(() => engine.state().lastFills.length === 2, 106)
  expect(
    engine
      .state()
      .lastFills.map(({ side, botId }) => `${botId} ${side}`)
      .toSorted(),
  ).toEqual(['btc buy', 'eth buy'])
  for (const { price } of engine.state().lastFills) expect(Number(price)).toBeGreaterThanOrEqual(105)

  await minuteAt(100)
  await minuteAt(95)
  await until(() => engine.state().lastFills.length === 4, 95)
  expect(engine.state().bots.map(({ position }) => position.status)).toEqual(['closed', 'closed'])

  // The connection is lost and comes back by itself; the candles in between are asked for.
  venue.cut()
  await until(() => engine.state().alerts.some(({ code }) => code === 'LINK_DOWN'))
  await until(() => venue.connections === 2)
  const before = engine.state().lastFills.length
  await minuteAt(105)
  await until(() => engine.state().lastFills.length === before + 2, 105)
  expect(engine.state().alerts.filter(({ severity }) => severity === 'critical')).toEqual([])
  expect(venue.authorizations).toEqual([])
})
