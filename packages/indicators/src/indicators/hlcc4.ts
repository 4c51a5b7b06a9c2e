import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasHlc } from '../lib/finite.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const HLCC4: Description = {
  name: 'hlcc4',
  title: 'Weighted Close Price',
  params: {},
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Hlcc4 extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number

  constructor(options: CommonOptions) {
    super(HLCC4, options)
    this.warmup = 0
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlc(candle) ? this.step(candle) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlc(candle) ? this.step(candle) : this.refuse(candle)
  }

  private step(candle: Ohlcv): number {
    const { high, low, close } = candle
    return (high + low + close + close) / 4
  }
}

/**
 * Weighted Close Price of a candle, in the unit of price.
 *
 * Formula: (high + low + 2 close) / 4
 * Flat: the price, up to rounding
 * Source: textbook
 * TA-Lib: WCLPRICE, the same
 * TradingView: hlcc4, the same
 *
 * @example
 * ```ts
 * import { hlcc4 } from '@millrace/indicators'
 * const price = hlcc4()
 * price.update({ open: 2, high: 4, low: 1, close: 1, volume: 1 }) // => 1.75
 * ```
 */
export const hlcc4 = (options: CommonOptions = {}): CandleIndicator => new Hlcc4(options)

/** Batch form of {@link hlcc4}: as long as its input, NaN in the warm-up. */
export const hlcc4Batch = (columns: Columns, options: CommonOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(HLCC4, columns, options)
  const cursor = new Cursor()
  const result = target(HLCC4, out, c)
  const one = new Hlcc4(options)
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
