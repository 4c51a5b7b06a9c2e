import { fade, Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { type EmaLine, emaLine } from '../lib/ema-line.ts'
import { MeanWindow } from '../lib/mean-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'

export const APO: Description = {
  name: 'apo',
  title: 'Absolute Price Oscillator',
  params: {
    fast: { kind: 'integer', default: 12, min: 1, max: LONG },
    slow: { kind: 'integer', default: 26, min: 2, max: LONG },
    average: { kind: 'choice', default: 'ema', choices: ['ema', 'sma'] },
  },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  levels: [0],
  complexity: 'O(1)',
}

/** Options of {@link apo}. */
export interface ApoOptions extends CommonOptions {
  readonly fast?: number
  /** Longer than `fast`. */
  readonly slow?: number
  /** Exponential (default) or simple averages. */
  readonly average?: 'ema' | 'sma'
}

class Apo extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly fast: EmaLine | MeanWindow
  private readonly slow: EmaLine | MeanWindow

  constructor(options: ApoOptions) {
    super(APO, options)
    const { fast, slow, average } = this.read<{ fast: number; slow: number; average: 'ema' | 'sma' }>()
    this.warmup = slow - 1
    if (fast >= slow) throw unexpected('apo: fast', `less than slow (${slow})`, fast)
    this.fast = average === 'ema' ? emaLine(fast) : new MeanWindow(fast)
    this.slow = average === 'ema' ? emaLine(slow) : new MeanWindow(slow)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 2 / (this.warmup + 2), epsilon)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const fast = this.fast.step(x, keep)
    const slow = this.slow.step(x, keep)
    return fast - slow
  }
}

/**
 * Fast less slow moving average, in the unit of the input.
 *
 * Formula: fast average - slow average; each starts with the mean of its own first inputs
 * Flat: exactly 0
 * Source: textbook
 * TA-Lib: APO, the same; its default averages are simple (`average: 'sma'`)
 * TradingView: the chart script, the same with exponential averages
 *
 * @example
 * ```ts
 * import { apo } from '@millrace/indicators'
 * const m = apo({ fast: 1, slow: 2 })
 * m.update(2)
 * m.update(4) // => 1
 * ```
 */
export const apo = (options: ApoOptions = {}): NumberIndicator => new Apo(options)

/** Batch form of {@link apo}: as long as its input, NaN in the warm-up. */
export const apoBatch = (close: Series, options: ApoOptions = {}, out?: Float64Array): Float64Array => {
  const x = series(APO, close, options)
  const result = target(APO, out, x)
  const one = new Apo(options)
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
