import { lastValueFrom, take, tap, toArray } from 'rxjs'
import type { CandleEvent, MarketEvent } from '../contracts/events.ts'
import type { MarketSource, StreamQuery } from '../contracts/market-source.ts'
import { candleAt } from '../model/candle-columns.ts'
import type { Candle, CandleColumns } from '../model/candle.ts'
import { laterPromisesOf, must } from './plugins/contract-case.ts'
import type { LaterContractCase } from './plugins/contract-case.ts'
import { decimalText, toFloat } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'

/** A market to try: one of timeline `event` that ends soon, at full speed, with at least two closed candles for one of the instruments. */
export interface MarketSubject {
  readonly market: MarketSource
  readonly instruments: readonly string[]
  readonly timeframesMs: readonly number[]
}

/** One promise of a market. */
export type MarketContractCase = LaterContractCase

/**
 * Returns the promises that every market of recorded or made-up candles keeps, for any test runner. `make` is called anew for each.
 *
 * @example
 * ```ts
 * const cases = marketContract(() => ({ market: simulatedMarket({ seed: 1, speed: 'max', until: '10m' }), instruments: ['BTC-USD'], timeframesMs: [60000] }))
 * await Promise.all(cases.map((each) => each.run())).then((all) => all.length === cases.length) // => true
 * ```
 */
export function marketContract(make: () => MarketSubject | Promise<MarketSubject>): readonly MarketContractCase[] {
  const promise = laterPromisesOf(make)
  return [
    promise(
      'instruments are listed with usable rules',
      "return every instrument that can be traded here with increments and minimums above 0, as the venue's list has them.",
      instrumentsAreListed,
    ),
    promise('the description says what and when', 'describe() says in words where prices come from; fromMs is startMs().', descriptionIsComplete),
    promise('the stream completes', 'end with complete(): a recording has an end, and `until` gives a made-up market one.', streamCompletes),
    promise(
      'the stream is in total order: time, instrument, timeframe',
      'sort by atMs, then instrument, then timeframe, and give out nothing at or before startMs().',
      streamIsOrdered,
    ),
    promise(
      'the stream holds what was asked for and nothing else',
      'filter by query.instruments and query.timeframesMs before the first event.',
      streamIsFiltered,
    ),
    promise(
      'a candle is closed once, at its end, and does not change afterwards',
      'a candle is closed once, with atMs at its end; until then updates of it are `closed: false` with their own time, and after it there are none.',
      closedByProof,
    ),
    promise('two streams of one market are the same', 'every subscription begins anew: no shared iterator, no cursor outside of stream().', async (subject) =>
      sameEvents(await collect(subject), await collect(subject)),
    ),
    promise(
      'two markets made alike are the same',
      'what is random comes from a seed, what is read from a file is read again: nothing comes from the clock or the order of calls.',
      async (subject) => sameEvents(await collect(subject), await collect(await make())),
    ),
    promise(
      'a stream continues after a moment with exactly the events that follow',
      '`afterMs` is not included: give out exactly the events with atMs above it, with the same candles as before.',
      resumes,
    ),
    promise('nothing arrives after unsubscribing', 'return a teardown that stops timers and loops; check `subscriber.closed` between events.', unsubscribes),
    promise(
      'closing the market completes its streams',
      'close() ends every stream with complete(); one that is asked for afterwards completes at once.',
      closes,
    ),
    promise(
      'history is oldest first, whole candles inside [from, to)',
      'history is sorted by openTime, in whole candles: openTime >= fromMs and openTime + timeframe <= toMs, with columns of one length.',
      historyIsOrdered,
    ),
    promise(
      'history and stream hold the same closed candles',
      'make history and stream out of the same candles: a backtest warms up on one and decides on the other.',
      historyIsTheStream,
    ),
  ]
}

const startOf = ({ market }: MarketSubject): EpochMs => {
  must(
    market.timeline === 'event' && market.startMs !== undefined,
    () => `expected a market of timeline event with startMs, received timeline ${market.timeline}`,
  )
  return market.startMs()
}
const queryOf = ({ instruments, timeframesMs }: MarketSubject): StreamQuery => ({ instruments, timeframesMs })
const collect = (subject: MarketSubject, query: StreamQuery = queryOf(subject)): Promise<MarketEvent[]> =>
  lastValueFrom(subject.market.stream(query).pipe(toArray()))
