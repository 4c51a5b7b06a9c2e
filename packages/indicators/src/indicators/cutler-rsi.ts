import { Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { LONG } from '../lib/params.ts'
import { SumWindow } from '../lib/sum-window.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const CUTLER_RSI: Description = {
  name: 'cutlerRsi',
  title: 'Relative Strength Index after Cutler',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG }, flat: { kind: 'number', default: 50, min: 0, max: 100 } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  range: [0, 100],
  levels: [30, 70],
  complexity: 'O(1)',
}

/** Options of {@link cutlerRsi}. */
export interface CutlerRsiOptions extends CommonOptions {
  /** The value when no price of the window moved: 50 (default). */
  readonly flat?: number
}

class CutlerRsi extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly gain: SumWindow
  private readonly loss: SumWindow
  private readonly flat: number
  private last = NaN

  constructor(options: CutlerRsiOptions & { period?: number }) {
    super(CUTLER_RSI, options)
    const { period, flat } = this.read<{ period: number; flat: number }>()
    this.warmup = period
    this.gain = new SumWindow(period)
    this.loss = new SumWindow(period)
    this.flat = flat
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const change = x - this.last
    if (keep) this.last = x
    if (change !== change) return NaN
    const gain = this.gain.step(change > 0 ? change : 0, keep)
    const all = gain + this.loss.step(change < 0 ? -change : 0, keep)
    return all === 0 ? this.flat : (gain / all) * 100
  }
}

/**
 * RSI on plain rolling means of gains and losses, 0 to 100. Not what charts show: see rsi.
 *
 * Formula: 100 sum(gain, p) / (sum(gain, p) + sum(loss, p))
 * Flat: 50 (option `flat`)
 * Source: Cutler; pandas rolling(p).mean()
 * TA-Lib: none
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { cutlerRsi } from '@millrace/indicators'
 * const strength = cutlerRsi(2)
 * strength.update(1)
 * strength.update(4)
 * strength.update(3) // => 75
 * ```
 */
export const cutlerRsi = (period = 14, options: CutlerRsiOptions = {}): NumberIndicator => new CutlerRsi({ ...options, period })

/** Batch form of {@link cutlerRsi}: as long as its input, NaN in the warm-up. */
export const cutlerRsiBatch = (close: Series, period = 14, out?: Float64Array, options: CutlerRsiOptions = {}): Float64Array => {
  const x = series(CUTLER_RSI, close, options)
  const result = target(CUTLER_RSI, out, x)
  const one = new CutlerRsi({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
