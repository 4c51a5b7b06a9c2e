import { fade, Several } from '../lib/base.ts'
import { type Arrays, series, type Series, targets } from '../lib/columns.ts'
import { EmaLine, emaLine } from '../lib/ema-line.ts'
import { LONG } from '../lib/params.ts'
import type { Description, NumberIndicator, RecordOptions } from '../lib/types.ts'

export const MACD_FIX: Description = {
  name: 'macdFix',
  title: 'MACD with Fixed Weights',
  params: { period: { kind: 'integer', default: 9, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['macd', 'signal', 'histogram'],
  pane: 'own',
  levels: [0],
  complexity: 'O(1)',
}

/** Output of {@link macdFix}. */
export interface MacdFixValue {
  macd: number
  signal: number
  histogram: number
}

class MacdFix extends Several<MacdFixValue> implements NumberIndicator<MacdFixValue> {
  readonly input = 'close'
  readonly warmup: number
  private readonly fast: EmaLine
  private readonly slow: EmaLine
  private readonly signal: EmaLine

  constructor(options: RecordOptions & { period?: number }) {
    super(MACD_FIX, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = 24 + period
    this.fast = new EmaLine(0.15, 12, 14)
    this.slow = new EmaLine(0.075, 26)
    this.signal = emaLine(period)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 0.075, epsilon) + fade(1 - 2 / (this.warmup - 23), epsilon)
  }

  update(x: number): MacdFixValue {
    const out = Number.isFinite(x) ? this.step(x, true, this.value) : this.refuse(x, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(x: number): MacdFixValue {
    const out = Number.isFinite(x) ? this.step(x, false, this.scratch) : this.refuse(x, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(x: number, keep: boolean, out: MacdFixValue): MacdFixValue {
    const macd = this.fast.step(x, keep) - this.slow.step(x, keep)
    const signal = macd === macd ? this.signal.step(macd, keep) : NaN
    out.macd = signal === signal ? macd : NaN
    out.signal = signal
    out.histogram = macd - signal
    return out
  }
}

/**
 * MACD(12, 26) with the rounded weights 0.15 and 0.075 of its inventor; in the unit of the input.
 *
 * Formula: as macd with those two weights; the fast average starts together with the slow one
 * Flat: exactly 0
 * Source: Appel 1979
 * TA-Lib: MACDFIX, the same
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { macdFix } from '@millrace/indicators'
 * const m = macdFix(1)
 * for (let i = 0; i < 26; i++) m.update(5)
 * m.value.macd // => 0
 * ```
 */
export const macdFix = (period = 9, options: RecordOptions = {}): NumberIndicator<MacdFixValue> => new MacdFix({ ...options, period })

/** Batch form of {@link macdFix}: as long as its input, NaN in the warm-up. */
export const macdFixBatch = (close: Series, period = 9, out?: Arrays<MacdFixValue>, options: RecordOptions = {}): Arrays<MacdFixValue> => {
  const x = series(MACD_FIX, close, options)
  const result = targets<MacdFixValue>(MACD_FIX, out, x)
  const one = new MacdFix({ ...options, period })
  for (let i = 0; i < x.length; i++) {
    const v = one.update(x[i]!)
    result.macd[i] = v.macd
    result.signal[i] = v.signal
    result.histogram[i] = v.histogram
  }
  return result
}
