import { fade, Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { type EmaLine, emaLine, feed } from '../lib/ema-line.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const TRIX: Description = {
  name: 'trix',
  title: 'Triple Exponential Rate of Change',
  params: { period: { kind: 'integer', default: 30, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  levels: [0],
  complexity: 'O(1)',
}

class Trix extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly first: EmaLine
  private readonly second: EmaLine
  private readonly third: EmaLine
  private last = NaN

  constructor(options: CommonOptions & { period?: number }) {
    super(TRIX, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = 3 * (period - 1) + 1
    this.first = emaLine(period)
    this.second = emaLine(period)
    this.third = emaLine(period)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + 3 * fade(1 - 2 / (this.read<{ period: number }>().period + 1), epsilon)
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
    const e3 = feed(this.third, e2, keep)
    const last = this.last
    if (keep) this.last = e3
    return last === 0 ? 0 : (100 * (e3 - last)) / last
  }
}

/**
 * One-step rate of change of a triple exponential average, in percent.
 *
 * Formula: e3 = ema(ema(ema(x, p), p), p); 100 (e3 - e3[-1]) / e3[-1]; 0 where e3[-1] is 0
 * Flat: exactly 0
 * Source: Hutson 1983
 * TA-Lib: TRIX, the same
 * TradingView: the chart script takes 10000 times the change of the average of log(price), as generally known; not checked
 *
 * @example
 * ```ts
 * import { trix } from '@millrace/indicators'
 * const rate = trix(1)
 * rate.update(8)
 * rate.update(10) // => 25
 * ```
 */
export const trix = (period = 30, options: CommonOptions = {}): NumberIndicator => new Trix({ ...options, period })

/** Batch form of {@link trix}: as long as its input, NaN in the warm-up. */
export const trixBatch = (close: Series, period = 30, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(TRIX, close, options)
  const result = target(TRIX, out, x)
  const one = new Trix({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
