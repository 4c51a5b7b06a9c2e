import { fade, Several } from '../lib/base.ts'
import { type Arrays, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { emaLine, type EmaLine, wilderLine } from '../lib/ema-line.ts'
import { hasHlc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import { TrueRangeLine } from '../lib/true-range.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions } from '../lib/types.ts'

export const KELTNER: Description = {
  name: 'keltner',
  title: 'Keltner Channels',
  params: {
    period: { kind: 'integer', default: 20, min: 1, max: LONG },
    multiplier: { kind: 'number', default: 2, min: 0, max: 1000 },
    range: { kind: 'choice', default: 'ema', choices: ['ema', 'atr'] },
    atr: { kind: 'integer', default: 10, min: 1, max: LONG },
  },
  inputs: ['high', 'low', 'close'],
  outputs: ['upper', 'middle', 'lower'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Output of {@link keltner}. */
export interface KeltnerValue {
  upper: number
  middle: number
  lower: number
}

/** Options of {@link keltner}. */
export interface KeltnerOptions extends RecordOptions {
  readonly period?: number
  readonly multiplier?: number
  /** `ema` (default): exponential average of the true range over `period`. `atr`: Wilder's average over `atr`. */
  readonly range?: 'ema' | 'atr'
  readonly atr?: number
}

class Keltner extends Several<KeltnerValue> implements CandleIndicator<KeltnerValue> {
  readonly input = 'candle'
  readonly warmup: number
  private readonly middle: EmaLine
  private readonly range: TrueRangeLine
  private readonly average: EmaLine
  private readonly multiplier: number

  constructor(options: KeltnerOptions) {
    super(KELTNER, options)
    const { period, multiplier, range, atr } = this.read<{ period: number; multiplier: number; range: 'ema' | 'atr'; atr: number }>()
    this.warmup = Math.max(period, range === 'atr' ? atr : 1) - 1
    this.middle = emaLine(period)
    this.range = new TrueRangeLine(true)
    this.average = range === 'atr' ? wilderLine(atr) : emaLine(period)
    this.multiplier = multiplier
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 1 / Math.max(this.read<{ period: number }>().period, this.read<{ atr: number }>().atr), epsilon)
  }

  update(candle: Ohlcv): KeltnerValue {
    const out = hasHlc(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): KeltnerValue {
    const out = hasHlc(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: KeltnerValue): KeltnerValue {
    const middle = this.middle.step(candle.close, keep)
    const range = this.multiplier * this.average.step(this.range.step(candle.high, candle.low, candle.close, keep), keep)
    const warm = middle === middle && range === range
    out.upper = middle + range
    out.middle = warm ? middle : NaN
    out.lower = middle - range
    return out
  }
}

/**
 * Exponential average of the close and bands `multiplier` average ranges away, in the unit of price.
 *
 * Formula: middle = ema(close, p); range = ema(true range, p), or atr(`atr`) with `range: 'atr'`; upper, lower = middle +- multiplier range
 * Flat: all three exactly the price
 * Source: Chester Keltner 1960; Linda Raschke's form with exponential averages
 * TA-Lib: none
 * TradingView: ta.kc (default); the chart script with bands by ATR: `range: 'atr'`, not checked
 *
 * @example
 * ```ts
 * import { keltner } from '@millrace/indicators'
 * const m = keltner({ period: 1, multiplier: 2 })
 * m.update({ open: 9, high: 11, low: 9, close: 10, volume: 1 }).upper // => 14
 * ```
 */
export const keltner = (options: KeltnerOptions = {}): CandleIndicator<KeltnerValue> => new Keltner(options)

/** Batch form of {@link keltner}: as long as its input, NaN in the warm-up. */
export const keltnerBatch = (columns: Columns, options: KeltnerOptions = {}, out?: Arrays<KeltnerValue>): Arrays<KeltnerValue> => {
  const c = candles(KELTNER, columns, options)
  const cursor = new Cursor()
  const result = targets<KeltnerValue>(KELTNER, out, c)
  const one = new Keltner(options)
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.upper[i] = v.upper
    result.middle[i] = v.middle
    result.lower[i] = v.lower
  }
  return result
}
