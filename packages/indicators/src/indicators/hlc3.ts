import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasHlc } from '../lib/finite.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const HLC3: Description = {
  name: 'hlc3',
  title: 'Typical Price',
  params: {},
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Hlc3 extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number

  constructor(options: CommonOptions) {
    super(HLC3, options)
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
    return (high + low + close) / 3
  }
}

/**
 * Typical Price of a candle, in the unit of price.
 *
 * Formula: (high + low + close) / 3
 * Flat: the price, up to rounding
 * Source: textbook
 * TA-Lib: TYPPRICE, the same
 * TradingView: hlc3, the same
 *
 * @example
 * ```ts
 * import { hlc3 } from '@millrace/indicators'
 * const price = hlc3()
 * price.update({ open: 2, high: 4, low: 1, close: 1, volume: 1 }) // => 2
 * ```
 */
export const hlc3 = (options: CommonOptions = {}): CandleIndicator => new Hlc3(options)

/** Batch form of {@link hlc3}: as long as its input, NaN in the warm-up. */
export const hlc3Batch = (columns: Columns, options: CommonOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(HLC3, columns, options)
  const cursor = new Cursor()
  const result = target(HLC3, out, c)
  const one = new Hlc3(options)
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
