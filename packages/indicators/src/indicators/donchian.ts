import { Several } from '../lib/base.ts'
import { type Arrays, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { ExtremeWindow } from '../lib/extreme-window.ts'
import { hasHl } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions } from '../lib/types.ts'

export const DONCHIAN: Description = {
  name: 'donchian',
  title: 'Donchian Channels',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['high', 'low'],
  outputs: ['upper', 'middle', 'lower'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Output of {@link donchian}. */
export interface DonchianValue {
  upper: number
  middle: number
  lower: number
}

class Donchian extends Several<DonchianValue> implements CandleIndicator<DonchianValue> {
  readonly input = 'candle'
  readonly warmup: number
  private readonly high: ExtremeWindow
  private readonly low: ExtremeWindow

  constructor(options: RecordOptions & { period?: number }) {
    super(DONCHIAN, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.high = new ExtremeWindow(period, 1)
    this.low = new ExtremeWindow(period, -1)
  }

  update(candle: Ohlcv): DonchianValue {
    const out = hasHl(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): DonchianValue {
    const out = hasHl(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: DonchianValue): DonchianValue {
    const upper = this.high.step(candle.high, keep)
    const lower = this.low.step(candle.low, keep)
    out.upper = upper
    out.middle = (upper + lower) / 2
    out.lower = lower
    return out
  }
}

/**
 * Highest high, lowest low and their middle over the last `period` candles, in the unit of price.
 *
 * Formula: upper = highest(high, p); lower = lowest(low, p); middle = (upper + lower) / 2
 * Flat: exactly the price
 * Source: Donchian
 * TA-Lib: MAX, MIN, MIDPRICE, the same
 * TradingView: Donchian Channels, the same
 *
 * @example
 * ```ts
 * import { donchian } from '@millrace/indicators'
 * const m = donchian(2)
 * m.update({ open: 1, high: 4, low: 2, close: 3, volume: 1 })
 * m.update({ open: 3, high: 3, low: 1, close: 2, volume: 1 }).middle // => 2.5
 * ```
 */
export const donchian = (period = 20, options: RecordOptions = {}): CandleIndicator<DonchianValue> => new Donchian({ ...options, period })

/** Batch form of {@link donchian}: as long as its input, NaN in the warm-up. */
export const donchianBatch = (columns: Columns, period = 20, out?: Arrays<DonchianValue>, options: RecordOptions = {}): Arrays<DonchianValue> => {
  const c = candles(DONCHIAN, columns, options)
  const cursor = new Cursor()
  const result = targets<DonchianValue>(DONCHIAN, out, c)
  const one = new Donchian({ ...options, period })
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.upper[i] = v.upper
    result.middle[i] = v.middle
    result.lower[i] = v.lower
  }
  return result
}
