import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { MomentsWindow } from '../lib/moments-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const STDEV: Description = {
  name: 'stdev',
  title: 'Standard Deviation',
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

/** Options of {@link stdev}. */
export interface StdevOptions extends CommonOptions {
  /** Divide by `period` (default) or by `period - 1`. */
  readonly of?: 'population' | 'sample'
}

class Stdev extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly window: MomentsWindow
  private readonly divisor: number

  constructor(options: StdevOptions & { period?: number }) {
    super(STDEV, options)
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
    return Math.sqrt(m2 / this.divisor)
  }
}

/**
 * Standard Deviation of the last `period` inputs, in the unit of the input; never negative.
 *
 * Formula: square root of (sum of (x - mean)^2) / p, or / (p - 1) with `of: 'sample'`
 * Flat: exactly 0
 * Source: Welford 1962; merging by Chan, Golub, LeVeque 1979
 * TA-Lib: STDDEV (population), which turns small variances into 0; this one does not
 * TradingView: ta.stdev, the same (biased = population)
 *
 * @example
 * ```ts
 * import { stdev } from '@millrace/indicators'
 * const spread = stdev(4)
 * spread.update(1)
 * spread.update(1)
 * spread.update(5)
 * spread.update(5) // => 2
 * ```
 */
export const stdev = (period = 20, options: StdevOptions = {}): NumberIndicator => new Stdev({ ...options, period })

/** Batch form of {@link stdev}: as long as its input, NaN in the warm-up. */
export const stdevBatch = (close: Series, period = 20, out?: Float64Array, options: StdevOptions = {}): Float64Array => {
  const x = series(STDEV, close, options)
  const result = target(STDEV, out, x)
  const one = new Stdev({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
