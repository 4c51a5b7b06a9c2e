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
  readonly weight: number
  readonly rest: number
  private high = NaN
  private low = NaN
  private close = NaN
  plus = 0
  minus = 0
  range = 0
  dx = 0
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
      const plusDm = (up + Math.abs(up)) * 0.5 * Number(up > down)
      const minusDm = (down + Math.abs(down)) * 0.5 * Number(down > up)
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
}
