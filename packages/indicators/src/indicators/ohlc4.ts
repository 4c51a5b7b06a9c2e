import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasOhlc } from '../lib/finite.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const OHLC4: Description = {
  name: 'ohlc4',
  title: 'Average Price',
  params: {},
  inputs: ['open', 'high', 'low', 'close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Ohlc4 extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number

  constructor(options: CommonOptions) {
    super(OHLC4, options)
    this.warmup = 0
  }

  update(candle: Ohlcv): number {
    return (this.value = hasOhlc(candle) ? this.step(candle) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasOhlc(candle) ? this.step(candle) : this.refuse(candle)
  }

  private step(candle: Ohlcv): number {
    const { open, high, low, close } = candle
    return (open + high + low + close) / 4
  }
}

/**
 * Average Price of a candle, in the unit of price.
 *
 * Formula: (open + high + low + close) / 4
 * Flat: the price, up to rounding
 * Source: textbook
 * TA-Lib: AVGPRICE, the same
 * TradingView: ohlc4, the same
 *
 * @example
 * ```ts
 * import { ohlc4 } from '@millrace/indicators'
 * const price = ohlc4()
 * price.update({ open: 2, high: 4, low: 1, close: 1, volume: 1 }) // => 2
 * ```
 */
export const ohlc4 = (options: CommonOptions = {}): CandleIndicator => new Ohlc4(options)

/** Batch form of {@link ohlc4}: as long as its input, NaN in the warm-up. */
export const ohlc4Batch = (columns: Columns, options: CommonOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(OHLC4, columns, options)
  const cursor = new Cursor()
  const result = target(OHLC4, out, c)
  const one = new Ohlc4(options)
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
