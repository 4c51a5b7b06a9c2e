import { Several } from '../lib/base.ts'
import { type Arrays, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { hasHlc } from '../lib/finite.ts'
import { MeanWindow } from '../lib/mean-window.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions } from '../lib/types.ts'

export const ACCELERATION_BANDS: Description = {
  name: 'accelerationBands',
  title: 'Acceleration Bands',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['high', 'low', 'close'],
  outputs: ['upper', 'middle', 'lower'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Output of {@link accelerationBands}. */
export interface AccelerationBandsValue {
  upper: number
  middle: number
  lower: number
}

class AccelerationBands extends Several<AccelerationBandsValue> implements CandleIndicator<AccelerationBandsValue> {
  readonly input = 'candle'
  readonly warmup: number
  private readonly upper: MeanWindow
  private readonly middle: MeanWindow
  private readonly lower: MeanWindow

  constructor(options: RecordOptions & { period?: number }) {
    super(ACCELERATION_BANDS, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.upper = new MeanWindow(period)
    this.middle = new MeanWindow(period)
    this.lower = new MeanWindow(period)
  }

  update(candle: Ohlcv): AccelerationBandsValue {
    const out = hasHlc(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): AccelerationBandsValue {
    const out = hasHlc(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: AccelerationBandsValue): AccelerationBandsValue {
    const { high, low, close } = candle
    const all = high + low
    const w = all === 0 ? 0 : (4 * (high - low)) / all
    out.upper = this.upper.step(high * (1 + w), keep)
    out.middle = this.middle.step(close, keep)
    out.lower = this.lower.step(low * (1 - w), keep)
    return out
  }
}

/**
 * Mean close with bands widened by the relative range of the candles, in the unit of price.
 *
 * Formula: w = 4 (high - low) / (high + low); upper = sma(high (1 + w), p); middle = sma(close, p); lower = sma(low (1 - w), p); w = 0 where high + low
 * is 0
 * Flat: all three exactly the price
 * Source: Headley 2002
 * TA-Lib: ACCBANDS, the same
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { accelerationBands } from '@millrace/indicators'
 * const m = accelerationBands(1)
 * m.update({ open: 5, high: 6, low: 2, close: 4, volume: 1 }).upper // => 18
 * ```
 */
export const accelerationBands = (period = 20, options: RecordOptions = {}): CandleIndicator<AccelerationBandsValue> =>
  new AccelerationBands({ ...options, period })

/** Batch form of {@link accelerationBands}: as long as its input, NaN in the warm-up. */
export const accelerationBandsBatch = (
  columns: Columns,
  period = 20,
  out?: Arrays<AccelerationBandsValue>,
  options: RecordOptions = {},
): Arrays<AccelerationBandsValue> => {
  const c = candles(ACCELERATION_BANDS, columns, options)
  const cursor = new Cursor()
  const result = targets<AccelerationBandsValue>(ACCELERATION_BANDS, out, c)
  const one = new AccelerationBands({ ...options, period })
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.upper[i] = v.upper
    result.middle[i] = v.middle
    result.lower[i] = v.lower
  }
  return result
}
