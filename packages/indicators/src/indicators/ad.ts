import { fade, Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasHlcv } from '../lib/finite.ts'
import { moneyFlow } from '../lib/money-flow.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const AD: Description = {
  name: 'ad',
  title: 'Accumulation/Distribution Line',
  params: {},
  inputs: ['high', 'low', 'close', 'volume'],
  outputs: ['value'],
  pane: 'own',
  complexity: 'O(1)',
}

class Ad extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private total = 0

  constructor(options: CommonOptions) {
    super(AD, options)
    this.warmup = 0
  }

  override stableAfter(epsilon: number): number {
    return fade(1, epsilon)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlcv(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlcv(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const total = this.total + moneyFlow(candle)
    if (keep) this.total = total
    return total
  }
}

/**
 * Running sum of volume weighted by where the close stands in its candle, in the unit of volume. Its level depends on the first candle, its changes do
 * not.
 *
 * Formula: ad += volume ((close - low) - (high - close)) / (high - low); a candle without range adds 0
 * Flat: unchanged
 * Source: Chaikin
 * TA-Lib: AD, the same
 * TradingView: ta.accdist, the same
 *
 * @example
 * ```ts
 * import { ad } from '@millrace/indicators'
 * const m = ad()
 * m.update({ open: 1, high: 3, low: 1, close: 3, volume: 5 }) // => 5
 * ```
 */
export const ad = (options: CommonOptions = {}): CandleIndicator => new Ad(options)

/** Batch form of {@link ad}: as long as its input, NaN in the warm-up. */
export const adBatch = (columns: Columns, options: CommonOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(AD, columns, options)
  const cursor = new Cursor()
  const result = target(AD, out, c)
  const one = new Ad(options)
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
