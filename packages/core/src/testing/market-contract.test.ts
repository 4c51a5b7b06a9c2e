import { EMPTY, Observable, concat, filter, mergeMap, of, throwError } from 'rxjs'
import { describe, expect, test } from 'vitest'
import type { CandleEvent, MarketEvent } from '../contracts/events.ts'
import type { MarketSource } from '../contracts/market-source.ts'
import { pickRows } from '../model/candle-columns.ts'
import { ZERO } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import { simulatedMarket } from '../simulation/simulated-market/simulated-market.ts'
import { marketContract } from './market-contract.ts'

const good = (): MarketSource => simulatedMarket({ seed: 1, speed: 'max', until: '12m' })
const cases = (market: () => MarketSource) =>
  marketContract(() => ({ market: market(), instruments: ['BTC-USD', 'TOSHI-USD'], timeframesMs: [60_000, 300_000] }))
const judge = (name: string, market: () => MarketSource): Promise<unknown> =>
  cases(market)
    .find((each) => each.name.startsWith(name))!
    .run()

type Change = (event: CandleEvent, index: number) => Observable<MarketEvent>
const streaming = (change: Change): MarketSource => {
  const market = good()
  return { ...market, stream: (query) => market.stream(query).pipe(mergeMap((event, index) => (event.type === 'candle' ? change(event, index) : of(event)))) }
}
const edited = (edit: (event: CandleEvent) => CandleEvent): MarketSource => streaming((event) => of(edit(event)))

describe('a good market keeps every promise', () => {
  for (const { name, run } of cases(good)) test(name, () => run())
})

