import { fade, Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { type EmaLine, emaLine } from '../lib/ema-line.ts'
import { MeanWindow } from '../lib/mean-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'

export const PPO: Description = {
  name: 'ppo',
  title: 'Percentage Price Oscillator',
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

/** Options of {@link ppo}. */
export interface PpoOptions extends CommonOptions {
  readonly fast?: number
  /** Longer than `fast`. */
  readonly slow?: number
  /** Exponential (default) or simple averages. */
  readonly average?: 'ema' | 'sma'
}

class Ppo extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly fast: EmaLine | MeanWindow
  private readonly slow: EmaLine | MeanWindow

  constructor(options: PpoOptions) {
    super(PPO, options)
    const { fast, slow, average } = this.read<{ fast: number; slow: number; average: 'ema' | 'sma' }>()
    this.warmup = slow - 1
    if (fast >= slow) throw unexpected('ppo: fast', `less than slow (${slow})`, fast)
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
    return slow === 0 ? 0 : (100 * (fast - slow)) / slow
  }
}

/**
 * Fast less slow moving average, in percent of the slow one.
 *
 * Formula: 100 (fast average - slow average) / slow average; 0 where that is 0; each starts with the mean of its own first inputs
 * Flat: exactly 0
 * Source: textbook
 * TA-Lib: PPO, the same; its default averages are simple (`average: 'sma'`)
 * TradingView: the chart script, the same with exponential averages
 *
 * @example
 * ```ts
 * import { ppo } from '@millrace/indicators'
 * const m = ppo({ fast: 1, slow: 2 })
 * m.update(1)
 * m.update(3) // => 50
 * ```
 */
export const ppo = (options: PpoOptions = {}): NumberIndicator => new Ppo(options)

/** Batch form of {@link ppo}: as long as its input, NaN in the warm-up. */
export const ppoBatch = (close: Series, options: PpoOptions = {}, out?: Float64Array): Float64Array => {
  const x = series(PPO, close, options)
  const result = target(PPO, out, x)
  const one = new Ppo(options)
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
