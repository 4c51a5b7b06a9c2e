import { Observable, Subject, map, mergeMap, of, throwError } from 'rxjs'
import { describe, expect, test } from 'vitest'
import type { CandleEvent, MarketEvent } from '../contracts/events.ts'
import type { CandleQuery, MarketSource, StreamQuery } from '../contracts/market-source.ts'
import { candleColumns } from '../model/candle-columns.ts'
import type { Candle } from '../model/candle.ts'
import type { EpochMs } from '../model/time.ts'
import { simulatedMarket } from '../simulation/simulated-market/simulated-market.ts'
import { liveMarketContract } from './live-market-contract.ts'
import type { LiveMarketSubject } from './live-market-subject.ts'
import { simulatedClock } from './simulated-clock.ts'
import { strategyCandles } from './strategy-candles.ts'

const MINUTE_MS = 60_000
const INSTRUMENTS = ['BTC-USD', 'ETH-USD']

/** What an author may get wrong in {@link polled}. */
interface Mistakes {
  /** Minutes that a candle is given out before its end. */
  readonly early?: number
  readonly ignoresAfter?: boolean
  readonly silent?: boolean
  readonly failsWithRequest?: boolean
  readonly skipsOutage?: boolean
  readonly repeatsAfterOutage?: boolean
  readonly endsNever?: boolean
  readonly historyWithForming?: boolean
}

/** A market that asks a venue in the same process once a minute, and the venue. */
function polled(mistakes: Mistakes = {}): LiveMarketSubject {
  const candles = strategyCandles(600)
  const clock = simulatedClock(candles[80]!.openTime + 20_000)
  const closed = new Subject<void>()
  let broken = false
  let isClosed = false
  const isOver = (candle: Candle, minutes: number): boolean => candle.openTime + (1 - minutes) * MINUTE_MS <= clock.nowMs()
  const ask = (fromMs: number, minutes = 0): Candle[] => {
    if (broken) throw new Error('the venue does not answer')
    return candles.filter((candle) => candle.openTime >= fromMs && isOver(candle, minutes))
  }
  const stream = ({ instruments, afterMs = clock.nowMs() }: StreamQuery): Observable<MarketEvent> =>
    new Observable((subscriber) => {
      if (isClosed) return subscriber.complete()
      const from = mistakes.ignoresAfter === true ? clock.nowMs() : afterMs
      const next = new Map(instruments.map((id) => [id, Math.ceil(from / MINUTE_MS) * MINUTE_MS]))
      let troubled = false
      const poll = (): void => {
        for (const instrument of instruments) {
          try {
            const found = ask(next.get(instrument)!, mistakes.early)
            for (const candle of mistakes.skipsOutage === true && troubled ? found.slice(-1) : found) {
              subscriber.next({ type: 'candle', instrument, timeframeMs: MINUTE_MS, candle, closed: true, atMs: (candle.openTime + MINUTE_MS) as EpochMs })
              next.set(instrument, candle.openTime + (mistakes.repeatsAfterOutage === true && troubled ? 0 : MINUTE_MS))
            }
            troubled = false
          } catch (error) {
            if (mistakes.failsWithRequest === true) return subscriber.error(error)
            troubled = true
            if (mistakes.silent !== true) subscriber.next({ type: 'link', event: { type: 'error', detail: String(error) }, atMs: clock.nowMs() })
          }
        }
        timer = clock.at((clock.nowMs() + 15_000) as EpochMs).subscribe(poll)
      }
      let timer = clock.at(clock.nowMs()).subscribe(poll)
      const ending = closed.subscribe(() => (mistakes.endsNever === true ? undefined : subscriber.complete()))
      return () => {
        ending.unsubscribe()
        timer.unsubscribe()
      }
    })
  const market: MarketSource = {
    id: 'polled',
    timeline: 'wall',
    instruments: () => simulatedMarket({ seed: 1 }).instruments(),
    candles: async ({ fromMs, toMs }: CandleQuery) =>
      candleColumns(
        ask(fromMs, mistakes.historyWithForming === true ? 1 : 0).filter(
          (candle) => candle.openTime + (mistakes.historyWithForming === true ? 0 : MINUTE_MS) <= toMs,
        ),
      ),
    stream,
    describe: () => ({ text: 'a venue in the same process', notes: [] }),
    close: async () => {
      isClosed = true
      closed.next()
    },
  }
  return {
    market,
    instruments: INSTRUMENTS,
    nowMs: () => clock.nowMs(),
    settle: async () => clock.advance(15_000),
    breakVenue: (value) => void (broken = value),
    close: () => market.close(),
  }
}

const withMarket = (change: (market: MarketSource) => Partial<MarketSource>): LiveMarketSubject => {
  const subject = polled()
  return { ...subject, market: { ...subject.market, ...change(subject.market) } }
}
const edited = (edit: (event: CandleEvent) => MarketEvent): LiveMarketSubject =>
  withMarket((market) => ({ stream: (query) => market.stream(query).pipe(map((event) => (event.type === 'candle' ? edit(event) : event))) }))

