import { Observable } from 'rxjs'
import type { Candle, CandleEvent, EpochMs, MarketSource } from '@millrace/core'
import { coinbaseInstrument } from '@millrace/core'

export const startMs = Date.UTC(2026, 0, 1, 22) as EpochMs
const MINUTE = 60_000

/** A small generator of uniform numbers (mulberry32): tests choose candles by a seed of their own. */
export function uniform(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export interface RandomMarketOptions {
  readonly seed: number
  readonly minutes: number
  readonly instruments: readonly { readonly id: string; readonly price: number }[]
  /** Share of minutes without a candle, 0..1. */
  readonly gaps: number
  /** Base units a minute: small ones make partial fills. */
  readonly volume: (price: number) => number
  /** Also unfinished candles, three a minute. */
  readonly forming: boolean
}

/** Random candles in total order: over midnight, with gaps, and violent enough to trade. */
export function randomCandles(options: RandomMarketOptions): CandleEvent[] {
  const next = uniform(options.seed)
  const events: CandleEvent[] = []
  const prices = options.instruments.map(({ price }) => price)
  const ids = options.instruments.map(({ id }, index) => ({ id, index })).sort((a, b) => (a.id < b.id ? -1 : 1))
  for (let minute = 0; minute < options.minutes; minute++) {
    const openTime = (startMs + minute * MINUTE) as EpochMs
    const rows = ids.map(({ id, index }) => ({ id, skip: next() < options.gaps, steps: path(prices, index, next) }))
    if (options.forming)
      for (let part = 1; part <= 3; part++)
        for (const { id, skip, steps } of rows)
          if (!skip) events.push(event(id, candleOf(openTime, steps.slice(0, part + 1), options.volume), false, openTime + part * 15_000))
    for (const { id, skip, steps } of rows) if (!skip) events.push(event(id, candleOf(openTime, steps, options.volume), true, openTime + MINUTE))
  }
  return events
}

function path(prices: number[], index: number, next: () => number): number[] {
  const steps = [prices[index]!]
  for (let i = 0; i < 4; i++) steps.push(Math.round(steps[i]! * (1 + (next() + next() + next() - 1.5) * 0.02) * 100) / 100)
  prices[index] = steps[4]!
  return steps
}

function candleOf(openTime: EpochMs, steps: readonly number[], volume: (price: number) => number): Candle {
  const close = steps[steps.length - 1]!
  return { openTime, open: steps[0]!, high: Math.max(...steps), low: Math.min(...steps), close, volume: (volume(close) * (steps.length - 1)) / 4 }
}

const event = (instrument: string, candle: Candle, closed: boolean, atMs: number): CandleEvent => ({
  type: 'candle',
  instrument,
  timeframeMs: MINUTE,
  candle,
  closed,
  atMs: atMs as EpochMs,
})

export const instrumentsOf = (ids: readonly string[]) => ids.map((id) => coinbaseInstrument(id)!)

/** A market source that pushes given events, for the engine. */
export function listMarket(events: readonly CandleEvent[], ids: readonly string[]): MarketSource {
  const empty = new Float64Array(0)
  return {
    id: 'list',
    timeline: 'event',
    instruments: () => Promise.resolve(instrumentsOf(ids)),
    candles: () => Promise.resolve({ length: 0, openTime: empty, open: empty, high: empty, low: empty, close: empty, volume: empty }),
    stream: ({ afterMs }) =>
      new Observable((subscriber) => {
        for (const item of events) if (afterMs === undefined || item.atMs > afterMs) subscriber.next(item)
        subscriber.complete()
      }),
    startMs: () => startMs,
    describe: () => ({ text: 'a list of candles', notes: [] }),
    close: () => Promise.resolve(),
  }
}
