import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { MarketEvent } from '../contracts/events.ts'
import type { MarketSource, StreamQuery } from '../contracts/market-source.ts'
import type { EpochMs } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { MarketFeed } from './market-feed.ts'

const MINUTE = 60_000

/** A market that notes what it is asked for, and tells what a test lets it tell. */
function market(timeline: 'event' | 'wall') {
  const asked: StreamQuery[] = []
  let events = new Subject<MarketEvent>()
  const source = {
    timeline,
    stream: (query: StreamQuery) => {
      asked.push(query)
      return (events = new Subject<MarketEvent>())
    },
  } as unknown as MarketSource
  const taken: string[] = []
  const times: number[] = []
  const feed = new MarketFeed(source, {
    take: (event) => {
      if (event.type !== 'link') times.push(event.atMs)
      taken.push(event.type === 'candle' ? `${event.instrument} ${event.candle.openTime / MINUTE}` : event.type)
    },
    error: () => undefined,
    complete: () => taken.push('end'),
  })
  return { feed, asked, taken, times, tell: (event: MarketEvent) => events.next(event), end: () => events.complete(), heard: () => events.observed }
}

const candle = (instrument: string, minute: number): MarketEvent => ({
  type: 'candle',
  instrument,
  timeframeMs: MINUTE,
  candle: { openTime: (minute * MINUTE) as EpochMs, open: 1, high: 1, low: 1, close: 1, volume: 1 },
  closed: true,
  atMs: ((minute + 1) * MINUTE) as EpochMs,
})

/** Bots of these instruments that have seen candles up to some minute. */
const bots = (seen: Readonly<Record<string, number>>) =>
  Object.entries(seen).map(([instrument, minute]) => ({
    config: { instrument, timeframeMs: MINUTE },
    lastOpenTime: minute * MINUTE,
  })) as unknown as readonly BotRuntime[]

const one = { instruments: ['A-USD'], timeframesMs: [MINUTE] }

describe('a market with its own time', () => {
  it('stands still between two moments, and goes on after the last one with the new series', async () => {
    const { feed, asked, taken, tell, heard } = market('event')
    feed.open({ ...one, reuse: true })
    tell(candle('A-USD', 0))
    const held = feed.hold()
    // Of the same moment: it belongs to what was before.
    tell(candle('A-USD', 0))
    tell(candle('A-USD', 1))
    await held
    expect([taken, heard()]).toEqual([['A-USD 0', 'A-USD 0'], false])
    feed.goOn(bots({ 'A-USD': 0, 'B-USD': 0 }), MINUTE as EpochMs)
    expect(asked[1]).toEqual({ instruments: ['A-USD', 'B-USD'], timeframesMs: [MINUTE], reuse: true, afterMs: MINUTE })
    tell(candle('A-USD', 1))
    expect(taken.at(-1)).toBe('A-USD 1')
  })
  it('is not waited for when it has nothing to tell, nor when it ends meanwhile', async () => {
    const { feed, taken, end, heard } = market('event')
    feed.open(one)
    await feed.hold()
    expect(heard()).toBe(false)
    feed.goOn(bots({ 'A-USD': 0 }), 0 as EpochMs)
    const held = feed.hold()
    end()
    feed.close()
    await held
    expect(taken).toEqual(['end'])
  })
})

describe('a live market', () => {
  it('tells nothing older than before, whatever a stream that was opened anew says', () => {
    const { feed, tell, times } = market('wall')
    feed.open(one)
    tell({ ...candle('A-USD', 4), closed: false, atMs: 400_500 as EpochMs } as MarketEvent)
    tell({ ...candle('A-USD', 5), atMs: 400_400 as EpochMs } as MarketEvent)
    expect(times).toEqual([400_500, 400_500])
  })
  it('goes on, and is asked again only for other series: from the oldest candle that is missing, and none comes twice', async () => {
    const { feed, asked, taken, tell } = market('wall')
    feed.open(one)
    tell(candle('A-USD', 4))
    await feed.hold()
    tell(candle('A-USD', 5))
    const nowMs = (7 * MINUTE + 500) as EpochMs
    feed.goOn(bots({ 'A-USD': 5 }), nowMs)
    expect(asked).toHaveLength(1)
    feed.goOn(bots({ 'A-USD': 5, 'B-USD': 6 }), nowMs)
    // The candle of minute 6 has closed and was not told yet.
    expect(asked[1]).toMatchObject({ instruments: ['A-USD', 'B-USD'], afterMs: 6 * MINUTE })
    tell(candle('A-USD', 5))
    tell(candle('A-USD', 6))
    // In the past that the new bot was warmed up with.
    tell(candle('B-USD', 6))
    tell(candle('B-USD', 7))
    tell({ type: 'quote', instrument: 'A-USD', bid: 1, ask: 1, atMs: nowMs })
    expect(taken).toEqual(['A-USD 4', 'A-USD 5', 'A-USD 6', 'B-USD 7', 'quote'])
  })
})
