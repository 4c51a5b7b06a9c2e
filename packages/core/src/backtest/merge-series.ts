import type { CandleEvent } from '../contracts/events.ts'
import type { CandleColumns } from '../model/candle.ts'
import type { EpochMs } from '../model/time.ts'
import { fillCandle } from '../pipeline/fill-candle.ts'
import { MutableCandle } from '../pipeline/views.ts'

/** Closed candles of one instrument and timeframe. */
export interface CandleSeries {
  readonly instrument: string
  readonly timeframeMs: number
  readonly columns: CandleColumns
}

type Reused = { -readonly [K in keyof CandleEvent]: CandleEvent[K] } & { readonly candle: MutableCandle }

interface Cursor {
  readonly series: CandleSeries
  readonly event: Reused
  row: number
  nextMs: number
}

/**
 * Gives out candles of several series in total order: by close time, then instrument, then timeframe. One event object per
 * series is reused, so it is valid only until the next one is asked for.
 */
export function forEachCandle(series: readonly CandleSeries[], take: (event: CandleEvent) => void): void {
  const cursors: Cursor[] = [...series]
    .sort((a, b) => (a.instrument < b.instrument ? -1 : a.instrument > b.instrument ? 1 : a.timeframeMs - b.timeframeMs))
    .map((item) => ({
      series: item,
      row: 0,
      nextMs: closeTime(item, 0),
      event: { type: 'candle', instrument: item.instrument, timeframeMs: item.timeframeMs, candle: new MutableCandle(), closed: true, atMs: 0 as EpochMs },
    }))
  for (;;) {
    let first: Cursor | undefined
    for (let i = 0; i < cursors.length; i++) if (first === undefined || cursors[i]!.nextMs < first.nextMs) first = cursors[i]!
    if (first === undefined || first.nextMs === Number.POSITIVE_INFINITY) return
    fillCandle(first.event.candle, first.series.columns, first.row)
    first.event.atMs = first.nextMs as EpochMs
    take(first.event)
    first.nextMs = closeTime(first.series, ++first.row)
  }
}

const closeTime = ({ columns, timeframeMs }: CandleSeries, row: number): number =>
  row < columns.length ? columns.openTime[row]! + timeframeMs : Number.POSITIVE_INFINITY
