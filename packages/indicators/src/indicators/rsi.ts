import { fade, Scalar } from '../lib/base.ts'
import { type Series, series, target } from '../lib/columns.ts'
import { LONG } from '../lib/params.ts'
import { RsiLine, runRsi } from '../lib/rsi-line.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const RSI: Description = {
  name: 'rsi',
  title: 'Relative Strength Index',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG }, flat: { kind: 'number', default: 50, min: 0, max: 100 } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  range: [0, 100],
  levels: [30, 70],
  complexity: 'O(1)',
}

/** Options of {@link rsi}. */
export interface RsiOptions extends CommonOptions {
  /** The value while no price has moved: 50 (default); TA-Lib says 0, TradingView 100. */
  readonly flat?: number
}

class Rsi extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  readonly line: RsiLine

  constructor(options: RsiOptions & { period?: number }) {
    super(RSI, options)
    const { period, flat } = this.read<{ period: number; flat: number }>()
    this.warmup = period
    this.line = new RsiLine(period, flat)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 1 / this.warmup, epsilon)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.line.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.line.step(x, false) : this.refuse(x)
  }
}

/**
 * Wilder's Relative Strength Index, 0 to 100. Average gain and loss start as the mean of the first `period` changes and then move by 1/period (Wilder's
 * smoothing).
 *
 * Formula: 100 wilder(gain, p) / (wilder(gain, p) + wilder(loss, p))
 * Flat: 50 (option `flat`) until a price has moved
 * Source: Wilder 1978
 * TA-Lib: RSI, the same, flat 0
 * TradingView: ta.rsi, the same, flat 100
 *
 * @example
 * ```ts
 * import { rsi } from '@millrace/indicators'
 * const strength = rsi(2)
 * strength.update(10)
 * strength.update(11)
 * strength.update(10) // => 50
 * strength.update(11) // => 75
 * ```
 */
export const rsi = (period = 14, options: RsiOptions = {}): NumberIndicator => new Rsi({ ...options, period })

/** Batch form of {@link rsi}: as long as its input, NaN in the warm-up. */
export const rsiBatch = (close: Series, period = 14, out?: Float64Array, options: RsiOptions = {}): Float64Array => {
  const x = series(RSI, close, options, 'close', period + 1)
  const result = target(RSI, out, x)
  let one = new Rsi({ ...options, period })
  const start = Math.min(one.warmup + 1, x.length)
  for (let i = 0; i < start; i++) result[i] = one.update(x[i]!)
  if (start === x.length || (Number.isFinite(one.value) && runRsi(one.line, x, start, result))) return result
  series(RSI, x, options)
  one = new Rsi({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
