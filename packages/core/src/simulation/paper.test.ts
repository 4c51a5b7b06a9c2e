import { describe, expect, it } from 'vitest'
import type { LinkEvent, OrderEvent } from '../contracts/events.ts'
import type { SimulatedExchange, SimulatedVenue } from '../contracts/exchange.ts'
import { ConfigError } from '../model/errors.ts'
import { decimalText } from '../model/money.ts'
import { paper } from './paper.ts'
import { at, btc, candle, MINUTE, requestOf, START, texts, toshi } from './simulated-venue/venue.fixture.ts'

const flat = [100, 100, 100, 100] as const
const { signal } = new AbortController()

function running(): { exchange: SimulatedExchange; venue: SimulatedVenue; seen: (OrderEvent | LinkEvent)[]; done: () => boolean } {
  const exchange = paper({ cash: { USD: '1000' }, slippageBps: 0 })
  const venue = exchange.venue([btc, toshi])
  const seen: (OrderEvent | LinkEvent)[] = []
  let done = false
  exchange.events().subscribe({
    next: (event) => seen.push(event),
    complete: () => {
      done = true
    },
  })
  venue.apply(candle(0, flat, 50), at(START + MINUTE))
  return { exchange, venue, seen, done: () => done }
}

describe('paper', () => {
  it('is the paper environment and says what it can do [row 25] [row 26]', async () => {
    const { exchange } = running()
    expect([exchange.id, exchange.environment, exchange.latencyMs, decimalText(exchange.startingCash['USD']!)]).toEqual(['paper', 'paper', 250, '1000'])
    expect(exchange.capabilities).toEqual({
      orderTypes: ['market', 'limit'],
      quoteSizedBuys: true,
      feeInsideQuoteSize: true,
      idempotentClientOrderId: true,
      lookupByClientOrderId: true,
    })
    expect(await exchange.instruments()).toEqual([btc, toshi])
    const rates = await exchange.feeRates()
    expect([decimalText(rates.makerRate), decimalText(rates.takerRate)]).toEqual(['0.005', '0.009'])
  })

  it('answers a submit at once and the same submit with the same order', async () => {
    const { exchange, seen } = running()
    expect(await exchange.submit(requestOf({ quote: 25 }), signal)).toEqual({ outcome: 'accepted', venueOrderId: 'sim-000001' })
    expect(await exchange.submit(requestOf({ quote: 25 }), signal)).toEqual({ outcome: 'accepted', venueOrderId: 'sim-000001' })
    expect(await exchange.submit(requestOf({ id: 'big', quote: 2500 }), signal)).toEqual({
      outcome: 'rejected',
      code: 'INSUFFICIENT_FUND',
      detail: 'the balance does not cover the order',
    })
    expect((await exchange.liveOrders()).items.map(({ ref, state }) => [ref.clientOrderId, state])).toEqual([['order-1', 'open']])
    expect(await exchange.order({ clientOrderId: 'order-1', instrument: btc.id })).toMatchObject({ state: 'open' })
    expect(await exchange.order({ clientOrderId: 'other', instrument: btc.id })).toBe('notFound')
    expect(seen).toHaveLength(3)
  })

  it('shows fills, balances and events of the venue that somebody else drives', async () => {
    const { exchange, venue, seen } = running()
    await exchange.submit(requestOf({ quote: 25 }), signal)
    const answers = venue.apply(candle(1, flat, 50), at(START + 2 * MINUTE))
    expect(texts(answers)[0]).toMatch(/^fill 0.24777006 @ 100 /)
    expect(seen.slice(1)).toEqual(answers)
    const page = await exchange.fills(undefined)
    expect([page.items.map((fill) => fill.fillId), page.complete, page.next]).toEqual([['sim-fill-000002'], true, '1'])
    expect(await exchange.fills(page.next)).toEqual({ items: [], complete: true, next: '1' })
    await expect(exchange.fills('2')).rejects.toThrow(/expected a cursor/)
    expect((await exchange.balances()).map(({ currency, available, held }) => [currency, decimalText(available), decimalText(held)])).toEqual([
      ['BTC', '0.24777006', '0'],
      ['USD', '975.000000946', '0'],
    ])
  })

  it('cancels what works, and says when it is too late or unknown', async () => {
    const { exchange } = running()
    await exchange.submit(requestOf({ base: 1, limit: 90 }), signal)
    const order = { clientOrderId: 'order-1', instrument: btc.id }
    expect(await exchange.cancel(order, signal)).toEqual({ outcome: 'cancelled' })
    expect(await exchange.cancel(order, signal)).toEqual({ outcome: 'tooLate', detail: 'the order is cancelled' })
    expect(await exchange.cancel({ ...order, clientOrderId: 'other' }, signal)).toMatchObject({ outcome: 'unknown' })
  })

  it('sends nothing after an abort', async () => {
    const { exchange } = running()
    expect(await exchange.submit(requestOf({ quote: 25 }), AbortSignal.abort())).toEqual({ outcome: 'unknown', cause: 'aborted before it was sent' })
    expect((await exchange.liveOrders()).items).toEqual([])
    await exchange.submit(requestOf({ base: 1, limit: 90 }), signal)
    expect(await exchange.cancel({ clientOrderId: 'order-1', instrument: btc.id }, AbortSignal.abort())).toMatchObject({ outcome: 'unknown' })
    expect((await exchange.liveOrders()).items).toHaveLength(1)
  })

  it('remembers the last ten thousand fills at least, and says when that is not all', async () => {
    const { exchange, venue } = running()
    const requests = Array.from({ length: 20_000 }, (_, n) => requestOf({ id: `s${n}`, side: n % 2 === 0 ? 'buy' : 'sell', base: '0.01' }))
    requests.forEach((request, n) => {
      venue.apply({ type: 'submit', request }, at(START + (n + 1) * MINUTE))
      venue.apply(candle(n + 1, flat, 50), at(START + (n + 2) * MINUTE))
    })
    const all = await exchange.fills(undefined)
    expect([all.items.length, all.complete, all.next]).toEqual([10_000, false, '20000'])
    const known = await exchange.fills('10000')
    expect([known.items.length, known.complete]).toEqual([10_000, true])
  })

  it('passes snapshot and restore on to the venue', async () => {
    const { exchange, venue } = running()
    await exchange.submit(requestOf({ quote: 25 }), signal)
    const other = running()
    other.venue.restore(venue.snapshot())
    expect((await other.exchange.liveOrders()).items).toHaveLength(1)
  })

  it('has no venue before somebody says which instruments there are, and completes its events when closed', async () => {
    await expect(paper({ cash: {} }).submit(requestOf({ quote: 25 }), signal)).rejects.toThrow(/call venue\(instruments\) first/)
    const { exchange, done } = running()
    expect(done()).toBe(false)
    await exchange.close()
    expect(done()).toBe(true)
    await expect(exchange.submit(requestOf({ quote: 25 }), signal)).rejects.toThrow(/the paper exchange is closed/)
    await expect(exchange.cancel({ clientOrderId: 'order-1', instrument: btc.id }, signal)).rejects.toThrow(/the paper exchange is closed/)
    expect((await exchange.liveOrders()).items).toEqual([])
  })

  it('refuses bad options with path, expected and received', () => {
    expect(() => paper({ cash: { USD: '-1' } })).toThrow(ConfigError)
    expect(() => paper({ cash: { USD: '-1' } })).toThrow(/paper\.cash\.USD: expected an amount >= 0.*received -1/)
    expect(() => paper({ cash: {}, fees: { takerRate: -0.1 } })).toThrow(/paper\.fees\.takerRate: expected a fraction.*received -0\.1/)
    expect(() => paper({ cash: { UDS: 1 } }).venue([btc])).toThrow(/expected a currency of the instruments \(BTC, USD\), received UDS/)
  })
})
