import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { MomentsWindow } from '../lib/moments-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const VARIANCE: Description = {
  name: 'variance',
  title: 'Variance',
  params: {
    period: { kind: 'integer', default: 20, min: 2, max: LONG },
    of: { kind: 'choice', default: 'population', choices: ['population', 'sample'] },
  },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  range: [0, Infinity],
  complexity: 'O(1)',
}

/** Options of {@link variance}. */
export interface VarianceOptions extends CommonOptions {
  /** Divide by `period` (default) or by `period - 1`. */
  readonly of?: 'population' | 'sample'
}

class Variance extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly window: MomentsWindow
  private readonly divisor: number

  constructor(options: VarianceOptions & { period?: number }) {
    super(VARIANCE, options)
    const { period, of } = this.read<{ period: number; of: 'population' | 'sample' }>()
    this.warmup = period - 1
    this.window = new MomentsWindow(period)
    this.divisor = of === 'sample' ? period - 1 : period
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const m2 = this.window.step(x, keep).m2
    return m2 / this.divisor
  }
}

/**
 * Variance of the last `period` inputs, in the square of the unit of the input; never negative.
 *
 * Formula: (sum of (x - mean)^2) / p, or / (p - 1) with `of: 'sample'`
 * Flat: exactly 0
 * Source: Welford 1962; merging by Chan, Golub, LeVeque 1979
 * TA-Lib: VAR (population), which turns small variances into 0; this one does not
 * TradingView: ta.variance, the same (biased = population)
 *
 * @example
 * ```ts
 * import { variance } from '@millrace/indicators'
 * const spread = variance(4)
 * spread.update(1)
 * spread.update(1)
 * spread.update(5)
 * spread.update(5) // => 4
 * ```
 */
export const variance = (period = 20, options: VarianceOptions = {}): NumberIndicator => new Variance({ ...options, period })

/** Batch form of {@link variance}: as long as its input, NaN in the warm-up. */
export const varianceBatch = (close: Series, period = 20, out?: Float64Array, options: VarianceOptions = {}): Float64Array => {
  const x = series(VARIANCE, close, options)
  const result = target(VARIANCE, out, x)
  const one = new Variance({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
