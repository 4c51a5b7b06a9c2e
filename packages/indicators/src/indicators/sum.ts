import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { LONG } from '../lib/params.ts'
import { SumWindow } from '../lib/sum-window.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const SUM: Description = {
  name: 'sum',
  title: 'Rolling Sum',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  complexity: 'O(1)',
}

class Sum extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly window: SumWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(SUM, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.window = new SumWindow(period)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.window.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.window.step(x, false) : this.refuse(x)
  }
}

/**
 * Sum of the last `period` inputs, in the unit of the input; never a running difference, so it does not drift.
 *
 * Formula: x[0] + ... + x[-p+1]
 * Flat: period times the input, up to rounding
 * Source: textbook
 * TA-Lib: SUM, the same up to its drift
 * TradingView: math.sum, the same
 *
 * @example
 * ```ts
 * import { sum } from '@millrace/indicators'
 * const total = sum(2)
 * total.update(1)
 * total.update(2)
 * total.update(3) // => 5
 * ```
 */
export const sum = (period = 20, options: CommonOptions = {}): NumberIndicator => new Sum({ ...options, period })

/** Batch form of {@link sum}: as long as its input, NaN in the warm-up. */
export const sumBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(SUM, close, options)
  const result = target(SUM, out, x)
  const one = new Sum({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
