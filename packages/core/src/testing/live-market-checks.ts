import type { CandleEvent, MarketEvent } from '../contracts/events.ts'
import type { StreamQuery } from '../contracts/market-source.ts'
import { candleAt } from '../model/candle-columns.ts'
import type { Candle } from '../model/candle.ts'
import { decimalText, toFloat } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import type { LiveMarketSubject } from './live-market-subject.ts'
import { must } from './plugins/contract-case.ts'

const MINUTE_MS = 60_000
/** Steps that a case waits at most for one thing: fifty minutes of the venue. */
const MOST_STEPS = 200

const text = (value: unknown): string => JSON.stringify(value)

/** What a stream has said so far, and how it ended. */
interface Seen {
  readonly events: MarketEvent[]
  readonly closed: (instrument: string) => readonly CandleEvent[]
  ended: '' | 'complete' | 'error'
  error?: unknown
  stop(): void
}

function watch(subject: LiveMarketSubject, more: Partial<StreamQuery> = {}): Seen {
  const events: MarketEvent[] = []
  const closed = (instrument: string): readonly CandleEvent[] =>
    events.flatMap((event) => (event.type === 'candle' && event.closed && event.instrument === instrument ? [event] : []))
  const seen: Seen = { events, closed, ended: '', stop: () => undefined }
  const subscription = subject.market.stream({ instruments: subject.instruments, timeframesMs: [MINUTE_MS], ...more }).subscribe({
    next: (event) => void events.push(event.type === 'candle' ? { ...event, candle: { ...event.candle } } : event),
    complete: () => (seen.ended = 'complete'),
    error: (error: unknown) => {
      seen.ended = 'error'
      seen.error = error
    },
  })
  seen.stop = () => subscription.unsubscribe()
  return seen
}

async function until(subject: LiveMarketSubject, seen: Seen, done: () => boolean, what: () => string): Promise<void> {
  for (let step = 0; step < MOST_STEPS && !done(); step++) {
    must(seen.ended !== 'error', () => `the stream failed with ${String(seen.error)}`)
    await subject.settle()
  }
  must(
    done(),
    () =>
      `expected ${what()} within ${MOST_STEPS / 4} minutes of the venue, received ${text(seen.events.slice(-3))} as the last of ${seen.events.length} events`,
  )
}

/** Waits until every instrument has so many closed candles. */
const untilClosed = (subject: LiveMarketSubject, seen: Seen, count: number): Promise<void> =>
  until(
    subject,
    seen,
    () => subject.instruments.every((id) => seen.closed(id).length >= count),
    () => `${count} closed candles of ${subject.instruments.join(', ')}`,
  )

export async function instrumentsAreListed({ market, instruments }: LiveMarketSubject): Promise<void> {
  const listed = await market.instruments()
  for (const id of instruments) {
    const found = listed.find((instrument) => instrument.id === id)
    must(found !== undefined, () => `expected ${id} among the instruments, received ${listed.map((each) => each.id).join(', ')}`)
    for (const name of ['priceIncrement', 'baseIncrement', 'quoteIncrement'] as const)
      must(toFloat(found[name]) > 0, () => `${id}: expected ${name} above 0, received ${decimalText(found[name])}`)
  }
}

export async function describesItself({ market }: LiveMarketSubject): Promise<void> {
  must(market.timeline === 'wall', () => `expected timeline wall, received ${market.timeline}`)
  must(market.describe().text.trim() !== '', () => 'expected a description in words, received none')
}

async function history(subject: LiveMarketSubject, instrument: string, fromMs: number, toMs: number): Promise<readonly Candle[]> {
  const columns = await subject.market.candles({ instrument, timeframeMs: MINUTE_MS, fromMs: fromMs as EpochMs, toMs: toMs as EpochMs })
  return Array.from({ length: columns.length }, (_, row) => candleAt(columns, row))
}

