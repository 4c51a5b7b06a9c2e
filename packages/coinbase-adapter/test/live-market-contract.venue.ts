import { liveMarketContract, simulatedClock } from '@millrace/core/testing'
import type { LiveMarketSubject } from '@millrace/core/testing'
import { expect, test } from 'vitest'
import { coinbaseMarket } from '../src/coinbase-market.ts'
import { startVenueSimulator } from '../src/simulator/index.ts'
import { START_MS } from './venue-subject.ts'

const STEP_MS = 2_500

/** Coinbase's market over the simulator; what breaks is the network: sockets close, requests fail on the way. */
async function subject(): Promise<LiveMarketSubject> {
  const clock = simulatedClock(START_MS + 20_000)
  const limits = { publicPerSecond: 1_000, connectionsPerSecond: 1_000, messagesPerSecond: 1_000 }
  const venue = await startVenueSimulator({ seed: 11, clock, historyDays: 1, limits })
  let broken = false
  let underWay = 0
  const network: typeof fetch = async (...request) => {
    if (broken) throw new TypeError('the network is down')
    underWay++
    return fetch(...request).finally(() => underWay--)
  }
  const budget = { capacity: 1_000, perSecond: 1_000 }
  const market = coinbaseMarket({ baseUrl: venue.restUrl, socketUrl: venue.socketUrl, clock, random: () => 0, budget, silenceMs: 60_000, fetch: network })
  return {
    market,
    instruments: ['BTC-USD'],
    nowMs: () => clock.nowMs(),
    async settle() {
      for (let ms = 0; ms < 15_000; ms += STEP_MS) {
        clock.advance(STEP_MS)
        do await venue.settled()
        while (underWay > 0)
      }
    },
    breakVenue(value) {
      broken = value
      venue.control({ do: 'sockets', open: !value })
    },
    async close() {
      await market.close()
      await venue.close()
    },
  }
}

test.each(liveMarketContract(subject).map(({ name, run }) => [name, run] as const))('the live market of Coinbase: %s', async (_name, run) => {
  expect(await run()).toBeUndefined()
})
