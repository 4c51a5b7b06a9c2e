import { wilderLine, type EmaLine } from './ema-line.ts'
import { TrueRangeLine } from './true-range.ts'
import type { Ohlcv } from './types.ts'

/** Wilder's average of the true range. `first`: the high - low of the first candle counts. */
export class AtrLine {
  private readonly range: TrueRangeLine
  private readonly average: EmaLine

  constructor(period: number, first: boolean) {
    this.range = new TrueRangeLine(first)
    this.average = wilderLine(period)
  }

  step(candle: Ohlcv, keep: boolean): number {
    const range = this.range.step(candle.high, candle.low, candle.close, keep)
    return range === range ? this.average.step(range, keep) : NaN
  }
}
