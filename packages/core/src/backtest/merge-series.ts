import type { CandleColumns } from '../model/candle.ts'
import { firstRowFrom } from '../model/candle-columns.ts'
import { CandleCursor, CandleMerge } from '../pipeline/candle-cursor.ts'

/** Closed candles of one instrument and timeframe. */
export interface CandleSeries {
  readonly instrument: string
  readonly timeframeMs: number
  readonly columns: CandleColumns
  /** Until when there are known to be no other candles, in ms; the end of the last row when left out. A longer candle that ends by then is closed. */
  readonly completeToMs?: number
}

/**
 * Gives out candles of several series in total order: by close time, then instrument, then timeframe. One event object per
 * series is reused, so it is valid only until the next one is asked for.
 *
 * @param afterMs - candles that close later are given out
 */
export function mergeSeries(series: readonly CandleSeries[], afterMs: number): CandleMerge {
  const sorted = [...series].sort((a, b) => (a.instrument < b.instrument ? -1 : a.instrument > b.instrument ? 1 : a.timeframeMs - b.timeframeMs))
  return new CandleMerge(
    sorted.map(({ instrument, timeframeMs, columns }) => new CandleCursor(instrument, timeframeMs, columns, firstRowFrom(columns, afterMs - timeframeMs + 1))),
  )
}
