import { Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { MeanWindow } from '../lib/mean-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const TRIMA: Description = {
  name: 'trima',
  title: 'Triangular Moving Average',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Trima extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly first: MeanWindow
  private readonly second: MeanWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(TRIMA, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    const first = Math.ceil(period / 2)
    this.first = new MeanWindow(first)
    this.second = new MeanWindow(period + 1 - first)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const mean = this.first.step(x, keep)
    return mean === mean ? this.second.step(mean, keep) : NaN
  }
}

/**
 * Mean with weights that rise to the middle of the window and fall again, in the unit of the input.
 *
 * Formula: odd p: sma(sma(x, (p + 1) / 2), (p + 1) / 2); even p: sma(sma(x, p / 2), p / 2 + 1)
 * Flat: exactly the input
 * Source: textbook
 * TA-Lib: TRIMA, the same up to its drift
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { trima } from '@millrace/indicators'
 * const average = trima(3)
 * average.update(1)
 * average.update(2)
 * average.update(3) // => 2
 * ```
 */
export const trima = (period = 20, options: CommonOptions = {}): NumberIndicator => new Trima({ ...options, period })

/** Batch form of {@link trima}: as long as its input, NaN in the warm-up. */
export const trimaBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(TRIMA, close, options)
  const result = target(TRIMA, out, x)
  const one = new Trima({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
