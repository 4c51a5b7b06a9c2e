import { simulatedClock } from '@millrace/core/testing'
import type { LinkEvent } from '@millrace/core'
import { afterEach, describe, expect, it } from 'vitest'
import type { RawMessage } from './account/private-link.ts'
import { coinbase } from './coinbase.ts'
import type { Coinbase } from './coinbase.ts'
import { publicVenue } from './market/public-venue.fixture.ts'
import type { PublicVenue } from './market/public-venue.fixture.ts'
import { SENTINEL, never, requestOf, scriptedVenue, taken, userRow } from './orders/scripted-venue.fixture.ts'

const closers: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of closers.splice(0)) await each.close()
})

const credentials = { keyName: 'key', secret: SENTINEL }
const kept = <T extends { close(): Promise<unknown> }>(each: T): T => {
  closers.unshift(each)
  return each
}

describe('coinbase()', () => {
  it('is a market alone without a key, and sends none [fault 61]', async () => {
    const venue = kept<PublicVenue>(await publicVenue())
    const parts = coinbase({ baseUrls: { rest: venue.baseUrl, marketSocket: venue.socketUrl } })
    kept(parts.market)
    expect(Object.keys(parts)).toEqual(['market'])
    // @ts-expect-error without a key there is no exchange
    expect(parts.exchange).toBeUndefined()
    await parts.market.instruments()
    expect([venue.requests.length, venue.authorizations]).toEqual([1, []])
  })

  it('asks nothing before somebody asks it', async () => {
    const venue = await scriptedVenue()
    expect([venue.seen, venue.sockets]).toEqual([[], []])
  })

  it.each(['http://example.com', 'ftp://127.0.0.1', 'http://127.0.0.1.example.com'])('refuses to send a key to %s', (rest) => {
    expect(() => coinbase({ credentials, baseUrls: { rest } })).toThrow('expected an https URL, or http on this machine')
  })

  it('refuses a key that is none, without repeating it', () => {
    expect(() => coinbase({ credentials: { keyName: 'key', secret: 'not a secret' } })).toThrow(/expected a P-256 key/)
    expect(() => coinbase({ credentials: { keyName: 'key', secret: 'not a secret' } })).not.toThrow(/not a secret/)
  })

  it('says what it can do, and what it cannot', async () => {
    const { exchange } = await scriptedVenue()
    expect(exchange.capabilities).toEqual({
      ...{ orderTypes: ['market', 'limit', 'stopLimit'], timesInForce: ['gtc', 'gtd', 'ioc', 'fok'], quoteSizedBuys: true, feeInsideQuoteSize: true },
      ...{ idempotentClientOrderId: true, lookupByClientOrderId: false, bracketOrders: false, orderEdits: false, fullBook: false },
    })
    expect(exchange.environment).toBe('live')
  })

  it('compares the clocks once for market and exchange, before the first token', async () => {
    const venue = await scriptedVenue()
    await Promise.all([venue.exchange.balances().catch(() => undefined), venue.exchange.feeRates(), venue.exchange.liveOrders()])
    expect(venue.count('GET /time')).toBe(1)
    expect(venue.exchange.stats().clockOffsetMs).toBeTypeOf('number')
  })

  it('goes on by its own clock when the venue does not tell the time', async () => {
    const venue = await scriptedVenue()
    venue.on('GET /time', { status: 400, text: '' })
    venue.on('POST /orders', taken())
    expect((await venue.exchange.submit(requestOf(), never)).outcome).toBe('accepted')
  })

  it('lets an order pass reads that wait for the budget', async () => {
    const venue = await scriptedVenue({ privateBudget: { capacity: 6, perSecond: 2 } })
    venue.on('POST /orders', taken())
    await venue.exchange.instruments()
    const reads = Promise.all([venue.exchange.liveOrders(), venue.exchange.liveOrders()])
    await venue.exchange.submit(requestOf(), never)
    const routes = venue.seen.map(({ route }) => route)
    expect(routes.length - 1 - routes.indexOf('POST /orders')).toBe(0)
    expect(routes.length).toBeLessThan(10)
    await venue.exchange.close()
    await reads
  })

  it('shows every payload to who wants it, before anything is made of it', async () => {
    const raw: RawMessage[] = []
    const venue = await scriptedVenue({ onRaw: (message) => raw.push(message) })
    venue.on('GET /accounts', { text: '<html>' })
    await venue.exchange.balances().catch(() => undefined)
    const heard = venue.listen()
    await heard.until(1)
    venue.user([userRow()])
    await heard.until(2)
    expect(raw.find(({ name }) => name === 'GET /accounts')).toEqual({ source: 'rest', name: 'GET /accounts', status: 200, text: '<html>' })
    expect(raw.filter(({ source }) => source === 'socket').at(-1)!.text).toContain('"order_id":"v1"')
  })

  it('is not disturbed by a looker-on who throws', async () => {
    const venue = await scriptedVenue({
      onRaw: () => {
        throw new Error('looker-on')
      },
    })
    venue.on('POST /orders', taken())
    const heard = venue.listen()
    expect(await venue.exchange.submit(requestOf(), never)).toMatchObject({ outcome: 'accepted' })
    await heard.until(1)
    expect(heard.events[0]).toEqual({ type: 'error', detail: 'onRaw threw: looker-on' })
  })

  it('keeps count: requests by key and by address, orders it remembers', async () => {
    const venue = await scriptedVenue()
    venue.on('POST /orders', taken())
    await venue.exchange.submit(requestOf(), never)
    const { requests, knownOrders } = venue.exchange.stats()
    expect([requests.taken, requests.lastMinute, requests.refusals, knownOrders]).toEqual([2, 2, 0, 1])
  })

  it('tells the market of refusals by address and the exchange of those by key, not the other way round [fault 6]', async () => {
    const venue = await scriptedVenue()
    venue.on('GET /accounts', { status: 429, text: '', headers: { 'retry-after': '0' } })
    const heard: LinkEvent[] = []
    const subscription = venue.exchange.events().subscribe((event) => {
      if (event.type !== 'report' && event.type !== 'fill') heard.push(event)
    })
    await venue.exchange.balances().catch(() => undefined)
    subscription.unsubscribe()
    expect(heard.filter(({ type }) => type === 'rateLimited')).toHaveLength(4)
  })
})

describe('time that passes for the exchange', () => {
  it('closes with everything that waits: no timer is left', async () => {
    const venue = await scriptedVenue()
    const clock = simulatedClock(Date.now())
    const both: Coinbase = coinbase({ credentials, clock, baseUrls: venue.urls })
    let ready = false
    const subscription = both.exchange.events().subscribe((event) => (ready ||= event.type === 'ready'))
    while (!ready) await new Promise((resolve) => setImmediate(resolve))
    expect(clock.pending).toBeGreaterThan(0)
    await both.exchange.close()
    await both.market.close()
    expect([clock.pending, subscription.closed]).toEqual([0, true])
  })
})
