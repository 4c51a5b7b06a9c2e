import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { LONG } from '../lib/params.ts'
import { TrendWindow } from '../lib/trend-window.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const WMA: Description = {
  name: 'wma',
  title: 'Weighted Moving Average',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Wma extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly window: TrendWindow
  private readonly scale: number

  constructor(options: CommonOptions & { period?: number }) {
    super(WMA, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.window = new TrendWindow(period)
    this.scale = 2 / (period * (period + 1))
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const { mean, cross } = this.window.step(x, keep)
    return mean + cross * this.scale
  }
}

/**
 * Mean with weights 1 to `period`, the newest counting most; in the unit of the input.
 *
 * Formula: (1 x[-p+1] + 2 x[-p+2] + ... + p x[0]) / (p (p + 1) / 2)
 * Flat: exactly the input
 * Source: textbook
 * TA-Lib: WMA, the same up to its drift
 * TradingView: ta.wma, the same
 *
 * @example
 * ```ts
 * import { wma } from '@millrace/indicators'
 * const average = wma(3)
 * average.update(1)
 * average.update(1)
 * average.update(7) // => 4
 * ```
 */
export const wma = (period = 20, options: CommonOptions = {}): NumberIndicator => new Wma({ ...options, period })

/** Batch form of {@link wma}: as long as its input, NaN in the warm-up. */
export const wmaBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(WMA, close, options)
  const result = target(WMA, out, x)
  const one = new Wma({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
