import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { ExtremeWindow } from '../lib/extreme-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const MIDPOINT: Description = {
  name: 'midpoint',
  title: 'Midpoint',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Midpoint extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly high: ExtremeWindow
  private readonly low: ExtremeWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(MIDPOINT, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.high = new ExtremeWindow(period, 1)
    this.low = new ExtremeWindow(period, -1)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    return (this.high.step(x, keep) + this.low.step(x, keep)) / 2
  }
}

/**
 * Middle of the highest and the lowest of the last `period` inputs, in the unit of the input.
 *
 * Formula: (highest(x, p) + lowest(x, p)) / 2
 * Flat: exactly the input
 * Source: TA-Lib
 * TA-Lib: MIDPOINT, the same
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { midpoint } from '@millrace/indicators'
 * const m = midpoint(2)
 * m.update(4)
 * m.update(1) // => 2.5
 * ```
 */
export const midpoint = (period = 14, options: CommonOptions = {}): NumberIndicator => new Midpoint({ ...options, period })

/** Batch form of {@link midpoint}: as long as its input, NaN in the warm-up. */
export const midpointBatch = (close: Series, period = 14, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(MIDPOINT, close, options)
  const result = target(MIDPOINT, out, x)
  const one = new Midpoint({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
