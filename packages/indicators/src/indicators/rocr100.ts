import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { Delay } from '../lib/delay.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const ROCR100: Description = {
  name: 'rocr100',
  title: 'Rate of Change, Ratio in Percent',
  params: { period: { kind: 'integer', default: 10, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  levels: [100],
  complexity: 'O(1)',
}

class Rocr100 extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly delay: Delay

  constructor(options: CommonOptions & { period?: number }) {
    super(ROCR100, options)
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
    return past === 0 ? 0 : (x / past) * 100
  }
}

/**
 * Rate of Change, Ratio in Percent against the input `period` steps ago, in percent.
 *
 * Formula: 100 x / x[-p]; 0 where x[-p] is 0
 * Flat: 100
 * Source: textbook
 * TA-Lib: ROCR100, the same
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { rocr100 } from '@millrace/indicators'
 * const rate = rocr100(1)
 * rate.update(8)
 * rate.update(10) // => 125
 * ```
 */
export const rocr100 = (period = 10, options: CommonOptions = {}): NumberIndicator => new Rocr100({ ...options, period })

/** Batch form of {@link rocr100}: as long as its input, NaN in the warm-up. */
export const rocr100Batch = (close: Series, period = 10, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(ROCR100, close, options)
  const result = target(ROCR100, out, x)
  const one = new Rocr100({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
