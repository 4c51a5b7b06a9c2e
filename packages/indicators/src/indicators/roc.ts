import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { Delay } from '../lib/delay.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const ROC: Description = {
  name: 'roc',
  title: 'Rate of Change',
  params: { period: { kind: 'integer', default: 10, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  levels: [0],
  complexity: 'O(1)',
}

class Roc extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly delay: Delay

  constructor(options: CommonOptions & { period?: number }) {
    super(ROC, options)
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
    return past === 0 ? 0 : ((x - past) / past) * 100
  }
}

/**
 * Rate of Change against the input `period` steps ago, in percent.
 *
 * Formula: 100 (x - x[-p]) / x[-p]; 0 where x[-p] is 0
 * Flat: 0
 * Source: textbook
 * TA-Lib: ROC, the same
 * TradingView: ta.roc, the same
 *
 * @example
 * ```ts
 * import { roc } from '@millrace/indicators'
 * const rate = roc(1)
 * rate.update(8)
 * rate.update(10) // => 25
 * ```
 */
export const roc = (period = 10, options: CommonOptions = {}): NumberIndicator => new Roc({ ...options, period })

/** Batch form of {@link roc}: as long as its input, NaN in the warm-up. */
export const rocBatch = (close: Series, period = 10, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(ROC, close, options)
  const result = target(ROC, out, x)
  const one = new Roc({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
