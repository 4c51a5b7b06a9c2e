import { MINUTE_MS } from '@millrace/core'
import type { EpochMs, MarketEvent } from '@millrace/core'
import { simulatedClock } from '@millrace/core/testing'
import { afterEach, expect, test } from 'vitest'
import { coinbaseMarket } from '../src/coinbase-market.ts'
import type { CoinbaseMarket } from '../src/coinbase-market.ts'
import { startVenueSimulator } from '../src/simulator/index.ts'
import type { VenueSimulator } from '../src/simulator/index.ts'
import { START_MS } from './venue-subject.ts'

let venue: VenueSimulator
let market: CoinbaseMarket
afterEach(async () => {
  await market.close()
  await venue.close()
})

test('market data of the simulator: candles once, in order and whole; the live ones are those of the history [pitfall 15] [fault 53]', async () => {
  const clock = simulatedClock(START_MS)
  const limits = { publicPerSecond: 1_000, connectionsPerSecond: 1_000, messagesPerSecond: 1_000 }
  venue = await startVenueSimulator({ seed: 11, clock, historyDays: 1, limits })
  const budget = { capacity: 1_000, perSecond: 1_000 }
  market = coinbaseMarket({ baseUrl: venue.restUrl, socketUrl: venue.socketUrl, clock, random: () => 0, budget, silenceMs: 60_000 })
  const instruments = ['BTC-USD', 'SOL-USD']
  const listed = await market.instruments()
  expect(instruments.every((id) => listed.some((each) => each.id === id && each.state === 'online'))).toBe(true)

  const fromMs = (START_MS - 700 * MINUTE_MS) as EpochMs
  const past = await market.candles({ instrument: 'BTC-USD', timeframeMs: MINUTE_MS, fromMs, toMs: START_MS as EpochMs })
  expect(past.length).toBeGreaterThan(600)
  for (let i = 1; i < past.length; i++) expect(past.openTime[i]! - past.openTime[i - 1]!).toBeGreaterThanOrEqual(MINUTE_MS)

  const events: MarketEvent[] = []
  const subscription = market.stream({ instruments, timeframesMs: [MINUTE_MS], afterMs: START_MS as EpochMs }).subscribe((event) => events.push(event))
  const closed = (id: string): readonly MarketEvent[] => events.filter((event) => event.type === 'candle' && event.closed && event.instrument === id)
  for (let step = 0; step < 2_400 && instruments.some((id) => closed(id).length < 5); step++) {
    clock.advance(250)
    await venue.settled()
  }
  subscription.unsubscribe()
  for (const instrument of instruments) {
    const live = closed(instrument).flatMap((event) => (event.type === 'candle' ? [event.candle] : []))
    const last = live.at(-1)!.openTime
    const told = await market.candles({ instrument, timeframeMs: MINUTE_MS, fromMs: START_MS as EpochMs, toMs: (last + MINUTE_MS) as EpochMs })
    expect(live).toEqual(
      Array.from({ length: told.length }, (_, i) => ({ ...live[i], openTime: told.openTime[i], close: told.close[i], volume: told.volume[i] })),
    )
  }
  expect(events.some(({ type }) => type === 'quote')).toBe(true)
  expect(venue.report().limits.publicBreaches).toBe(0)
})
