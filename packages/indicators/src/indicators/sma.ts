import { Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { MeanWindow, runMean } from '../lib/mean-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const SMA: Description = {
  name: 'sma',
  title: 'Simple Moving Average',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Sma extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly window: MeanWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(SMA, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.window = new MeanWindow(period)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.window.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.window.step(x, false) : this.refuse(x)
  }
}

/**
 * Mean of the last `period` inputs, in the unit of the input. It never drifts.
 *
 * Formula: (x[0] + ... + x[-p+1]) / p
 * Flat: exactly the input
 * Source: textbook
 * TA-Lib: SMA, the same up to its drift
 * TradingView: ta.sma, the same
 *
 * @example
 * ```ts
 * import { sma } from '@millrace/indicators'
 * const average = sma(3)
 * average.update(1)
 * average.update(2)
 * average.update(6) // => 3
 * ```
 */
export const sma = (period = 20, options: CommonOptions = {}): NumberIndicator => new Sma({ ...options, period })

/** Batch form of {@link sma}: as long as its input, NaN in the warm-up. */
export const smaBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(SMA, close, options, 'close', 0)
  const result = target(SMA, out, x)
  const one = new Sma({ ...options, period })
  if (runMean(x, period, result)) return result
  series(SMA, x, options)
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
