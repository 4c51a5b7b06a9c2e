import { fade, Several } from '../lib/base.ts'
import { type Arrays, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { hasOhlc } from '../lib/finite.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions } from '../lib/types.ts'

export const HEIKIN_ASHI: Description = {
  name: 'heikinAshi',
  title: 'Heikin-Ashi Candles',
  params: {},
  inputs: ['open', 'high', 'low', 'close'],
  outputs: ['open', 'high', 'low', 'close'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Output of {@link heikinAshi}. */
export interface HeikinAshiValue {
  open: number
  high: number
  low: number
  close: number
}

class HeikinAshi extends Several<HeikinAshiValue> implements CandleIndicator<HeikinAshiValue> {
  readonly input = 'candle'
  readonly warmup: number
  private open = NaN
  private close = NaN

  constructor(options: RecordOptions) {
    super(HEIKIN_ASHI, options)
    this.warmup = 0
  }

  override stableAfter(epsilon: number): number {
    return 1 + fade(0.5, epsilon)
  }

  update(candle: Ohlcv): HeikinAshiValue {
    const out = hasOhlc(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): HeikinAshiValue {
    const out = hasOhlc(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: HeikinAshiValue): HeikinAshiValue {
    const close = (candle.open + candle.high + candle.low + candle.close) / 4
    const open = this.open === this.open ? (this.open + this.close) / 2 : (candle.open + candle.close) / 2
    if (keep) {
      this.open = open
      this.close = close
    }
    out.open = open
    out.high = Math.max(candle.high, open, close)
    out.low = Math.min(candle.low, open, close)
    out.close = close
    return out
  }
}

/**
 * Smoothed candles, in the unit of price.
 *
 * Formula: close = (o + h + l + c) / 4; open = (open[-1] + close[-1]) / 2, at first (o + c) / 2; high = max(h, open, close); low = min(l, open, close)
 * Flat: the price, up to rounding
 * Source: Valcu 2004
 * TA-Lib: none
 * TradingView: Heikin Ashi charts, the same
 *
 * @example
 * ```ts
 * import { heikinAshi } from '@millrace/indicators'
 * const bars = heikinAshi()
 * bars.update({ open: 1, high: 4, low: 1, close: 2, volume: 1 }).close // => 2
 * ```
 */
export const heikinAshi = (options: RecordOptions = {}): CandleIndicator<HeikinAshiValue> => new HeikinAshi(options)

/** Batch form of {@link heikinAshi}: as long as its input, NaN in the warm-up. */
export const heikinAshiBatch = (columns: Columns, options: RecordOptions = {}, out?: Arrays<HeikinAshiValue>): Arrays<HeikinAshiValue> => {
  const c = candles(HEIKIN_ASHI, columns, options)
  const cursor = new Cursor()
  const result = targets<HeikinAshiValue>(HEIKIN_ASHI, out, c)
  const one = new HeikinAshi(options)
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.open[i] = v.open
    result.high[i] = v.high
    result.low[i] = v.low
    result.close[i] = v.close
  }
  return result
}
