import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { Delay } from '../lib/delay.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const MOM: Description = {
  name: 'mom',
  title: 'Momentum',
  params: { period: { kind: 'integer', default: 10, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  levels: [0],
  complexity: 'O(1)',
}

class Mom extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly delay: Delay

  constructor(options: CommonOptions & { period?: number }) {
    super(MOM, options)
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
    return x - this.delay.step(x, keep)
  }
}

/**
 * Difference to the input `period` steps ago, in the unit of the input.
 *
 * Formula: x - x[-p]
 * Flat: 0
 * Source: textbook
 * TA-Lib: MOM, the same
 * TradingView: ta.mom, the same
 *
 * @example
 * ```ts
 * import { mom } from '@millrace/indicators'
 * const difference = mom(1)
 * difference.update(5)
 * difference.update(7) // => 2
 * ```
 */
export const mom = (period = 10, options: CommonOptions = {}): NumberIndicator => new Mom({ ...options, period })

/** Batch form of {@link mom}: as long as its input, NaN in the warm-up. */
export const momBatch = (close: Series, period = 10, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(MOM, close, options)
  const result = target(MOM, out, x)
  const one = new Mom({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