const candlesOf = (events: readonly MarketEvent[]): readonly CandleEvent[] => events.filter((event) => event.type === 'candle')
const text = (value: unknown): string => JSON.stringify(value)

async function instrumentsAreListed({ market, instruments }: MarketSubject): Promise<void> {
  const listed = await market.instruments()
  for (const id of instruments) {
    const found = listed.find((instrument) => instrument.id === id)
    must(found !== undefined, () => `expected ${id} among the instruments, received ${listed.map((each) => each.id).join(', ')}`)
    for (const name of ['priceIncrement', 'baseIncrement', 'quoteIncrement', 'minQuote', 'maxBase'] as const)
      must(toFloat(found[name]) > 0, () => `${id}: expected ${name} above 0, received ${decimalText(found[name])}`)
  }
}

async function descriptionIsComplete(subject: MarketSubject): Promise<void> {
  const { text: words, fromMs } = subject.market.describe()
  must(words.trim() !== '', () => 'expected a description in words, received none')
  must(fromMs === startOf(subject), () => `expected the description to begin at the start ${startOf(subject)}, received ${fromMs}`)
}

async function streamCompletes(subject: MarketSubject): Promise<void> {
  const closed = candlesOf(await collect(subject)).filter((event) => event.closed)
  must(closed.length >= 2, () => `expected at least two closed candles to judge by, received ${closed.length}`)
}

async function streamIsOrdered(subject: MarketSubject): Promise<void> {
  let before: MarketEvent | undefined
  for (const event of await collect(subject)) {
    const earlier = before
    must(event.atMs > startOf(subject), () => `expected events after the start ${startOf(subject)}, received one at ${event.atMs}`)
    must(
      earlier === undefined || compare(earlier, event) < 0,
      () => `expected order by time, instrument, timeframe; received ${text(earlier)} and then ${text(event)}`,
    )
    before = event
  }
}

function compare(a: MarketEvent, b: MarketEvent): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs
  if (a.type === 'link' || b.type === 'link') return -1
  if (a.instrument !== b.instrument) return a.instrument < b.instrument ? -1 : 1
  return a.type === 'candle' && b.type === 'candle' ? a.timeframeMs - b.timeframeMs : -1
}

async function streamIsFiltered(subject: MarketSubject): Promise<void> {
  const { instruments, timeframesMs } = subject
  const asked = { instruments: instruments.slice(0, 1), timeframesMs: timeframesMs.slice(0, 1) }
  for (const event of candlesOf(await collect(subject, asked))) {
    must(
      event.instrument === asked.instruments[0] && event.timeframeMs === asked.timeframesMs[0],
      () => `expected ${text(asked)} only, received ${text(event)}`,
    )
  }
}

async function closedByProof(subject: MarketSubject): Promise<void> {
  const lastClosed = new Map<string, number>()
  for (const event of candlesOf(await collect(subject))) {
    const { candle, timeframeMs, closed, atMs } = event
    const key = `${event.instrument} ${timeframeMs}`
    const endMs = candle.openTime + timeframeMs
    must(isSane(candle), () => `expected low <= open, close <= high and volume >= 0, received ${text(event)}`)
    must(candle.openTime % timeframeMs === 0, () => `expected a start on the grid of ${timeframeMs} ms, received ${text(event)}`)
    must(
      closed ? atMs === endMs : atMs > candle.openTime && atMs < endMs,
      () => `expected ${closed ? `a closed candle at its end ${endMs}` : 'a forming candle before its end'}, received ${text(event)}`,
    )
    must(candle.openTime > (lastClosed.get(key) ?? -Infinity), () => `expected no candle of ${key} at or before a closed one, received ${text(event)}`)
    if (closed) lastClosed.set(key, candle.openTime)
  }
}

const isSane = ({ open, high, low, close, volume }: Candle): boolean =>
  low > 0 && low <= open && low <= close && high >= open && high >= close && volume >= 0 && high < Infinity && volume < Infinity

