import { ReplaySubject, defer, finalize, takeUntil } from 'rxjs'
import type { Clock } from '../contracts/clock.ts'
import type { MarketEvent } from '../contracts/events.ts'
import type { CandleQuery, MarketDescription, MarketSource, StreamQuery } from '../contracts/market-source.ts'
import type { CandleColumns } from '../model/candle.ts'
import type { Instrument } from '../model/instrument.ts'
import type { EpochMs } from '../model/time.ts'
import { paced } from './paced.ts'
import type { Speed } from './paced.ts'

/** A market whose events exist already: simulated or recorded. What it pushes can also be pulled, at any speed, with the same result. */
export interface EventMarket extends MarketSource {
  readonly timeline: 'event'
  /** The first moment: everything later is an event of the stream, everything closed by then is history. */
  startMs(): EpochMs
  /** What `stream` gives out, pulled synchronously. */
  events(query: StreamQuery): Iterable<MarketEvent>
}

/** The pure half of an event market. Both functions throw on a query they cannot answer; `events` when called, not when iterated. */
export interface EventMarketParts {
  readonly id: string
  readonly instruments: readonly Instrument[]
  readonly startMs: EpochMs
  readonly description: MarketDescription
  history(query: CandleQuery): CandleColumns
  events(query: StreamQuery, afterMs: EpochMs): Iterable<MarketEvent>
}

export interface EventMarketPace {
  readonly speed: Speed
  readonly clock: Clock
  /** True when event time is meant to be wall time: the start is due on the wall clock when it says so, and time before the start is not made up for. */
  readonly anchored: boolean
}

/** Returns a market source made of pure series of events and a pace. */
export function eventMarket(parts: EventMarketParts, pace: EventMarketPace): EventMarket {
  const closed = new ReplaySubject<void>(1)
  const dial = pace.speed === 'max' ? undefined : paceDial(pace.speed, pace.clock, parts.description.toMs)
  const beginning = (query: StreamQuery): EpochMs => {
    const afterMs = query.afterMs ?? parts.startMs
    return pace.anchored && afterMs < parts.startMs ? parts.startMs : afterMs
  }
  return {
    id: parts.id,
    timeline: 'event',
    instruments: () => Promise.resolve(parts.instruments),
    candles: async (query) => parts.history(query),
    events: (query) => parts.events(query, beginning(query)),
    stream(query) {
      const fromMs = beginning(query)
      parts.events(query, fromMs) // A query that cannot be answered throws here, not in a subscription.
      return defer(() => {
        // At the pace of the clock event time is wall time; a journal that is ahead of the clock goes on at once.
        const wallMs = pace.anchored && pace.speed === 1 ? (Math.min(fromMs, pace.clock.nowMs()) as EpochMs) : pace.clock.nowMs()
        dial?.start(fromMs, wallMs)
        // At a pace an event waits until it is due, while what came before it is still in force.
        const reuse = query.reuse === true && pace.speed === 'max'
        return paced(() => parts.events({ ...query, reuse }, fromMs), { speed: pace.speed, clock: pace.clock, fromMs, wallMs })
      }).pipe(
        takeUntil(closed),
        finalize(() => dial?.stop()),
      )
    },
    startMs: () => parts.startMs,
    ...(dial === undefined ? {} : { nowMs: () => dial.nowMs() }),
    describe: () => parts.description,
    close() {
      closed.next()
      closed.complete()
      return Promise.resolve()
    },
  }
}

/** Tells event time between the events of the stream that was started last; it stands still once that has ended. */
function paceDial(speed: number, clock: Clock, endMs = Infinity) {
  let from: { readonly eventMs: number; readonly wallMs: number } | undefined
  let stoppedMs: EpochMs | undefined
  const running = ({ eventMs, wallMs }: NonNullable<typeof from>): EpochMs =>
    Math.min(endMs, Math.floor(eventMs + Math.max(0, clock.nowMs() - wallMs) * speed)) as EpochMs
  return {
    start(eventMs: number, wallMs: number): void {
      from = { eventMs, wallMs }
    },
    stop(): void {
      if (from !== undefined) stoppedMs = running(from)
      from = undefined
    },
    nowMs: (): EpochMs | undefined => (from === undefined ? stoppedMs : running(from)),
  }
}
