import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { ExtremeWindow } from '../lib/extreme-window.ts'
import { hasHlc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const WILLIAMS_R: Description = {
  name: 'williamsR',
  title: 'Williams %R',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG }, flat: { kind: 'number', default: -50, min: -100, max: 0 } },
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  pane: 'own',
  range: [-100, 0],
  levels: [-80, -20],
  complexity: 'O(1)',
}

/** Options of {@link williamsR}. */
export interface WilliamsROptions extends CommonOptions {
  /** The value when there is no range: -50 (default); TA-Lib says 0. */
  readonly flat?: number
}

class WilliamsR extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly high: ExtremeWindow
  private readonly low: ExtremeWindow
  private readonly flat: number

  constructor(options: WilliamsROptions & { period?: number }) {
    super(WILLIAMS_R, options)
    const { period, flat } = this.read<{ period: number; flat: number }>()
    this.warmup = period - 1
    this.high = new ExtremeWindow(period, 1)
    this.low = new ExtremeWindow(period, -1)
    this.flat = flat
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlc(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlc(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const high = this.high.step(candle.high, keep)
    const low = this.low.step(candle.low, keep)
    return high === low ? this.flat : ((candle.close - high) / (high - low)) * 100
  }
}

/**
 * Where the close stands in the range of the last `period` candles, -100 (at the low) to 0 (at the high).
 *
 * Formula: 100 (close - highest high) / (highest high - lowest low)
 * Flat: -50 (option `flat`)
 * Source: Williams 1973
 * TA-Lib: WILLR, the same, flat 0
 * TradingView: ta.wpr, the same, flat na
 *
 * @example
 * ```ts
 * import { williamsR } from '@millrace/indicators'
 * const m = williamsR(2)
 * m.update({ open: 1, high: 4, low: 0, close: 1, volume: 1 })
 * m.update({ open: 1, high: 2, low: 1, close: 1, volume: 1 }) // => -75
 * ```
 */
export const williamsR = (period = 14, options: WilliamsROptions = {}): CandleIndicator => new WilliamsR({ ...options, period })

/** Batch form of {@link williamsR}: as long as its input, NaN in the warm-up. */
export const williamsRBatch = (columns: Columns, period = 14, out?: Float64Array, options: WilliamsROptions = {}): Float64Array => {
  const c = candles(WILLIAMS_R, columns, options)
  const cursor = new Cursor()
  const result = target(WILLIAMS_R, out, c)
  const one = new WilliamsR({ ...options, period })
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
