import type { Arrays, Candles } from './columns.ts'
import type { EmaLine } from './ema-line.ts'
import type { Ohlcv } from './types.ts'

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
      const plusDm = up > down && up > 0 ? up : 0
      const minusDm = down > up && down > 0 ? down : 0
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
  /** `step` over warm columns, from candle `start` on, with the average of `dx`: four outputs. */
  run(c: Candles, start: number, average: EmaLine, out: Arrays<Direction & { adx: number }>): void {
    const { weight, rest } = this
    const { high: highs, low: lows, close: closes, length } = c
    const { adx: adxOut, plusDi: plusOut, minusDi: minusOut, dx: dxOut } = out
    let { high, low, close, plus, minus, range, dx } = this
    let adx = average.value
    for (let i = start; i < length; i++) {
      const up = highs[i]! - high
      const down = low - lows[i]!
      high = highs[i]!
      low = lows[i]!
      const trueRange = Math.max(high, close) - Math.min(low, close)
      close = closes[i]!
      plus = plus * rest + (up > down && up > 0 ? up : 0) * weight
      minus = minus * rest + (down > up && down > 0 ? down : 0) * weight
      range = range * rest + trueRange * weight
      const all = plus + minus
      if (all > 0) dx = (Math.abs(plus - minus) / all) * 100
      adx += weight * (dx - adx)
      adxOut[i] = adx
      const scale = range > 0 ? 100 / range : 0
      plusOut[i] = Math.min(100, plus * scale)
      minusOut[i] = Math.min(100, minus * scale)
      dxOut[i] = dx
    }
  }
}
