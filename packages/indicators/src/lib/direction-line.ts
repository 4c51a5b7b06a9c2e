import type { Arrays, Candles } from './columns.ts'
import type { EmaLine } from './ema-line.ts'
import type { Ohlcv } from './types.ts'

/** Candles that one pass of the batch form works on. */
const PORTION = 512

/** Directional indicators, 0 to 100. */
export interface Direction {
  plusDi: number
  minusDi: number
  dx: number
}

/** Wilder's directional indicators. The averages start with `period` values, or with `period - 1` as in TA-Lib. */
export class DirectionLine {
  /** The result of the last `step` that returned true. */
  readonly scratch: Direction = { plusDi: NaN, minusDi: NaN, dx: NaN }
  private readonly period: number
  private readonly seed: number
  private readonly weight: number
  private readonly rest: number
  private high = NaN
  private low = NaN
  private close = NaN
  private plus = 0
  private minus = 0
  private range = 0
  private dx = 0
  private count = 0

  constructor(period: number, talib: boolean) {
    this.period = period
    this.seed = talib ? period - 1 : period
    this.weight = 1 / period
    this.rest = 1 - this.weight
  }

  /** True once there is a result. */
  step(candle: Ohlcv, keep: boolean): boolean {
    const { high, low, close } = candle
    const { count, period, seed, weight } = this
    const rest = count > seed ? this.rest : 1
    let { plus, minus, range, dx } = this
    if (count > 0) {
      const up = high - this.high
      const down = this.low - low
      let plusDm = (up + Math.abs(up)) * 0.5
      let minusDm = (down + Math.abs(down)) * 0.5
      if (plusDm * minusDm > 0) {
        plusDm = up > down ? up : 0
        minusDm = down > up ? down : 0
      }
      const trueRange = Math.max(high, this.close) - Math.min(low, this.close)
      // Sums of `seed` values over `period`, then averages: only the ratio of the three matters.
      plus = plus * rest + plusDm * weight
      minus = minus * rest + minusDm * weight
      range = range * rest + trueRange * weight
    }
    if (count >= period) {
      const { scratch } = this
      const all = plus + minus
      if (all > 0) dx = (Math.abs(plus - minus) / all) * 100
      const scale = range > 0 ? 100 / range : 0
      scratch.plusDi = Math.min(100, plus * scale)
      scratch.minusDi = Math.min(100, minus * scale)
      scratch.dx = dx
    }
    if (keep) {
      this.high = high
      this.low = low
      this.close = close
      this.plus = plus
      this.minus = minus
      this.range = range
      this.dx = dx
      if (count <= period) this.count = count + 1
    }
    return count >= period
  }
  /**
   * `step` over warm columns, from candle `start` on, with the average of `dx`: four outputs. Averages first, then indicators, because one loop would have to
   * keep too much at hand; in portions, so that the averages are still near.
   */
  run(c: Candles, start: number, average: EmaLine, out: Arrays<Direction & { adx: number }>): void {
    for (let from = start; from < c.length; from += PORTION) {
      const to = Math.min(from + PORTION, c.length)
      this.averages(c, from, to, out)
      this.finish(from, to, average, out)
    }
  }

  private averages({ high: highs, low: lows, close: closes }: Candles, from: number, to: number, { plusDi, minusDi, dx }: Arrays<Direction>): void {
    const { weight, rest } = this
    let { high, low, close, plus, minus, range } = this
    for (let i = from; i < to; i++) {
      const up = highs[i]! - high
      const down = low - lows[i]!
      high = highs[i]!
      low = lows[i]!
      const trueRange = Math.max(high, close) - Math.min(low, close)
      close = closes[i]!
      // Positive parts without a branch, which a random price would mispredict; only a candle that grew on both sides needs the comparison.
      let plusDm = (up + Math.abs(up)) * 0.5
      let minusDm = (down + Math.abs(down)) * 0.5
      if (plusDm * minusDm > 0) {
        plusDm = up > down ? up : 0
        minusDm = down > up ? down : 0
      }
      plusDi[i] = plus = plus * rest + plusDm * weight
      minusDi[i] = minus = minus * rest + minusDm * weight
      dx[i] = range = range * rest + trueRange * weight
    }
    this.high = high
    this.low = low
    this.close = close
    this.plus = plus
    this.minus = minus
    this.range = range
  }

  private finish(from: number, to: number, average: EmaLine, { adx: adxs, plusDi, minusDi, dx: dxs }: Arrays<Direction & { adx: number }>): void {
    const { weight } = this
    let { dx } = this
    let adx = average.value
    for (let i = from; i < to; i++) {
      const plus = plusDi[i]!
      const minus = minusDi[i]!
      const range = dxs[i]!
      const all = plus + minus
      const scale = range > 0 ? 100 / range : 0
      if (all > 0) dx = (Math.abs(plus - minus) / all) * 100
      adxs[i] = adx += weight * (dx - adx)
      plusDi[i] = Math.min(100, plus * scale)
      minusDi[i] = Math.min(100, minus * scale)
      dxs[i] = dx
    }
    this.dx = dx
    average.value = adx
  }
}
