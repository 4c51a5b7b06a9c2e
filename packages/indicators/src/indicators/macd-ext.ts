import { type AverageLine, averageLine, type AverageType } from '../lib/average-line.ts'
import { fade, Several } from '../lib/base.ts'
import { type Arrays, series, type Series, targets } from '../lib/columns.ts'
import { LONG } from '../lib/params.ts'
import type { Description, NumberIndicator, RecordOptions } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'

export const MACD_EXT: Description = {
  name: 'macdExt',
  title: 'MACD with Chosen Averages',
  params: {
    fast: { kind: 'integer', default: 12, min: 1, max: LONG },
    slow: { kind: 'integer', default: 26, min: 2, max: LONG },
    signal: { kind: 'integer', default: 9, min: 1, max: LONG },
    fastType: { kind: 'choice', default: 'sma', choices: ['sma', 'ema', 'wma', 'rma'] },
    slowType: { kind: 'choice', default: 'sma', choices: ['sma', 'ema', 'wma', 'rma'] },
    signalType: { kind: 'choice', default: 'sma', choices: ['sma', 'ema', 'wma', 'rma'] },
  },
  inputs: ['close'],
  outputs: ['macd', 'signal', 'histogram'],
  pane: 'own',
  levels: [0],
  complexity: 'O(1)',
}

/** Output of {@link macdExt}. */
export interface MacdExtValue {
  macd: number
  signal: number
  histogram: number
}

/** Options of {@link macdExt}. */
export interface MacdExtOptions extends RecordOptions {
  readonly fast?: number
  /** Longer than `fast`. */
  readonly slow?: number
  readonly signal?: number
  readonly fastType?: AverageType
  readonly slowType?: AverageType
  readonly signalType?: AverageType
}

class MacdExt extends Several<MacdExtValue> implements NumberIndicator<MacdExtValue> {
  readonly input = 'close'
  readonly warmup: number
  private readonly fast: AverageLine
  private readonly slow: AverageLine
  private readonly signal: AverageLine

  constructor(options: MacdExtOptions) {
    super(MACD_EXT, options)
    const { fast, slow, signal, fastType, slowType, signalType } = this.read<{
      fast: number
      slow: number
      signal: number
      fastType: 'sma' | 'ema' | 'wma' | 'rma'
      slowType: 'sma' | 'ema' | 'wma' | 'rma'
      signalType: 'sma' | 'ema' | 'wma' | 'rma'
    }>()
    this.warmup = slow + signal - 2
    if (fast >= slow) throw unexpected('macdExt: fast', `less than slow (${slow})`, fast)
    this.fast = averageLine(fastType, fast)
    this.slow = averageLine(slowType, slow)
    this.signal = averageLine(signalType, signal)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 1 / this.read<{ slow: number }>().slow, epsilon) + fade(1 - 1 / this.read<{ signal: number }>().signal, epsilon)
  }

  update(x: number): MacdExtValue {
    const out = Number.isFinite(x) ? this.step(x, true, this.value) : this.refuse(x, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(x: number): MacdExtValue {
    const out = Number.isFinite(x) ? this.step(x, false, this.scratch) : this.refuse(x, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(x: number, keep: boolean, out: MacdExtValue): MacdExtValue {
    const macd = this.fast.step(x, keep) - this.slow.step(x, keep)
    const signal = macd === macd ? this.signal.step(macd, keep) : NaN
    out.macd = signal === signal ? macd : NaN
    out.signal = signal
    out.histogram = macd - signal
    return out
  }
}

/**
 * MACD with a chosen moving average for each of its three lines; in the unit of the input.
 *
 * Formula: macd = average(x, fast) - average(x, slow); signal = average(macd, signal); histogram = macd - signal; each average starts with its own first
 * inputs
 * Flat: exactly 0
 * Source: TA-Lib
 * TA-Lib: MACDEXT with simple averages (its default), the same; with exponential ones it starts them together
 * TradingView: the chart script offers the same choice
 *
 * @example
 * ```ts
 * import { macdExt } from '@millrace/indicators'
 * const m = macdExt({ fast: 1, slow: 2, signal: 1 })
 * m.update(1)
 * m.update(3).macd // => 1
 * ```
 */
export const macdExt = (options: MacdExtOptions = {}): NumberIndicator<MacdExtValue> => new MacdExt(options)

/** Batch form of {@link macdExt}: as long as its input, NaN in the warm-up. */
export const macdExtBatch = (close: Series, options: MacdExtOptions = {}, out?: Arrays<MacdExtValue>): Arrays<MacdExtValue> => {
  const x = series(MACD_EXT, close, options)
  const result = targets<MacdExtValue>(MACD_EXT, out, x)
  const one = new MacdExt(options)
  for (let i = 0; i < x.length; i++) {
    const v = one.update(x[i]!)
    result.macd[i] = v.macd
    result.signal[i] = v.signal
    result.histogram[i] = v.histogram
  }
  return result
}
