import { AtrLine } from '../lib/atr-line.ts'
import { fade, Several } from '../lib/base.ts'
import { type Arrays, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { hasHlc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions } from '../lib/types.ts'

export const SUPERTREND: Description = {
  name: 'supertrend',
  title: 'SuperTrend',
  params: { period: { kind: 'integer', default: 10, min: 1, max: LONG }, multiplier: { kind: 'number', default: 3, min: 0, max: 1000 } },
  inputs: ['high', 'low', 'close'],
  outputs: ['line', 'direction'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Output of {@link supertrend}. */
export interface SupertrendValue {
  line: number
  direction: number
}

/** Options of {@link supertrend}. */
export interface SupertrendOptions extends RecordOptions {
  /** Period of the average true range; default 10. */
  readonly period?: number
  /** Distance of the bands in average ranges; default 3. */
  readonly multiplier?: number
}

class Supertrend extends Several<SupertrendValue> implements CandleIndicator<SupertrendValue> {
  readonly input = 'candle'
  readonly warmup: number
  private readonly average: AtrLine
  private readonly multiplier: number
  private close = NaN
  private upper = NaN
  private lower = NaN
  private up = 0

  constructor(options: SupertrendOptions) {
    super(SUPERTREND, options)
    const { period, multiplier } = this.read<{ period: number; multiplier: number }>()
    this.warmup = period - 1
    this.average = new AtrLine(period, true)
    this.multiplier = multiplier
  }

  override stableAfter(epsilon: number): number {
    return fade(1, epsilon)
  }

  update(candle: Ohlcv): SupertrendValue {
    const out = hasHlc(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): SupertrendValue {
    const out = hasHlc(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: SupertrendValue): SupertrendValue {
    const range = this.multiplier * this.average.step(candle, keep)
    if (range !== range) {
      if (keep) this.close = candle.close
      return out
    }
    const middle = (candle.high + candle.low) / 2
    let { upper, lower, up } = this
    const first = upper !== upper
    const wasUpper = upper
    const wasLower = lower
    upper = first || middle + range < wasUpper || this.close > wasUpper ? middle + range : wasUpper
    lower = first || middle - range > wasLower || this.close < wasLower ? middle - range : wasLower
    if (!first) up = up === 1 ? (candle.close < lower ? 0 : 1) : candle.close > upper ? 1 : 0
    if (keep) {
      this.close = candle.close
      this.upper = upper
      this.lower = lower
      this.up = up
    }
    out.line = up === 1 ? lower : upper
    out.direction = up === 1 ? 1 : -1
    return out
  }
}

/**
 * Trailing band on the far side of the trend, `line` in the unit of price, and `direction`: 1 while the trend is up, -1 while it is down.
 *
 * Formula: bands hl2 +- multiplier atr(p) that only move towards the price until a close passes the one in force; line = lower band while up, upper band
 * while down
 * Flat: the line is the price, direction -1
 * Source: Seban
 * TA-Lib: none
 * TradingView: ta.supertrend, the same line; its direction has the opposite sign (-1 = up)
 *
 * @example
 * ```ts
 * import { supertrend } from '@millrace/indicators'
 * const m = supertrend({ period: 1, multiplier: 1 })
 * m.update({ open: 9, high: 11, low: 9, close: 10, volume: 1 }).direction // => -1
 * m.update({ open: 12, high: 14, low: 12, close: 14, volume: 1 }).direction // => 1
 * ```
 */
export const supertrend = (options: SupertrendOptions = {}): CandleIndicator<SupertrendValue> => new Supertrend(options)

/** Batch form of {@link supertrend}: as long as its input, NaN in the warm-up. */
export const supertrendBatch = (columns: Columns, options: SupertrendOptions = {}, out?: Arrays<SupertrendValue>): Arrays<SupertrendValue> => {
  const c = candles(SUPERTREND, columns, options)
  const cursor = new Cursor()
  const result = targets<SupertrendValue>(SUPERTREND, out, c)
  const one = new Supertrend(options)
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.line[i] = v.line
    result.direction[i] = v.direction
  }
  return result
}
