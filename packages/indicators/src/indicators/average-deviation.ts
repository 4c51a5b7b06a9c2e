import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { DeviationWindow } from '../lib/deviation-window.ts'
import { MeanWindow } from '../lib/mean-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const AVERAGE_DEVIATION: Description = {
  name: 'averageDeviation',
  title: 'Average Deviation',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  range: [0, Infinity],
  complexity: 'O(n)',
}

class AverageDeviation extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly mean: MeanWindow
  private readonly window: DeviationWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(AVERAGE_DEVIATION, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.mean = new MeanWindow(period)
    this.window = new DeviationWindow(period)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    return this.window.step(x, this.mean.step(x, keep), keep)
  }
}

/**
 * Mean absolute deviation from the mean of the last `period` inputs, in the unit of the input.
 *
 * Formula: (sum of |x - mean|) / p
 * Flat: exactly 0
 * Source: textbook
 * TA-Lib: AVGDEV, the same
 * TradingView: ta.dev, the same
 *
 * @example
 * ```ts
 * import { averageDeviation } from '@millrace/indicators'
 * const spread = averageDeviation(2)
 * spread.update(1)
 * spread.update(3) // => 1
 * ```
 */
export const averageDeviation = (period = 14, options: CommonOptions = {}): NumberIndicator => new AverageDeviation({ ...options, period })

/** Batch form of {@link averageDeviation}: as long as its input, NaN in the warm-up. */
export const averageDeviationBatch = (close: Series, period = 14, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(AVERAGE_DEVIATION, close, options)
  const result = target(AVERAGE_DEVIATION, out, x)
  const one = new AverageDeviation({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
