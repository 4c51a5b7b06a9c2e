import { fade, Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { type EmaLine, wilderLine } from '../lib/ema-line.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const RMA: Description = {
  name: 'rma',
  title: 'Wilder Moving Average',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Rma extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly line: EmaLine

  constructor(options: CommonOptions & { period?: number }) {
    super(RMA, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.line = wilderLine(period)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 1 / (this.warmup + 1), epsilon)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.line.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.line.step(x, false) : this.refuse(x)
  }
}

/**
 * Wilder's moving average, in the unit of the input: weight 1/period.
 *
 * Formula: seed = mean of the first p inputs; rma += (x - rma) / p
 * Flat: exactly the input
 * Source: Wilder 1978
 * TA-Lib: inside ATR and RSI only
 * TradingView: ta.rma, the same
 *
 * @example
 * ```ts
 * import { rma } from '@millrace/indicators'
 * const average = rma(2)
 * average.update(1)
 * average.update(3) // => 2
 * average.update(4) // => 3
 * ```
 */
export const rma = (period = 14, options: CommonOptions = {}): NumberIndicator => new Rma({ ...options, period })

/** Batch form of {@link rma}: as long as its input, NaN in the warm-up. */
export const rmaBatch = (close: Series, period = 14, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(RMA, close, options)
  const result = target(RMA, out, x)
  const one = new Rma({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
