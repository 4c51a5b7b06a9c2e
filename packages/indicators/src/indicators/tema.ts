import { fade, Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { type EmaLine, emaLine, feed } from '../lib/ema-line.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const TEMA: Description = {
  name: 'tema',
  title: 'Triple Exponential Moving Average',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Tema extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly first: EmaLine
  private readonly second: EmaLine
  private readonly third: EmaLine

  constructor(options: CommonOptions & { period?: number }) {
    super(TEMA, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = 3 * (period - 1)
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
    return 3 * (e1 - e2) + e3
  }
}

/**
 * Exponential average less the lag of its own averages, in the unit of the input.
 *
 * Formula: e1 = ema(x, p); e2 = ema(e1, p); e3 = ema(e2, p); 3 e1 - 3 e2 + e3
 * Flat: exactly the input
 * Source: Mulloy 1994
 * TA-Lib: TEMA, the same
 * TradingView: the chart script, the same formula
 *
 * @example
 * ```ts
 * import { tema } from '@millrace/indicators'
 * const average = tema(2)
 * for (const x of [1, 1, 1]) average.update(x)
 * average.update(1) // => 1
 * ```
 */
export const tema = (period = 20, options: CommonOptions = {}): NumberIndicator => new Tema({ ...options, period })

/** Batch form of {@link tema}: as long as its input, NaN in the warm-up. */
export const temaBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(TEMA, close, options)
  const result = target(TEMA, out, x)
  const one = new Tema({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
