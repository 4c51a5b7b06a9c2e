import type { CandleColumns } from '../model/candle.ts'
import type { EpochMs } from '../model/time.ts'
import type { MutableCandle } from './views.ts'

/** Puts one row of columns into a candle that is used again and again. */
export function fillCandle(candle: MutableCandle, columns: CandleColumns, row: number): void {
  candle.openTime = columns.openTime[row]! as EpochMs
  candle.open = columns.open[row]!
  candle.high = columns.high[row]!
  candle.low = columns.low[row]!
  candle.close = columns.close[row]!
  candle.volume = columns.volume[row]!
}
