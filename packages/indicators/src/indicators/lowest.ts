import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { ExtremeWindow } from '../lib/extreme-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const LOWEST: Description = {
  name: 'lowest',
  title: 'Lowest Value',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Lowest extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly window: ExtremeWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(LOWEST, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.window = new ExtremeWindow(period, -1)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.window.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.window.step(x, false) : this.refuse(x)
  }
}

/**
 * Lowest of the last `period` inputs, in the unit of the input.
 *
 * Formula: min(x[0], ..., x[-p+1])
 * Flat: exactly the input
 * Source: textbook; blocks of van Herk 1992
 * TA-Lib: MIN, the same
 * TradingView: ta.lowest, the same
 *
 * @example
 * ```ts
 * import { lowest } from '@millrace/indicators'
 * const extreme = lowest(2)
 * extreme.update(5)
 * extreme.update(3)
 * extreme.update(4) // => 3
 * ```
 */
export const lowest = (period = 20, options: CommonOptions = {}): NumberIndicator => new Lowest({ ...options, period })

/** Batch form of {@link lowest}: as long as its input, NaN in the warm-up. */
export const lowestBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(LOWEST, close, options)
  const result = target(LOWEST, out, x)
  const one = new Lowest({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
