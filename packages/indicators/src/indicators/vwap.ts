import { fade, Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, series, type Series, target } from '../lib/columns.ts'
import { hasHlcv } from '../lib/finite.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'

export const VWAP: Description = {
  name: 'vwap',
  title: 'Volume Weighted Average Price',
  params: { anchor: { kind: 'choice', default: 'first', choices: ['first', 'day', 'week'] } },
  inputs: ['high', 'low', 'close', 'volume'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Options of {@link vwap}. */
export interface VwapOptions extends CommonOptions {
  /** Where the average starts anew: never after the first candle or a `reset()` (default), with each UTC day, or with each week on Monday. */
  readonly anchor?: 'first' | 'day' | 'week'
}

const DAY = 86_400_000

class Vwap extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup = 0
  private readonly days: number
  private session = NaN
  private average = 0
  private volume = 0

  constructor(options: VwapOptions) {
    super(VWAP, options)
    this.days = { first: 0, day: 1, week: 7 }[this.read<Required<VwapOptions>>().anchor]
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
    const price = (candle.high + candle.low + candle.close) / 3
    const session = this.days === 0 ? 0 : this.sessionOf(candle)
    const same = session === this.session
    const volume = (same ? this.volume : 0) + candle.volume
    const last = same && this.volume > 0 ? this.average : price
    const average = volume > 0 ? last + ((price - last) * candle.volume) / volume : price
    if (keep) {
      this.session = session
      this.volume = volume
      this.average = average
    }
    return average
  }

  private sessionOf(candle: Ohlcv & { readonly openTime?: number }): number {
    const time = candle.openTime
    if (time === undefined || !Number.isFinite(time)) throw unexpected(`${this.id}: openTime`, 'milliseconds', time)
    // Day 0 of the epoch was a Thursday.
    return this.days === 1 ? Math.floor(time / DAY) : Math.floor((time / DAY + 3) / 7)
  }
}

/**
 * Mean of the typical prices since the anchor, weighted by volume; in the unit of price.
 *
 * Formula: tp = (high + low + close) / 3; sum(tp volume) / sum(volume)
 * Flat: the price, up to rounding; the typical price while there is no volume
 * Source: Berkowitz, Logue, Noser 1988
 * TA-Lib: none
 * TradingView: ta.vwap(hlc3) starts with each day of the exchange: `anchor: 'day'` for markets that count days in UTC
 *
 * @example
 * ```ts
 * import { vwap } from '@millrace/indicators'
 * const average = vwap()
 * average.update({ open: 1, high: 1, low: 1, close: 1, volume: 3 })
 * average.update({ open: 5, high: 5, low: 5, close: 5, volume: 1 }) // => 2
 * ```
 */
export const vwap = (options: VwapOptions = {}): CandleIndicator => new Vwap(options)

/** Batch form of {@link vwap}: as long as its input. A column `openTime` (ms) is needed for the anchors `day` and `week`. */
export const vwapBatch = (columns: Columns & { readonly openTime?: Series }, options: VwapOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(VWAP, columns, options)
  const times = columns.openTime === undefined ? undefined : series(VWAP, columns.openTime, {}, 'openTime')
  const result = target(VWAP, out, c)
  const one = new Vwap(options)
  const cursor = Object.assign(new Cursor(), { openTime: NaN })
  for (let i = 0; i < c.length; i++) {
    cursor.openTime = times?.[i] ?? NaN
    result[i] = one.update(cursor.at(c, i))
  }
  return result
}
