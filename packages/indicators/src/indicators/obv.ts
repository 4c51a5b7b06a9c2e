import { fade, Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasCv } from '../lib/finite.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv, Seed } from '../lib/types.ts'

export const OBV: Description = {
  name: 'obv',
  title: 'On-Balance Volume',
  params: { seed: { kind: 'choice', default: 'tradingview', choices: ['tradingview', 'talib'] } },
  inputs: ['close', 'volume'],
  outputs: ['value'],
  pane: 'own',
  complexity: 'O(1)',
}

/** Options of {@link obv}. */
export interface ObvOptions extends CommonOptions {
  /** `tradingview` (default): starts at 0. `talib`: starts with the first volume. */
  readonly seed?: Seed
}

class Obv extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly fromVolume: number
  private close = NaN
  private total = 0

  constructor(options: ObvOptions) {
    super(OBV, options)
    const { seed } = this.read<{ seed: Seed }>()
    this.warmup = 0
    this.fromVolume = seed === 'talib' ? 1 : 0
  }

  override stableAfter(epsilon: number): number {
    return fade(1, epsilon)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasCv(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasCv(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const { close, volume } = candle
    const last = this.close
    const total = last !== last ? (this.fromVolume === 1 ? volume : 0) : close > last ? this.total + volume : close < last ? this.total - volume : this.total
    if (keep) {
      this.close = close
      this.total = total
    }
    return total
  }
}

/**
 * Running sum of volume, added when the close rises and subtracted when it falls; in the unit of volume. Its level depends on the first candle, its
 * changes do not.
 *
 * Formula: obv += volume sign(close - close[-1])
 * Flat: unchanged
 * Source: Granville 1963
 * TA-Lib: OBV (`seed: 'talib'`) starts with the volume of the first candle
 * TradingView: ta.obv, which starts at 0, as generally known; not checked
 *
 * @example
 * ```ts
 * import { obv } from '@millrace/indicators'
 * const m = obv()
 * m.update({ open: 1, high: 1, low: 1, close: 1, volume: 9 }) // => 0
 * m.update({ open: 1, high: 2, low: 1, close: 2, volume: 5 }) // => 5
 * ```
 */
export const obv = (options: ObvOptions = {}): CandleIndicator => new Obv(options)

/** Batch form of {@link obv}: as long as its input, NaN in the warm-up. */
export const obvBatch = (columns: Columns, options: ObvOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(OBV, columns, options)
  const cursor = new Cursor()
  const result = target(OBV, out, c)
  const one = new Obv(options)
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
