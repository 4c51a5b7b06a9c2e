import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { ExtremeAge } from '../lib/extreme-age.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const HIGHEST_BARS: Description = {
  name: 'highestBars',
  title: 'Highest Value Bars Back',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  complexity: 'O(1)',
}

class HighestBars extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly window: ExtremeAge

  constructor(options: CommonOptions & { period?: number }) {
    super(HIGHEST_BARS, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.window = new ExtremeAge(period, 1, false)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    return 0 - this.window.step(x, keep)
  }
}

/**
 * Offset of the highest of the last `period` inputs: 0 for the newest, -1 for the one before. Of equal extremes the oldest counts.
 *
 * Formula: place of max(x[0], ..., x[-p+1]) less the place of x[0]
 * Flat: -(period - 1)
 * Source: textbook; blocks of van Herk 1992
 * TA-Lib: MAXINDEX less the index of the candle; of equal extremes TA-Lib takes the oldest or the newest, depending on its past
 * TradingView: ta.highestbars, the same sign; which of two equal extremes counts was not checked
 *
 * @example
 * ```ts
 * import { highestBars } from '@millrace/indicators'
 * const place = highestBars(3)
 * place.update(5)
 * place.update(3)
 * place.update(4) // => -2
 * ```
 */
export const highestBars = (period = 20, options: CommonOptions = {}): NumberIndicator => new HighestBars({ ...options, period })

/** Batch form of {@link highestBars}: as long as its input, NaN in the warm-up. */
export const highestBarsBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(HIGHEST_BARS, close, options)
  const result = target(HIGHEST_BARS, out, x)
  const one = new HighestBars({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
