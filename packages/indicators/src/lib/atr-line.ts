import type { Candles } from './columns.ts'
import { wilderLine, type EmaLine } from './ema-line.ts'
import { type Hlc, PORTION } from './portions.ts'
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

/** The steps of a warm average over columns, from candle `start` on (at least 1). False: a value was not finite, or too large to tell. */
export const runAtr = ({ average }: AtrLine, { high, low, close, length }: Candles, start: number, out: Float64Array): boolean => {
  const state = Float64Array.of(average.value, 0)
  const columns: Hlc = [high, low, close]
  for (let from = start; from < length; from += PORTION) portion(state, average.weight, columns, from, Math.min(from + PORTION, length), out)
  return state[1] === 0
}

const portion = (state: Float64Array, weight: number, [high, low, close]: Hlc, from: number, to: number, out: Float64Array): void => {
  let last = state[0]!
  let check = state[1]!
  let before = close[from - 1]!
  for (let i = from; i < to; i++) {
    const top = high[i]!
    const bottom = low[i]!
    last += weight * (Math.max(top, before) - Math.min(bottom, before) - last)
    before = close[i]!
    // The average waits for itself, so checking in the same pass costs nothing; anything not finite times 0 is NaN.
    check += (top + bottom + before) * 0
    out[i] = last
  }
  state[0] = last
  state[1] = check
}
