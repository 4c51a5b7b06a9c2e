import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { ExtremeWindow } from '../lib/extreme-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const HIGHEST: Description = {
  name: 'highest',
  title: 'Highest Value',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Highest extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly window: ExtremeWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(HIGHEST, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.window = new ExtremeWindow(period, 1)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.window.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.window.step(x, false) : this.refuse(x)
  }
}

/**
 * Highest of the last `period` inputs, in the unit of the input.
 *
 * Formula: max(x[0], ..., x[-p+1])
 * Flat: exactly the input
 * Source: textbook; blocks of van Herk 1992
 * TA-Lib: MAX, the same
 * TradingView: ta.highest, the same
 *
 * @example
 * ```ts
 * import { highest } from '@millrace/indicators'
 * const extreme = highest(2)
 * extreme.update(5)
 * extreme.update(3)
 * extreme.update(4) // => 4
 * ```
 */
export const highest = (period = 20, options: CommonOptions = {}): NumberIndicator => new Highest({ ...options, period })

/** Batch form of {@link highest}: as long as its input, NaN in the warm-up. */
export const highestBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(HIGHEST, close, options)
  const result = target(HIGHEST, out, x)
  const one = new Highest({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
