import { fade, Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { Delay } from '../lib/delay.ts'
import { type EmaLine, emaLine } from '../lib/ema-line.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const ZLEMA: Description = {
  name: 'zlema',
  title: 'Zero-Lag Exponential Moving Average',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Zlema extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly delay: Delay
  private readonly line: EmaLine

  constructor(options: CommonOptions & { period?: number }) {
    super(ZLEMA, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1 + Math.floor((period - 1) / 2)
    this.delay = new Delay(Math.floor((period - 1) / 2))
    this.line = emaLine(period)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 2 / (this.read<{ period: number }>().period + 1), epsilon)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const past = this.delay.step(x, keep)
    return past === past ? this.line.step(2 * x - past, keep) : NaN
  }
}

/**
 * Exponential average of the input plus its recent change, in the unit of the input.
 *
 * Formula: lag = (p - 1) / 2, rounded down; ema(2 x - x[-lag], p)
 * Flat: exactly the input
 * Source: Ehlers and Way 2010
 * TA-Lib: none
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { zlema } from '@millrace/indicators'
 * const average = zlema(3)
 * for (const x of [1, 1, 1]) average.update(x)
 * average.update(1) // => 1
 * ```
 */
export const zlema = (period = 20, options: CommonOptions = {}): NumberIndicator => new Zlema({ ...options, period })

/** Batch form of {@link zlema}: as long as its input, NaN in the warm-up. */
export const zlemaBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(ZLEMA, close, options)
  const result = target(ZLEMA, out, x)
  const one = new Zlema({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
