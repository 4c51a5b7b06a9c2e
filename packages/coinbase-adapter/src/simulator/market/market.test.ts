import { describe, expect, test } from 'vitest'
import { simulatedClock } from '@millrace/core/testing'
import { add, amount, text } from '../amount.ts'
import { createState } from '../create-state.ts'
import { createGate } from '../faults/gate.ts'
import { advanceMarket } from '../matching/orders.ts'
import { bucketOf } from '../matching/tape.ts'
import type { VenueOptions } from '../options.ts'
import type { VenueState } from '../venue-state.ts'
import { START_MS } from '../venue.fixture.ts'
import { candleRow } from './candles.ts'
import type { Candle } from './candles.ts'
import { createMinuteStore } from './minute-store.ts'
import { priceWalk } from './price-walk.ts'

const MINUTE = 60_000

function venueOf(options: Partial<VenueOptions> = {}): { readonly venue: VenueState; pass(ms: number, stepMs?: number): void } {
  const clock = simulatedClock(START_MS)
  const { venue } = createState({ seed: 3, clock, ...options }, createGate({}, undefined))
  return {
    venue,
    pass(ms, stepMs = 1_000) {
      for (let left = ms; left > 0; left -= stepMs) {
        clock.advance(Math.min(stepMs, left))
        advanceMarket(venue)
      }
    },
  }
}

const candles = (venue: VenueState, id: string, fromMs: number, count: number, lengthMs: number): (Candle | undefined)[] =>
  Array.from({ length: count }, (_, index) => bucketOf(venue, venue.books.get(id)!, fromMs + index * lengthMs, lengthMs))

const rows = (all: readonly (Candle | undefined)[]): unknown[] => all.map((candle) => candle && candleRow(candle))

describe('the seeded market', () => {
  test('follows from seed and clock alone, however often it is looked at', () => {
    const run = (seed: number, stepMs: number): unknown[] => {
      const { venue, pass } = venueOf({ seed })
      pass(20 * MINUTE, stepMs)
      return rows(candles(venue, 'AERO-USD', START_MS - 10 * MINUTE, 30, MINUTE))
    }
    expect(run(3, 250)).toEqual(run(3, 7_000))
    expect(run(4, 7_000)).not.toEqual(run(3, 7_000))
  })

  test('[pitfall 15] leaves out buckets in which nobody traded, and its small candles make up the large ones', () => {
    const { venue, pass } = venueOf()
    pass(10 * MINUTE)
    const minutes = candles(venue, 'TOSHI-USD', START_MS - 50 * MINUTE, 60, MINUTE)
    expect(minutes.filter((candle) => candle === undefined).length).toBeGreaterThan(5)
    const [hour] = candles(venue, 'TOSHI-USD', START_MS - 60 * MINUTE, 1, 60 * MINUTE)
    const own = candles(venue, 'TOSHI-USD', START_MS - 60 * MINUTE, 60, MINUTE).filter((candle) => candle !== undefined)
    expect(candleRow(hour!)).toEqual({
      start: String((START_MS - 60 * MINUTE) / 1000),
      open: text(own[0]!.open),
      close: text(own.at(-1)!.close),
      high: text(own.map(({ high }) => high).reduce((a, b) => (a.gt(b) ? a : b))),
      low: text(own.map(({ low }) => low).reduce((a, b) => (a.lt(b) ? a : b))),
      volume: text(own.map(({ volume }) => volume).reduce(add)),
    })
  })

  test('what was told live is what the candles say afterwards, and starts at the price it was given', () => {
    const { venue, pass } = venueOf()
    const told: string[] = []
    venue.events.subscribe((event) => {
      if (event.type === 'trade' && event.trade.product === 'BTC-USD') told.push(text(event.trade.price))
    })
    pass(5 * MINUTE)
    const live = candles(venue, 'BTC-USD', START_MS, 5, MINUTE).filter((candle) => candle !== undefined)
    expect(told[0]).toBe(text(live[0]!.open))
    expect(told.at(-1)).toBe(text(live.at(-1)!.close))
    expect(Math.abs(Number(told[0]) / 68_000 - 1)).toBeLessThan(0.01)
    const other = venueOf()
    other.pass(60 * MINUTE, 10_000)
    expect(rows(candles(other.venue, 'BTC-USD', START_MS, 5, MINUTE))).toEqual(rows(live))
  })

  test('prices lie on the ticks of their product', () => {
    const { venue } = venueOf()
    const off = [...venue.books.values()].flatMap(({ product }) =>
      candles(venue, product.id, START_MS - 5 * MINUTE, 5, MINUTE)
        .flatMap((candle) => (candle ? [candle.open, candle.high, candle.low, candle.close] : []))
        .filter((price) => !price.mod(product.priceIncrement).isZero()),
    )
    expect(off).toEqual([])
  })

  test('has no past before its history', () => {
    const { venue } = venueOf({ historyDays: 1 })
    expect(candles(venue, 'BTC-USD', START_MS - 25 * 60 * MINUTE, 1, 60 * MINUTE)).toEqual([undefined])
    expect(candles(venue, 'BTC-USD', START_MS - 23 * 60 * MINUTE, 1, 60 * MINUTE)[0]).toBeDefined()
  })
})

