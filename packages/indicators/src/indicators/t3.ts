import { fade, Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { type EmaLine, emaLine, feed } from '../lib/ema-line.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const T3: Description = {
  name: 't3',
  title: 'T3 Moving Average',
  params: { period: { kind: 'integer', default: 5, min: 1, max: LONG }, factor: { kind: 'number', default: 0.7, min: 0, max: 1 } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Options of {@link t3}. */
export interface TillsonOptions extends CommonOptions {
  /** Volume factor: 0 is a plain triple average, 1 a triple DEMA; default 0.7. */
  readonly factor?: number
}

class Tillson extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly line1: EmaLine
  private readonly line2: EmaLine
  private readonly line3: EmaLine
  private readonly line4: EmaLine
  private readonly line5: EmaLine
  private readonly line6: EmaLine
  private readonly factor: number

  constructor(options: TillsonOptions & { period?: number }) {
    super(T3, options)
    const { period, factor } = this.read<{ period: number; factor: number }>()
    this.warmup = 6 * (period - 1)
    this.line1 = emaLine(period)
    this.line2 = emaLine(period)
    this.line3 = emaLine(period)
    this.line4 = emaLine(period)
    this.line5 = emaLine(period)
    this.line6 = emaLine(period)
    this.factor = factor
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + 6 * fade(1 - 2 / (this.read<{ period: number }>().period + 1), epsilon)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const { factor } = this
    const e1 = this.line1.step(x, keep)
    const e2 = feed(this.line2, e1, keep)
    const e3 = feed(this.line3, e2, keep)
    const e4 = feed(this.line4, e3, keep)
    const e5 = feed(this.line5, e4, keep)
    const e6 = feed(this.line6, e5, keep)
    // Differences only, so that flat input gives exactly that input.
    return e3 + factor * (3 * (e3 - e4) + factor * (3 * (e3 - 2 * e4 + e5) + factor * (e3 - 3 * e4 + 3 * e5 - e6)))
  }
}

/**
 * Tillson's average: a sixfold exponential average with the lag taken out by the volume factor `factor`; in the unit of the input.
 *
 * Formula: gd(x) = (1 + v) ema(x) - v ema(ema(x)); t3 = gd(gd(gd(x)))
 * Flat: exactly the input
 * Source: Tillson 1998
 * TA-Lib: T3, the same
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { t3 } from '@millrace/indicators'
 * const average = t3(1)
 * average.update(7) // => 7
 * ```
 */
export const t3 = (period = 5, options: TillsonOptions = {}): NumberIndicator => new Tillson({ ...options, period })

/** Batch form of {@link t3}: as long as its input, NaN in the warm-up. */
export const t3Batch = (close: Series, period = 5, out?: Float64Array, options: TillsonOptions = {}): Float64Array => {
  const x = series(T3, close, options)
  const result = target(T3, out, x)
  const one = new Tillson({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
