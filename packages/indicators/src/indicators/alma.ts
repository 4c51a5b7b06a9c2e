import { Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const ALMA: Description = {
  name: 'alma',
  title: 'Arnaud Legoux Moving Average',
  params: {
    period: { kind: 'integer', default: 9, min: 1, max: LONG },
    offset: { kind: 'number', default: 0.85, min: 0, max: 1 },
    sigma: { kind: 'number', default: 6, min: 0.001, max: 1000 },
  },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(n)',
}

/** Options of {@link alma}. */
export interface AlmaOptions extends CommonOptions {
  readonly period?: number
  /** Where the heaviest weight is: 0 the oldest input, 1 the newest; default 0.85. */
  readonly offset?: number
  /** Narrowness of the bell; default 6. */
  readonly sigma?: number
}

class Alma extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly weights: Float64Array
  private readonly buffer: Float64Array
  private at = 0

  constructor(options: AlmaOptions) {
    super(ALMA, options)
    const { period, offset, sigma } = this.read<{ period: number; offset: number; sigma: number }>()
    this.warmup = period - 1
    const width = period / sigma
    const bell = Float64Array.from({ length: period }, (_, i) => Math.exp(-((i - offset * (period - 1)) ** 2) / (2 * width * width)))
    const total = bell.reduce((a, b) => a + b, 0)
    this.weights = bell.map((weight) => weight / total)
    this.buffer = new Float64Array(period).fill(NaN)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const { weights, buffer, at } = this
    const size = buffer.length
    let sum = 0
    let n = 0
    for (let i = at + 1; i < size; i++) sum += weights[n++]! * (buffer[i]! - x)
    for (let i = 0; i < at; i++) sum += weights[n++]! * (buffer[i]! - x)
    if (keep) {
      buffer[at] = x
      this.at = at + 1 === size ? 0 : at + 1
    }
    return x + sum
  }
}

/**
 * Mean with the weights of a bell curve placed at `offset` of the window, in the unit of the input.
 *
 * Formula: m = offset (p - 1); s = p / sigma; weight of the i-th oldest = exp(-(i - m)^2 / (2 s^2))
 * Flat: exactly the input
 * Source: Legoux and Kouzis-Loukas 2009
 * TA-Lib: none
 * TradingView: ta.alma (floor = false), the same
 *
 * @example
 * ```ts
 * import { alma } from '@millrace/indicators'
 * const average = alma({ period: 3 })
 * for (const x of [1, 1]) average.update(x)
 * average.update(1) // => 1
 * ```
 */
export const alma = (options: AlmaOptions = {}): NumberIndicator => new Alma(options)

/** Batch form of {@link alma}: as long as its input, NaN in the warm-up. */
export const almaBatch = (close: Series, options: AlmaOptions = {}, out?: Float64Array): Float64Array => {
  const x = series(ALMA, close, options)
  const result = target(ALMA, out, x)
  const one = new Alma(options)
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