test('minutes of long ago are what they were', () => {
  const store = createMinuteStore()
  const candleOf = (minute: number): Candle => ({
    startMs: minute * MINUTE,
    open: amount('1.5'),
    high: amount('2'),
    low: amount('0.00000001'),
    close: amount(minute + 1),
    volume: amount('7'),
  })
  for (let minute = 0; minute < 300; minute++) store.put(candleOf(minute))
  expect(store.get(300 * MINUTE)).toBeUndefined()
  for (const minute of [0, 1, 179, 180, 299]) expect(candleRow(store.get(minute * MINUTE)!)).toEqual(candleRow(candleOf(minute)))
})

test('a walk says the same of a minute, whatever was asked before', () => {
  const options = { seed: 9, name: 'X', volatility: 0.001 }
  const forward = priceWalk(options)
  const there = Array.from({ length: 300 }, (_, minute) => forward(minute))
  const back = priceWalk(options)
  const again = Array.from({ length: 300 }, (_, index) => back(299 - index)).toReversed()
  expect(again).toEqual(there)
})

describe('other markets', () => {
  test('a still one stands where it began, with a past', () => {
    const { venue, pass } = venueOf({ market: { kind: 'still' } })
    pass(10 * MINUTE)
    expect(candles(venue, 'BTC-USD', START_MS, 10, MINUTE)).toEqual(Array.from({ length: 10 }, () => undefined))
    expect(candles(venue, 'BTC-USD', START_MS - 10 * MINUTE, 10, MINUTE).some((candle) => candle !== undefined)).toBe(true)
    expect(venue.books.get('BTC-USD')!.mid).toBe(68_000)
  })

  test('a replayed one tells the rows at their times, whatever order they came in', () => {
    const row = (seconds: number, price: string): { product: string; atMs: number; price: string; size: string } => ({
      product: 'SOL-USD',
      atMs: START_MS + seconds * 1000,
      price,
      size: '2',
    })
    const { venue, pass } = venueOf({ market: { kind: 'replay', rows: [row(90, '161'), row(10, '160'), row(20, '162')] } })
    pass(60_000)
    expect(rows(candles(venue, 'SOL-USD', START_MS, 2, MINUTE))).toMatchObject([{ open: '160', close: '162', volume: '4' }, undefined])
    pass(60_000)
    expect(rows(candles(venue, 'SOL-USD', START_MS, 2, MINUTE))[1]).toMatchObject({ open: '161', volume: '2' })
    expect(venue.books.get('SOL-USD')!.mid).toBe(161)
  })
})
