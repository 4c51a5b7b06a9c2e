import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasOhlc } from '../lib/finite.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const BOP: Description = {
  name: 'bop',
  title: 'Balance of Power',
  params: {},
  inputs: ['open', 'high', 'low', 'close'],
  outputs: ['value'],
  pane: 'own',
  range: [-1, 1],
  levels: [0],
  complexity: 'O(1)',
}

class Bop extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number

  constructor(options: CommonOptions) {
    super(BOP, options)
    this.warmup = 0
  }

  update(candle: Ohlcv): number {
    return (this.value = hasOhlc(candle) ? this.step(candle) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasOhlc(candle) ? this.step(candle) : this.refuse(candle)
  }

  private step(candle: Ohlcv): number {
    const range = candle.high - candle.low
    return range > 0 ? (candle.close - candle.open) / range : 0
  }
}

/**
 * Body of a candle in units of its range, -1 to 1.
 *
 * Formula: (close - open) / (high - low); 0 without range
 * Flat: 0
 * Source: Livshin 2001
 * TA-Lib: BOP, the same
 * TradingView: the chart script, the same formula
 *
 * @example
 * ```ts
 * import { bop } from '@millrace/indicators'
 * const m = bop()
 * m.update({ open: 1, high: 3, low: 1, close: 2, volume: 1 }) // => 0.5
 * ```
 */
export const bop = (options: CommonOptions = {}): CandleIndicator => new Bop(options)

/** Batch form of {@link bop}: as long as its input, NaN in the warm-up. */
export const bopBatch = (columns: Columns, options: CommonOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(BOP, columns, options)
  const cursor = new Cursor()
  const result = target(BOP, out, c)
  const one = new Bop(options)
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
