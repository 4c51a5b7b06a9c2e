import { fade, Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { emaLine, type EmaLine, runEma } from '../lib/ema-line.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const EMA: Description = {
  name: 'ema',
  title: 'Exponential Moving Average',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Ema extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  readonly line: EmaLine

  constructor(options: CommonOptions & { period?: number }) {
    super(EMA, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.line = emaLine(period)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 2 / (this.warmup + 2), epsilon)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.line.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.line.step(x, false) : this.refuse(x)
  }
}

/**
 * Exponential average, in the unit of the input: weight 2/(period+1), seeded with the mean of the first `period` inputs.
 *
 * Formula: seed = mean of the first p inputs; ema += (x - ema) 2 / (p + 1)
 * Flat: exactly the input
 * Source: textbook
 * TA-Lib: EMA, the same
 * TradingView: ta.ema, the same
 *
 * @example
 * ```ts
 * import { ema } from '@millrace/indicators'
 * const average = ema(3)
 * average.update(1)
 * average.update(2)
 * average.update(6) // => 3
 * average.update(5) // => 4
 * ```
 */
export const ema = (period = 20, options: CommonOptions = {}): NumberIndicator => new Ema({ ...options, period })

/** Batch form of {@link ema}: as long as its input, NaN in the warm-up. */
export const emaBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(EMA, close, options, 'close', period)
  const result = target(EMA, out, x)
  let one = new Ema({ ...options, period })
  const start = Math.min(one.warmup + 1, x.length)
  for (let i = 0; i < start; i++) result[i] = one.update(x[i]!)
  if (runEma(one.line, x, start, result)) return result
  series(EMA, x, options)
  one = new Ema({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
