import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasHl } from '../lib/finite.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const HL2: Description = {
  name: 'hl2',
  title: 'Median Price',
  params: {},
  inputs: ['high', 'low'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Hl2 extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number

  constructor(options: CommonOptions) {
    super(HL2, options)
    this.warmup = 0
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHl(candle) ? this.step(candle) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHl(candle) ? this.step(candle) : this.refuse(candle)
  }

  private step(candle: Ohlcv): number {
    const { high, low } = candle
    return (high + low) / 2
  }
}

/**
 * Median Price of a candle, in the unit of price.
 *
 * Formula: (high + low) / 2
 * Flat: the price, up to rounding
 * Source: textbook
 * TA-Lib: MEDPRICE, the same
 * TradingView: hl2, the same
 *
 * @example
 * ```ts
 * import { hl2 } from '@millrace/indicators'
 * const price = hl2()
 * price.update({ open: 2, high: 4, low: 1, close: 1, volume: 1 }) // => 2.5
 * ```
 */
export const hl2 = (options: CommonOptions = {}): CandleIndicator => new Hl2(options)

/** Batch form of {@link hl2}: as long as its input, NaN in the warm-up. */
export const hl2Batch = (columns: Columns, options: CommonOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(HL2, columns, options)
  const cursor = new Cursor()
  const result = target(HL2, out, c)
  const one = new Hl2(options)
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
