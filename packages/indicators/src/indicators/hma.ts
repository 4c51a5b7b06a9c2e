import { Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'
import { WmaLine } from '../lib/wma-line.ts'

export const HMA: Description = {
  name: 'hma',
  title: 'Hull Moving Average',
  params: { period: { kind: 'integer', default: 20, min: 2, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

class Hma extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly half: WmaLine
  private readonly whole: WmaLine
  private readonly smooth: WmaLine

  constructor(options: CommonOptions & { period?: number }) {
    super(HMA, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period + Math.floor(Math.sqrt(period)) - 2
    this.half = new WmaLine(Math.floor(period / 2))
    this.whole = new WmaLine(period)
    this.smooth = new WmaLine(Math.floor(Math.sqrt(period)))
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const half = this.half.step(x, keep)
    const whole = this.whole.step(x, keep)
    if (whole !== whole) return NaN
    return this.smooth.step(2 * half - whole, keep)
  }
}

/**
 * Weighted average with most of its lag removed, in the unit of the input.
 *
 * Formula: wma(2 wma(x, p / 2) - wma(x, p), sqrt(p)), both lengths rounded down
 * Flat: exactly the input
 * Source: Hull 2005
 * TA-Lib: none
 * TradingView: ta.hma, the same
 *
 * @example
 * ```ts
 * import { hma } from '@millrace/indicators'
 * const average = hma(2)
 * average.update(1)
 * average.update(4) // => 5
 * ```
 */
export const hma = (period = 20, options: CommonOptions = {}): NumberIndicator => new Hma({ ...options, period })

/** Batch form of {@link hma}: as long as its input, NaN in the warm-up. */
export const hmaBatch = (close: Series, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(HMA, close, options)
  const result = target(HMA, out, x)
  const one = new Hma({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
