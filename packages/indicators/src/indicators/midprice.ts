import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { ExtremeWindow } from '../lib/extreme-window.ts'
import { hasHl } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const MIDPRICE: Description = {
  name: 'midprice',
  title: 'Midpoint Price',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG } },
  inputs: ['high', 'low'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Midprice extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly high: ExtremeWindow
  private readonly low: ExtremeWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(MIDPRICE, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.high = new ExtremeWindow(period, 1)
    this.low = new ExtremeWindow(period, -1)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHl(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHl(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    return (this.high.step(candle.high, keep) + this.low.step(candle.low, keep)) / 2
  }
}

/**
 * Middle of the highest high and the lowest low of the last `period` candles, in the unit of price.
 *
 * Formula: (highest(high, p) + lowest(low, p)) / 2
 * Flat: exactly the price
 * Source: TA-Lib
 * TA-Lib: MIDPRICE, the same
 * TradingView: the basis of Donchian Channels
 *
 * @example
 * ```ts
 * import { midprice } from '@millrace/indicators'
 * const m = midprice(2)
 * m.update({ open: 1, high: 4, low: 2, close: 3, volume: 1 })
 * m.update({ open: 3, high: 3, low: 1, close: 2, volume: 1 }) // => 2.5
 * ```
 */
export const midprice = (period = 14, options: CommonOptions = {}): CandleIndicator => new Midprice({ ...options, period })

/** Batch form of {@link midprice}: as long as its input, NaN in the warm-up. */
export const midpriceBatch = (columns: Columns, period = 14, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const c = candles(MIDPRICE, columns, options)
  const cursor = new Cursor()
  const result = target(MIDPRICE, out, c)
  const one = new Midprice({ ...options, period })
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
