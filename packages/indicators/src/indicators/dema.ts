import { fade, Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { type EmaLine, emaLine, feed } from '../lib/ema-line.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const DEMA: Description = {
  name: 'dema',
  title: 'Double Exponential Moving Average',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Dema extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly first: EmaLine
  private readonly second: EmaLine

  constructor(options: CommonOptions & { period?: number }) {
    super(DEMA, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = 2 * (period - 1)
    this.first = emaLine(period)
    this.second = emaLine(period)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + 2 * fade(1 - 2 / (this.read<{ period: number }>().period + 1), epsilon)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const e1 = this.first.step(x, keep)
    const e2 = feed(this.second, e1, keep)
    return 2 * e1 - e2
  }
}

/**
 * Exponential average less the lag of its own average, in the unit of the input.
 *
 * Formula: e1 = ema(x, p); e2 = ema(e1, p); 2 e1 - e2
 * Flat: exactly the input
 * Source: Mulloy 1994
 * TA-Lib: DEMA, the same
 * TradingView: the chart script, the same formula
 *
 * @example
 * ```ts
 * import { dema } from '@millrace/indicators'
 * const average = dema(2)
 * average.update(1)
 * average.update(1)
 * average.update(1) // => 1
 * ```
 */
export const dema = (period = 20, options: CommonOptions = {}): NumberIndicator => new Dema({ ...options, period })

/** Batch form of {@link dema}: as long as its input, NaN in the warm-up. */
export const demaBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(DEMA, close, options)
  const result = target(DEMA, out, x)
  const one = new Dema({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
