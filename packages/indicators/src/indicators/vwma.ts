import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasCv } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import { SumWindow } from '../lib/sum-window.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const VWMA: Description = {
  name: 'vwma',
  title: 'Volume Weighted Moving Average',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close', 'volume'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Vwma extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly money: SumWindow
  private readonly volume: SumWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(VWMA, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.money = new SumWindow(period)
    this.volume = new SumWindow(period)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasCv(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasCv(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const { close, volume } = candle
    const money = this.money.step(close * volume, keep)
    const all = this.volume.step(volume, keep)
    return all === 0 ? close : money / all
  }
}

/**
 * Mean of the last `period` closes weighted by volume, in the unit of price.
 *
 * Formula: sum(close volume, p) / sum(volume, p)
 * Flat: the price, up to rounding; the close where the window has no volume
 * Source: textbook
 * TA-Lib: none
 * TradingView: ta.vwma, the same; na without volume
 *
 * @example
 * ```ts
 * import { vwma } from '@millrace/indicators'
 * const average = vwma(2)
 * average.update({ open: 1, high: 1, low: 1, close: 1, volume: 3 })
 * average.update({ open: 5, high: 5, low: 5, close: 5, volume: 1 }) // => 2
 * ```
 */
export const vwma = (period = 20, options: CommonOptions = {}): CandleIndicator => new Vwma({ ...options, period })

/** Batch form of {@link vwma}: as long as its input, NaN in the warm-up. */
export const vwmaBatch = (columns: Columns, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const c = candles(VWMA, columns, options)
  const cursor = new Cursor()
  const result = target(VWMA, out, c)
  const one = new Vwma({ ...options, period })
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
