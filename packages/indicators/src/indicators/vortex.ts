import { Several } from '../lib/base.ts'
import { type Arrays, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { hasHlc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import { SumWindow } from '../lib/sum-window.ts'
import { TrueRangeLine } from '../lib/true-range.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions } from '../lib/types.ts'

export const VORTEX: Description = {
  name: 'vortex',
  title: 'Vortex Indicator',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG } },
  inputs: ['high', 'low', 'close'],
  outputs: ['plus', 'minus'],
  pane: 'own',
  range: [0, Infinity],
  levels: [1],
  complexity: 'O(1)',
}

/** Output of {@link vortex}. */
export interface VortexValue {
  plus: number
  minus: number
}

class Vortex extends Several<VortexValue> implements CandleIndicator<VortexValue> {
  readonly input = 'candle'
  readonly warmup: number
  private readonly range: TrueRangeLine
  private readonly ranges: SumWindow
  private readonly ups: SumWindow
  private readonly downs: SumWindow
  private high = NaN
  private low = NaN

  constructor(options: RecordOptions & { period?: number }) {
    super(VORTEX, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period
    this.range = new TrueRangeLine(false)
    this.ranges = new SumWindow(period)
    this.ups = new SumWindow(period)
    this.downs = new SumWindow(period)
  }

  update(candle: Ohlcv): VortexValue {
    const out = hasHlc(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): VortexValue {
    const out = hasHlc(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: VortexValue): VortexValue {
    const { high, low, close } = candle
    const range = this.range.step(high, low, close, keep)
    const up = Math.abs(high - this.low)
    const down = Math.abs(low - this.high)
    if (keep) {
      this.high = high
      this.low = low
    }
    if (range !== range) return out
    const all = this.ranges.step(range, keep)
    const plus = this.ups.step(up, keep)
    const minus = this.downs.step(down, keep)
    out.plus = all === 0 ? 0 : plus / all
    out.minus = all === 0 ? 0 : minus / all
    return out
  }
}

/**
 * Upward (`plus`) and downward (`minus`) movement over `period` candles in units of the true range, each at least 0.
 *
 * Formula: plus = sum(|high - low[-1]|, p) / sum(true range, p); minus = sum(|low - high[-1]|, p) / sum(true range, p)
 * Flat: 0
 * Source: Botes and Siepman 2010
 * TA-Lib: none
 * TradingView: the chart script, the same formula
 *
 * @example
 * ```ts
 * import { vortex } from '@millrace/indicators'
 * const m = vortex(1)
 * m.update({ open: 1, high: 2, low: 1, close: 2, volume: 1 })
 * m.update({ open: 2, high: 3, low: 2, close: 3, volume: 1 }).plus // => 2
 * ```
 */
export const vortex = (period = 14, options: RecordOptions = {}): CandleIndicator<VortexValue> => new Vortex({ ...options, period })

/** Batch form of {@link vortex}: as long as its input, NaN in the warm-up. */
export const vortexBatch = (columns: Columns, period = 14, out?: Arrays<VortexValue>, options: RecordOptions = {}): Arrays<VortexValue> => {
  const c = candles(VORTEX, columns, options)
  const cursor = new Cursor()
  const result = targets<VortexValue>(VORTEX, out, c)
  const one = new Vortex({ ...options, period })
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.plus[i] = v.plus
    result.minus[i] = v.minus
  }
  return result
}
