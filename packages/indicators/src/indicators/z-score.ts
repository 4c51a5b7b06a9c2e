import { Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { MomentsWindow } from '../lib/moments-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const Z_SCORE: Description = {
  name: 'zScore',
  title: 'Z-Score',
  params: { period: { kind: 'integer', default: 20, min: 2, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  levels: [-2, 0, 2],
  complexity: 'O(1)',
}

class ZScore extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly window: MomentsWindow
  private readonly period: number

  constructor(options: CommonOptions & { period?: number }) {
    super(Z_SCORE, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.window = new MomentsWindow(period)
    this.period = period
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const { mean, m2 } = this.window.step(x, keep)
    return m2 === 0 ? 0 : (x - mean) / Math.sqrt(m2 / this.period)
  }
}

/**
 * Distance of the input from the mean of the last `period` inputs, in standard deviations of the population.
 *
 * Formula: (x - mean) / stdev
 * Flat: 0
 * Source: textbook
 * TA-Lib: none
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { zScore } from '@millrace/indicators'
 * const score = zScore(2)
 * score.update(1)
 * score.update(3) // => 1
 * ```
 */
export const zScore = (period = 20, options: CommonOptions = {}): NumberIndicator => new ZScore({ ...options, period })

/** Batch form of {@link zScore}: as long as its input, NaN in the warm-up. */
export const zScoreBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(Z_SCORE, close, options)
  const result = target(Z_SCORE, out, x)
  const one = new ZScore({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