function sameEvents(expected: readonly MarketEvent[], received: readonly MarketEvent[]): void {
  const other = expected.findIndex((event, i) => text(event) !== text(received[i]))
  must(other === -1, () => `expected event ${other} to be ${text(expected[other])}, received ${text(received[other])}`)
  must(expected.length === received.length, () => `expected ${expected.length} events, received ${received.length}`)
}

async function resumes(subject: MarketSubject): Promise<void> {
  const all = await collect(subject)
  for (const share of [0, 0.3, 0.5, 0.9]) {
    const atMs = all[Math.floor(share * (all.length - 1))]!.atMs
    for (const afterMs of [atMs, atMs + 1] as EpochMs[]) {
      sameEvents(
        all.filter((event) => event.atMs > afterMs),
        await collect(subject, { ...queryOf(subject), afterMs }),
      )
    }
  }
}

async function unsubscribes(subject: MarketSubject): Promise<void> {
  const wanted = 2
  let seen = 0
  await lastValueFrom(
    subject.market.stream(queryOf(subject)).pipe(
      tap(() => seen++),
      take(wanted),
      toArray(),
    ),
  )
  // Another stream runs to its end meanwhile: time enough for a straggler.
  await collect(subject)
  must(seen === wanted, () => `expected ${wanted} events before unsubscribing and none after, received ${seen}`)
}

async function closes(subject: MarketSubject): Promise<void> {
  const whole = await collect(subject)
  const running = collect(subject)
  await subject.market.close()
  const cut = await running
  must(cut.length < whole.length, () => `expected close to end a stream before its ${whole.length} events, received ${cut.length}`)
  const late = await collect(subject)
  must(late.length === 0, () => `expected no event from a stream of a closed market, received ${late.length}`)
}

async function historyIsOrdered(subject: MarketSubject): Promise<void> {
  const longestMs = Math.max(...subject.timeframesMs)
  const startMs = startOf(subject)
  for (const instrument of subject.instruments) {
    for (const timeframeMs of subject.timeframesMs) {
      // Not on the grid at either end.
      const [fromMs, toMs] = [startMs - 3 * longestMs + 1, startMs + longestMs - 1] as [EpochMs, EpochMs]
      const columns = await subject.market.candles({ instrument, timeframeMs, fromMs, toMs })
      for (const [i, candle] of rows(columns).entries()) {
        must(isSane(candle), () => `expected a sane candle, received ${text(candle)}`)
        must(
          i === 0 || candle.openTime > columns.openTime[i - 1]!,
          () => `expected rows oldest first, received ${columns.openTime[i - 1]} and then ${candle.openTime}`,
        )
        must(
          candle.openTime >= fromMs && candle.openTime + timeframeMs <= toMs,
          () => `expected candles that begin at ${fromMs} or later and end by ${toMs}, received ${text(candle)}`,
        )
      }
    }
  }
}

async function historyIsTheStream(subject: MarketSubject): Promise<void> {
  const events = candlesOf(await collect(subject)).filter((event) => event.closed)
  const toMs = events.at(-1)!.atMs
  for (const instrument of subject.instruments) {
    for (const timeframeMs of subject.timeframesMs) {
      const streamed = events.filter((event) => event.instrument === instrument && event.timeframeMs === timeframeMs).map((event) => event.candle)
      const fromMs = Math.floor(startOf(subject) / timeframeMs) * timeframeMs
      const stored = rows(await subject.market.candles({ instrument, timeframeMs, fromMs: fromMs as EpochMs, toMs })).filter(
        (candle) => candle.openTime + timeframeMs > startOf(subject),
      )
      must(
        text(stored) === text(streamed),
        () =>
          `${instrument} ${timeframeMs}: expected history to hold the ${streamed.length} candles of the stream, received ${stored.length}${firstDifference(streamed, stored)}`,
      )
    }
  }
}

function firstDifference(expected: readonly Candle[], received: readonly Candle[]): string {
  const other = expected.findIndex((candle, i) => text(candle) !== text(received[i]))
  return other === -1 ? '' : `; number ${other} is ${text(received[other])} in place of ${text(expected[other])}`
}

function rows(columns: CandleColumns): readonly Candle[] {
  for (const name of ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const)
    must(columns[name].length === columns.length, () => `expected ${columns.length} rows in ${name}, received ${columns[name].length}`)
  return Array.from({ length: columns.length }, (_, row) => candleAt(columns, row))
}
