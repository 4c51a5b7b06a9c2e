import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasOc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import { SumWindow } from '../lib/sum-window.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const IMI: Description = {
  name: 'imi',
  title: 'Intraday Momentum Index',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG }, flat: { kind: 'number', default: 50, min: 0, max: 100 } },
  inputs: ['open', 'close'],
  outputs: ['value'],
  pane: 'own',
  range: [0, 100],
  levels: [30, 70],
  complexity: 'O(1)',
}

/** Options of {@link imi}. */
export interface ImiOptions extends CommonOptions {
  /** The value when no candle has a body: 50 (default). */
  readonly flat?: number
}

class Imi extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly up: SumWindow
  private readonly down: SumWindow
  private readonly flat: number

  constructor(options: ImiOptions & { period?: number }) {
    super(IMI, options)
    const { period, flat } = this.read<{ period: number; flat: number }>()
    this.warmup = period - 1
    this.up = new SumWindow(period)
    this.down = new SumWindow(period)
    this.flat = flat
  }

  update(candle: Ohlcv): number {
    return (this.value = hasOc(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasOc(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const body = candle.close - candle.open
    const up = this.up.step(body > 0 ? body : 0, keep)
    const all = up + this.down.step(body < 0 ? -body : 0, keep)
    return all === 0 ? this.flat : (up / all) * 100
  }
}

/**
 * Share of rising bodies among the bodies of the last `period` candles, 0 to 100.
 *
 * Formula: 100 sum(max(close - open, 0), p) / sum(|close - open|, p)
 * Flat: 50 (option `flat`)
 * Source: Chande and Kroll 1994
 * TA-Lib: IMI, the same, flat NaN
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { imi } from '@millrace/indicators'
 * const m = imi(2)
 * m.update({ open: 1, high: 4, low: 1, close: 4, volume: 1 })
 * m.update({ open: 4, high: 4, low: 3, close: 3, volume: 1 }) // => 75
 * ```
 */
export const imi = (period = 14, options: ImiOptions = {}): CandleIndicator => new Imi({ ...options, period })

/** Batch form of {@link imi}: as long as its input, NaN in the warm-up. */
export const imiBatch = (columns: Columns, period = 14, out?: Float64Array, options: ImiOptions = {}): Float64Array => {
  const c = candles(IMI, columns, options)
  const cursor = new Cursor()
  const result = target(IMI, out, c)
  const one = new Imi({ ...options, period })
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