export async function historyIsWhole(subject: LiveMarketSubject): Promise<void> {
  const nowMs = subject.nowMs()
  for (const instrument of subject.instruments) {
    // Not on the grid at either end, and into the future: what is not over does not belong there.
    const [fromMs, toMs] = [nowMs - 30 * MINUTE_MS - 1, nowMs + 5 * MINUTE_MS]
    const candles = await history(subject, instrument, fromMs, toMs)
    must(candles.length > 0, () => `${instrument}: expected candles of the half hour before ${nowMs}, received none`)
    for (const [i, candle] of candles.entries()) {
      mustBeSane(candle)
      must(
        i === 0 || candle.openTime > candles[i - 1]!.openTime,
        () => `expected rows oldest first, received ${candles[i - 1]!.openTime} and then ${candle.openTime}`,
      )
      must(candle.openTime >= fromMs && candle.openTime + MINUTE_MS <= nowMs, () => `expected candles that are over by ${nowMs}, received ${text(candle)}`)
    }
  }
}

function mustBeSane(candle: Candle): void {
  const { open, high, low, close, volume, openTime } = candle
  const sane = low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close) && volume >= 0 && high < Infinity && volume < Infinity
  must(sane, () => `expected 0 < low <= open, close <= high and volume >= 0, received ${text(candle)}`)
  must(openTime % MINUTE_MS === 0, () => `expected a start on the grid of ${MINUTE_MS} ms, received ${text(candle)}`)
}

export async function closesByProof(subject: LiveMarketSubject): Promise<void> {
  const seen = watch(subject)
  let checked = 0
  await until(
    subject,
    seen,
    () => {
      for (; checked < seen.events.length; checked++) mustFollow(subject, seen.events, checked)
      return subject.instruments.every((id) => seen.closed(id).length >= 3)
    },
    () => `3 closed candles of ${subject.instruments.join(', ')}`,
  )
  seen.stop()
}

/** Looked at in the step in which it came, so that the venue's time is that of its arrival. */
function mustFollow(subject: LiveMarketSubject, events: readonly MarketEvent[], at: number): void {
  const event = events[at]!
  if (event.type !== 'candle') return
  mustBeSane(event.candle)
  const endMs = event.candle.openTime + event.timeframeMs
  if (!event.closed)
    return must(event.candle.openTime <= subject.nowMs(), () => `expected a forming candle that has begun by ${subject.nowMs()}, received ${text(event)}`)
  const nowMs = subject.nowMs()
  must(endMs <= nowMs, () => `at ${nowMs} the candle that ends at ${endMs} cannot be closed`)
  must(
    event.atMs >= endMs && event.atMs <= nowMs,
    () => `expected atMs from the end ${endMs} of a closed candle to the time ${nowMs} at which it came, received ${event.atMs}`,
  )
  const before = events.slice(0, at).filter((each): each is CandleEvent => each.type === 'candle' && each.closed && each.instrument === event.instrument)
  const last = before.at(-1)
  must(
    last === undefined || event.candle.openTime > last.candle.openTime,
    () => `expected a candle after ${last!.candle.openTime}, received ${event.candle.openTime}: closed once, in order`,
  )
}

export async function holdsWhatWasAsked(subject: LiveMarketSubject): Promise<void> {
  const [first] = subject.instruments as [string]
  const seen = watch(subject, { instruments: [first] })
  await until(
    subject,
    seen,
    () => seen.closed(first).length >= 2,
    () => `2 closed candles of ${first}`,
  )
  seen.stop()
  for (const event of seen.events) {
    if (event.type === 'link') continue
    must(event.instrument === first, () => `expected ${first} only, received ${text(event)}`)
    if (event.type === 'candle') must(event.timeframeMs === MINUTE_MS, () => `expected candles of ${MINUTE_MS} ms only, received ${text(event)}`)
  }
}

