import type { Observable } from 'rxjs'
import type { CandleColumns } from '../model/candle.ts'
import type { Instrument } from '../model/instrument.ts'
import type { EpochMs } from '../model/time.ts'
import type { MarketEvent } from './events.ts'

/** Candles of one instrument and length in [from, to), in ms. */
export interface CandleQuery {
  readonly instrument: string
  readonly timeframeMs: number
  readonly fromMs: EpochMs
  readonly toMs: EpochMs
}

/** Which instruments and timeframes a stream is to carry, and from when. */
export interface StreamQuery {
  readonly instruments: readonly string[]
  readonly timeframesMs: readonly number[]
  /** Continue after this moment (a restart); the source's own start when absent. */
  readonly afterMs?: EpochMs
  /** True: the source may use an event and its candle again, so that each is valid only until the next one comes. The engine asks for it, and keeps none. */
  readonly reuse?: boolean
}

/** What a person should know of a market: where the prices come from, which times it covers, what is missing. */
export interface MarketDescription {
  readonly text: string
  readonly fromMs?: EpochMs
  readonly toMs?: EpochMs
  /** One line each: gaps, repeated rows, pairs without data, substitutions. */
  readonly notes: readonly string[]
}

/** Where prices come from. The plugin contract for markets. */
export interface MarketSource {
  readonly id: string
  /** `event`: simulated or replayed, now = event time. `wall`: live, now = max(last now, clock). */
  readonly timeline: 'event' | 'wall'
  instruments(): Promise<readonly Instrument[]>
  /** Oldest first, [from, to), closed only, gaps visible. */
  candles(query: CandleQuery): Promise<CandleColumns>
  /** Never errors: gap, stale, down are events. Completes when the market ends. For `event` timelines in total order. */
  stream(query: StreamQuery): Observable<MarketEvent>
  /** What `stream` gives out, pulled: what lets a past decision be made again. Absent when the market cannot give its events out a second time. */
  events?(query: StreamQuery): Iterable<MarketEvent>
  /** The first moment of `stream` for `event` timelines. */
  startMs?(): EpochMs
  /** Event time at this moment of a stream that runs at a pace, also between its events: for display, never for decisions. Undefined before it runs. */
  nowMs?(): EpochMs | undefined
  describe(): MarketDescription
  close(): Promise<void>
}