const mutants: Readonly<Record<string, readonly [caught: string, make: () => LiveMarketSubject, says?: string]>> = {
  'lists nothing': ['instruments are', () => withMarket(() => ({ instruments: () => Promise.resolve([]) }))],
  'says that it is recorded': ['it is of timeline', () => withMarket(() => ({ timeline: 'event' }))],
  'says nothing of itself': ['it is of timeline', () => withMarket(() => ({ describe: () => ({ text: '', notes: [] }) }))],
  'gives the candle that forms as history': ['history is oldest', () => polled({ historyWithForming: true }), 'expected candles that are over'],
  'gives its history newest first': [
    'history is oldest',
    () => withMarket((market) => ({ candles: async (query) => candleColumns([...rowsOf(await market.candles(query))].reverse()) })),
  ],
  'closes a candle by its own clock, before it is over': ['candles close', () => polled({ early: 1 }), 'cannot be closed'],
  'stamps candles with their start': ['candles close', () => edited((event) => ({ ...event, atMs: event.candle.openTime })), 'expected atMs from the end'],
  'tells each candle twice': [
    'candles close',
    () => withMarket((market) => ({ stream: (query) => market.stream(query).pipe(mergeMap((event) => of(event, event))) })),
    'closed once, in order',
  ],
  'tells candles off the grid': [
    'candles close',
    () => edited((event) => ({ ...event, candle: { ...event.candle, openTime: (event.candle.openTime + 1) as EpochMs } })),
  ],
  'tells of instruments nobody asked for': [
    'the stream holds',
    () => withMarket((market) => ({ stream: (query) => market.stream({ ...query, instruments: INSTRUMENTS }) })),
  ],
  'puts its candles together itself': [
    'history and stream',
    () => edited((event) => ({ ...event, candle: { ...event.candle, volume: event.candle.volume * 1.01 } })),
  ],
  'forgets where it was to go on': ['it goes on', () => polled({ ignoresAfter: true })],
  'goes on after nobody listens any more': ['nothing arrives', () => withMarket((market) => ({ stream: (query) => leaking(market.stream(query)) }))],
  'does not end when it is closed': ['closing ends', () => polled({ endsNever: true }), 'but it goes on'],
  'ends with an error when it is closed': [
    'closing ends',
    () =>
      withMarket((market) => ({
        stream: (query) => new Observable((to) => market.stream(query).subscribe({ next: (e) => to.next(e), complete: () => to.error(new Error('aborted')) })),
      })),
    'received the error Error: aborted',
  ],
  'fails with the first request that fails': ['a broken venue', () => polled({ failsWithRequest: true }), 'the stream failed with'],
  'says nothing of the trouble': ['a broken venue', () => polled({ silent: true }), 'expected news of the trouble'],
  'gives up after an outage': [
    'a broken venue',
    () =>
      withMarket((market) => ({
        stream: (query) => market.stream(query).pipe(mergeMap((event) => (event.type === 'link' ? throwError(() => new Error('gone')) : of(event)))),
      })),
  ],
  'begins with the newest candle after an outage': ['after a broken', () => polled({ skipsOutage: true })],
  'tells the last candle again after an outage': ['after a broken', () => polled({ repeatsAfterOutage: true })],
}

const rowsOf = ({ length, openTime, open, high, low, close, volume }: Awaited<ReturnType<MarketSource['candles']>>): Candle[] =>
  Array.from({ length }, (_, i) => ({ openTime: openTime[i]! as EpochMs, open: open[i]!, high: high[i]!, low: low[i]!, close: close[i]!, volume: volume[i]! }))

function leaking(source: Observable<MarketEvent>): Observable<MarketEvent> {
  return new Observable((subscriber) => {
    const { destination } = subscriber as unknown as { destination: { next(event: MarketEvent): void } }
    source.subscribe({ next: (event) => destination.next(event), complete: () => subscriber.complete() })
  })
}

describe('a good market keeps every promise', () => {
  test.each(liveMarketContract(() => polled()).map(({ name, run }) => [name, run] as const))('%s', async (_name, run) => {
    expect(await run()).toBeUndefined()
  })

  test('and what needs a venue that breaks is skipped without one', async () => {
    const { breakVenue: _, ...subject } = polled()
    const skipped = await Promise.all(
      liveMarketContract(() => subject)
        .slice(-2)
        .map(({ run }) => run()),
    )
    expect(skipped).toEqual([{ skipped: 'the harness cannot break its venue' }, { skipped: 'the harness cannot break its venue' }])
  })
})

describe('a live market is found out that', () => {
  test.each(Object.entries(mutants))('%s', async (_name, [caught, make, says = 'To put it right: ']) => {
    const cases = liveMarketContract(make).filter(({ name }) => name.startsWith(caught))
    expect(cases).toHaveLength(1)
    await expect(cases[0]!.run()).rejects.toThrow(says)
  })

  test('and every promise is broken by one of them', () => {
    const found = Object.values(mutants).map(([caught]) => caught)
    expect(liveMarketContract(() => polled()).filter(({ name }) => !found.some((start) => name.startsWith(start)))).toEqual([])
  })
})