export async function historyIsTheStream(subject: LiveMarketSubject): Promise<void> {
  const seen = watch(subject)
  await untilClosed(subject, seen, 4)
  seen.stop()
  await mustMatchHistory(subject, seen)
}

/** What the stream told as closed is what the history tells. */
async function mustMatchHistory(subject: LiveMarketSubject, seen: Seen): Promise<void> {
  for (const instrument of subject.instruments) {
    const streamed = seen.closed(instrument).map(({ candle }) => candle)
    const [fromMs, toMs] = [streamed[0]!.openTime, streamed.at(-1)!.openTime + MINUTE_MS]
    const told = await history(subject, instrument, fromMs, toMs)
    const other = Array.from({ length: Math.max(told.length, streamed.length) }, (_, i) => i).find((i) => text(told[i]) !== text(streamed[i]))
    must(
      other === undefined,
      () => `${instrument}: expected candle ${other} of the stream to be ${text(told[other!])} as in the history, received ${text(streamed[other!])}`,
    )
  }
}

export async function goesOn(subject: LiveMarketSubject): Promise<void> {
  const nowMs = subject.nowMs()
  const afterMs = (Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - 5 * MINUTE_MS) as EpochMs
  const seen = watch(subject, { afterMs })
  await untilClosed(subject, seen, 1)
  seen.stop()
  for (const instrument of subject.instruments) {
    const [expected] = await history(subject, instrument, afterMs, subject.nowMs())
    const first = seen.closed(instrument)[0]!
    must(
      first.candle.openTime === expected!.openTime,
      () => `${instrument}: expected to begin with the candle of ${expected!.openTime}, the first one after ${afterMs}; received ${first.candle.openTime}`,
    )
  }
}

export async function unsubscribes(subject: LiveMarketSubject): Promise<void> {
  const seen = watch(subject)
  await untilClosed(subject, seen, 1)
  seen.stop()
  const count = seen.events.length
  for (let step = 0; step < 12; step++) await subject.settle()
  must(seen.events.length === count, () => `expected nothing after unsubscribing, received ${text(seen.events[count])}`)
}

export async function closes(subject: LiveMarketSubject): Promise<void> {
  const seen = watch(subject)
  await untilClosed(subject, seen, 1)
  await subject.market.close()
  const count = seen.events.filter(({ type }) => type === 'candle').length
  for (let step = 0; step < 12; step++) await subject.settle()
  must(
    seen.ended === 'complete',
    () => `expected the stream to complete, ${seen.ended === 'error' ? `received the error ${String(seen.error)}` : 'but it goes on'}`,
  )
  const late = seen.events.filter(({ type }) => type === 'candle').length - count
  must(late === 0, () => `expected no candle after close, received ${late}`)
}

export async function survives(subject: LiveMarketSubject): Promise<void | string> {
  if (subject.breakVenue === undefined) return 'the harness cannot break its venue'
  const seen = watch(subject)
  await untilClosed(subject, seen, 1)
  await subject.breakVenue(true)
  const troubled = (): boolean => seen.events.some((event) => event.type === 'link' && ['error', 'down', 'gap'].includes(event.event.type))
  await until(subject, seen, troubled, () => 'news of the trouble')
  await subject.breakVenue(false)
  const count = subject.instruments.map((id) => seen.closed(id).length)
  await until(
    subject,
    seen,
    () => subject.instruments.every((id, i) => seen.closed(id).length > count[i]!),
    () => 'candles after the trouble',
  )
  seen.stop()
}

export async function losesNothing(subject: LiveMarketSubject): Promise<void | string> {
  if (subject.breakVenue === undefined) return 'the harness cannot break its venue'
  const seen = watch(subject)
  await untilClosed(subject, seen, 2)
  await subject.breakVenue(true)
  for (let step = 0; step < 16; step++) await subject.settle()
  await subject.breakVenue(false)
  await untilClosed(subject, seen, 8)
  seen.stop()
  await mustMatchHistory(subject, seen)
}