/** For each promise, markets that break it and what is said of them. */
const broken: readonly (readonly [name: string, message: string, market: () => MarketSource])[] = [
  ['instruments are', 'expected BTC-USD among the instruments,', () => ({ ...good(), instruments: () => Promise.resolve([]) })],
  [
    'instruments are',
    'BTC-USD: expected priceIncrement above 0, received 0',
    () => ({ ...good(), instruments: async () => (await good().instruments()).map((each) => ({ ...each, priceIncrement: ZERO })) }),
  ],
  ['the description', 'expected a description in words', () => ({ ...good(), describe: () => ({ ...good().describe(), text: ' ' }) })],
  ['the description', 'expected the description to begin at the start', () => ({ ...good(), describe: () => ({ text: 'x', notes: [] }) })],
  ['the stream completes', 'expected at least two closed candles to judge by, received 0', () => ({ ...good(), stream: () => EMPTY })],
  ['the stream completes', 'no more', () => ({ ...good(), stream: () => throwError(() => new Error('no more')) })],
  [
    'the stream is in total order',
    'expected order by time, instrument, timeframe',
    () => streaming((event, index) => (index === 30 ? of({ ...event, atMs: (event.atMs - 60_000) as EpochMs }) : of(event))),
  ],
  ['the stream is in total order', 'expected order by time, instrument, timeframe', () => streaming((event) => of(event, event))],
  ['the stream is in total order', 'expected events after the start', () => streaming((event) => of({ ...event, atMs: (event.atMs - 3_600_000) as EpochMs }))],
  ['the stream holds', 'only, received', () => ({ ...good(), stream: (query) => good().stream({ ...query, instruments: ['BTC-USD', 'ETH-USD'] }) })],
  ['the stream holds', 'only, received', () => ({ ...good(), stream: (query) => good().stream({ ...query, timeframesMs: [60_000, 300_000] }) })],
  ['a candle is closed', 'expected a closed candle at its end', () => edited((event) => ({ ...event, closed: true }))],
  ['a candle is closed', 'expected a forming candle before its end', () => edited((event) => ({ ...event, closed: false }))],
  ['a candle is closed', 'expected low <= open', () => edited((event) => ({ ...event, candle: { ...event.candle, high: event.candle.low / 2 } }))],
  ['a candle is closed', 'expected low <= open', () => edited((event) => ({ ...event, candle: { ...event.candle, volume: Number.NaN } }))],
  [
    'a candle is closed',
    'expected a start on the grid',
    () => edited((event) => ({ ...event, candle: { ...event.candle, openTime: (event.candle.openTime + 1) as EpochMs } })),
  ],
  ['a candle is closed', 'at or before a closed one', () => streaming((event) => (event.closed ? of(event, event) : of(event)))],
  [
    'two streams of one',
    'expected event',
    () => {
      const market = good()
      let streams = 0
      return {
        ...market,
        stream: (query) => {
          const late = streams++
          return market.stream(query).pipe(filter((_, index) => index !== late))
        },
      }
    },
  ],
  [
    'two streams of one',
    'events, received',
    () => {
      const market = good()
      let streams = 0
      return {
        ...market,
        stream: (query) =>
          streams++ === 0
            ? market.stream(query)
            : concat(market.stream(query), of({ type: 'link', event: { type: 'gap', detail: '' }, atMs: 0 as EpochMs } as const)),
      }
    },
  ],
  [
    'a stream continues',
    'expected event 0 to be',
    () => ({ ...good(), stream: ({ instruments, timeframesMs }) => good().stream({ instruments, timeframesMs }) }),
  ],
  [
    'a stream continues',
    'expected event 0 to be',
    () => ({ ...good(), stream: (query) => good().stream(query.afterMs === undefined ? query : { ...query, afterMs: (query.afterMs + 5_000) as EpochMs }) }),
  ],
  [
    'nothing arrives',
    'expected 2 events before unsubscribing and none after, received',
    () => {
      // Goes on telling its first subscriber after the subscription has ended.
      const market = good()
      return { ...market, stream: (query) => leaking(market.stream(query)) }
    },
  ],
  ['closing the market', 'expected close to end a stream', () => ({ ...good(), close: () => Promise.resolve() })],
  [
    'closing the market',
    'expected no event from a stream of a closed market',
    () => {
      const market = good()
      let isClosed = false
      return {
        ...market,
        close: async () => {
          isClosed = true
          await market.close()
        },
        stream: (query) => (isClosed ? good().stream(query) : market.stream(query)),
      }
    },
  ],
  ['history is oldest first', 'expected rows oldest first', () => withHistory((columns) => pickRows(columns, [...columns.openTime.keys()].reverse()))],
  [
    'history is oldest first',
    'expected candles that begin at',
    () => ({ ...good(), candles: (query) => good().candles({ ...query, toMs: (query.toMs + 300_000) as EpochMs }) }),
  ],
  ['history is oldest first', 'rows in close, received', () => withHistory((columns) => ({ ...columns, close: columns.close.subarray(1) }))],
  ['history is oldest first', 'expected a sane candle', () => withHistory((columns) => ({ ...columns, low: columns.high.map((high) => high + 1) }))],
  ['history and stream', 'expected history to hold the', () => withHistory((columns) => pickRows(columns, [...columns.openTime.keys()].slice(1)))],
  ['history and stream', 'in place of', () => withHistory((columns) => ({ ...columns, volume: columns.volume.map((volume) => volume + 1) }))],
  ['history and stream', 'expected a market of timeline event', () => ({ ...good(), timeline: 'wall' })],
]

function withHistory(change: (columns: Awaited<ReturnType<MarketSource['candles']>>) => Awaited<ReturnType<MarketSource['candles']>>): MarketSource {
  return { ...good(), candles: async (query) => change(await good().candles(query)) }
}

function leaking(source: Observable<MarketEvent>): Observable<MarketEvent> {
  return new Observable((subscriber) => {
    const { destination } = subscriber as unknown as { destination: { next(event: MarketEvent): void } }
    source.subscribe({ next: (event) => destination.next(event), complete: () => subscriber.complete() })
  })
}

describe('a market that breaks a promise is found out', () => {
  test.each(broken)('%s: %s', async (name, message, market) => {
    await expect(judge(name, market)).rejects.toThrow(message)
  })

  test('two markets made alike', async () => {
    let seed = 0
    const makes = marketContract(() => ({
      market: simulatedMarket({ seed: seed++, speed: 'max', until: '3m' }),
      instruments: ['BTC-USD'],
      timeframesMs: [60_000],
    }))
    await expect(makes.find(({ name }) => name.startsWith('two markets'))!.run()).rejects.toThrow('expected event 0 to be')
  })

  test('every promise has a market that breaks it', () => {
    const names = [...broken.map(([name]) => name), 'two markets']
    expect(cases(good).filter(({ name }) => !names.some((start) => name.startsWith(start)))).toEqual([])
  })
})
