import { fade, Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { type EmaLine, wilderLine } from '../lib/ema-line.ts'
import { LONG } from '../lib/params.ts'
import { SumWindow } from '../lib/sum-window.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const CMO: Description = {
  name: 'cmo',
  title: 'Chande Momentum Oscillator',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG }, smoothing: { kind: 'choice', default: 'sum', choices: ['sum', 'wilder'] } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  range: [-100, 100],
  levels: [-50, 50],
  complexity: 'O(1)',
}

/** Options of {@link cmo}. */
export interface CmoOptions extends CommonOptions {
  /** Sums over the window (default) or Wilder averages. */
  readonly smoothing?: 'sum' | 'wilder'
}

class Cmo extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly gain: SumWindow | EmaLine
  private readonly loss: SumWindow | EmaLine
  private last = NaN

  constructor(options: CmoOptions & { period?: number }) {
    super(CMO, options)
    const { period, smoothing } = this.read<{ period: number; smoothing: 'sum' | 'wilder' }>()
    this.warmup = period
    this.gain = smoothing === 'sum' ? new SumWindow(period) : wilderLine(period)
    this.loss = smoothing === 'sum' ? new SumWindow(period) : wilderLine(period)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 1 / this.warmup, epsilon)
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
    const loss = this.loss.step(change < 0 ? -change : 0, keep)
    const all = gain + loss
    return all === 0 ? 0 : ((gain - loss) / all) * 100
  }
}

/**
 * Balance of gains and losses, -100 to 100.
 *
 * Formula: 100 (gain - loss) / (gain + loss), with sums over p changes, or Wilder averages with `smoothing: 'wilder'`
 * Flat: 0
 * Source: Chande 1994
 * TA-Lib: CMO smooths as Wilder does (`smoothing: 'wilder'`)
 * TradingView: ta.cmo takes sums (default)
 *
 * @example
 * ```ts
 * import { cmo } from '@millrace/indicators'
 * const m = cmo(2)
 * m.update(1)
 * m.update(4)
 * m.update(3) // => 50
 * ```
 */
export const cmo = (period = 14, options: CmoOptions = {}): NumberIndicator => new Cmo({ ...options, period })

/** Batch form of {@link cmo}: as long as its input, NaN in the warm-up. */
export const cmoBatch = (close: Series, period = 14, out?: Float64Array, options: CmoOptions = {}): Float64Array => {
  const x = series(CMO, close, options)
  const result = target(CMO, out, x)
  const one = new Cmo({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
