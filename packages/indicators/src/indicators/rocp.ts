import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { Delay } from '../lib/delay.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const ROCP: Description = {
  name: 'rocp',
  title: 'Rate of Change, Fraction',
  params: { period: { kind: 'integer', default: 10, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  levels: [0],
  complexity: 'O(1)',
}

class Rocp extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly delay: Delay

  constructor(options: CommonOptions & { period?: number }) {
    super(ROCP, options)
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
    return past === 0 ? 0 : (x - past) / past
  }
}

/**
 * Rate of Change, Fraction against the input `period` steps ago, as a fraction.
 *
 * Formula: (x - x[-p]) / x[-p]; 0 where x[-p] is 0
 * Flat: 0
 * Source: textbook
 * TA-Lib: ROCP, the same
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { rocp } from '@millrace/indicators'
 * const rate = rocp(1)
 * rate.update(8)
 * rate.update(10) // => 0.25
 * ```
 */
export const rocp = (period = 10, options: CommonOptions = {}): NumberIndicator => new Rocp({ ...options, period })

/** Batch form of {@link rocp}: as long as its input, NaN in the warm-up. */
export const rocpBatch = (close: Series, period = 10, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(ROCP, close, options)
  const result = target(ROCP, out, x)
  const one = new Rocp({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
