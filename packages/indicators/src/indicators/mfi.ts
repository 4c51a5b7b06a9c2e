import { fade, Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasHlcv } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import { SumWindow } from '../lib/sum-window.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const MFI: Description = {
  name: 'mfi',
  title: 'Money Flow Index',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG }, flat: { kind: 'number', default: 50, min: 0, max: 100 } },
  inputs: ['high', 'low', 'close', 'volume'],
  outputs: ['value'],
  pane: 'own',
  range: [0, 100],
  levels: [20, 80],
  complexity: 'O(1)',
}

/** Options of {@link mfi}. */
export interface MfiOptions extends CommonOptions {
  /** The value when nothing flowed: 50 (default); TA-Lib says 0. */
  readonly flat?: number
}

class Mfi extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly up: SumWindow
  private readonly down: SumWindow
  private readonly flat: number
  private price = NaN

  constructor(options: MfiOptions & { period?: number }) {
    super(MFI, options)
    const { period, flat } = this.read<{ period: number; flat: number }>()
    this.warmup = period
    this.up = new SumWindow(period)
    this.down = new SumWindow(period)
    this.flat = flat
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(0, epsilon)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlcv(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlcv(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const price = (candle.high + candle.low + candle.close) / 3
    const last = this.price
    if (keep) this.price = price
    if (last !== last) return NaN
    const flow = price * candle.volume
    const up = this.up.step(price > last ? flow : 0, keep)
    const down = this.down.step(price < last ? flow : 0, keep)
    const all = up + down
    return all === 0 ? this.flat : (up / all) * 100
  }
}

/**
 * Share of the money that flowed in on rising typical prices, 0 to 100: an RSI with volume.
 *
 * Formula: tp = (high + low + close) / 3; flow = tp volume; 100 (flow on rises) / (flow on rises + flow on falls) over the last p candles; an unchanged
 * tp counts in neither
 * Flat: 50 (option `flat`), also without volume
 * Source: Quong and Soudack 1989
 * TA-Lib: MFI, which says 0 when the flow of a window is below 1; this one does not
 * TradingView: ta.mfi(hlc3, p), the same
 *
 * @example
 * ```ts
 * import { mfi } from '@millrace/indicators'
 * const m = mfi(2)
 * m.update({ open: 1, high: 1, low: 1, close: 1, volume: 1 })
 * m.update({ open: 2, high: 2, low: 2, close: 2, volume: 3 })
 * m.update({ open: 1, high: 1, low: 1, close: 1, volume: 2 }) // => 75
 * ```
 */
export const mfi = (period = 14, options: MfiOptions = {}): CandleIndicator => new Mfi({ ...options, period })

/** Batch form of {@link mfi}: as long as its input, NaN in the warm-up. */
export const mfiBatch = (columns: Columns, period = 14, out?: Float64Array, options: MfiOptions = {}): Float64Array => {
  const c = candles(MFI, columns, options)
  const cursor = new Cursor()
  const result = target(MFI, out, c)
  const one = new Mfi({ ...options, period })
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
