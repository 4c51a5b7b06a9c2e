import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { Delay } from '../lib/delay.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const ROCR: Description = {
  name: 'rocr',
  title: 'Rate of Change, Ratio',
  params: { period: { kind: 'integer', default: 10, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  levels: [1],
  complexity: 'O(1)',
}

class Rocr extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly delay: Delay

  constructor(options: CommonOptions & { period?: number }) {
    super(ROCR, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period
    this.delay = new Delay(period)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const past = this.delay.step(x, keep)
    return past === 0 ? 0 : x / past
  }
}

/**
 * Rate of Change, Ratio against the input `period` steps ago.
 *
 * Formula: x / x[-p]; 0 where x[-p] is 0
 * Flat: 1
 * Source: textbook
 * TA-Lib: ROCR, the same
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { rocr } from '@millrace/indicators'
 * const rate = rocr(1)
 * rate.update(8)
 * rate.update(10) // => 1.25
 * ```
 */
export const rocr = (period = 10, options: CommonOptions = {}): NumberIndicator => new Rocr({ ...options, period })

/** Batch form of {@link rocr}: as long as its input, NaN in the warm-up. */
export const rocrBatch = (close: Series, period = 10, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(ROCR, close, options)
  const result = target(ROCR, out, x)
  const one = new Rocr({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
