import type { Candles } from './columns.ts'
import { wilderLine, type EmaLine } from './ema-line.ts'
import { TrueRangeLine } from './true-range.ts'
import type { Ohlcv } from './types.ts'

/** Wilder's average of the true range. `first`: the high - low of the first candle counts. */
export class AtrLine {
  private readonly range: TrueRangeLine
  readonly average: EmaLine

  constructor(period: number, first: boolean) {
    this.range = new TrueRangeLine(first)
    this.average = wilderLine(period)
  }

  step(candle: Ohlcv, keep: boolean): number {
    const range = this.range.step(candle.high, candle.low, candle.close, keep)
    return range === range ? this.average.step(range, keep) : NaN
  }
}

/** The steps of a warm average over columns, from candle `start` on (at least 1). */
export const runAtr = ({ average }: AtrLine, { high, low, close, length }: Candles, start: number, out: Float64Array): void => {
  const { weight } = average
  let last = average.value
  let before = close[start - 1]!
  for (let i = start; i < length; i++) {
    last += weight * (Math.max(high[i]!, before) - Math.min(low[i]!, before) - last)
    before = close[i]!
    out[i] = last
  }
}
