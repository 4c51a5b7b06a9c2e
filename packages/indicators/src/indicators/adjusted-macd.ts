import { AdjustedLine } from '../lib/adjusted-line.ts'
import { fade, Several } from '../lib/base.ts'
import { type Arrays, series, type Series, targets } from '../lib/columns.ts'
import { LONG } from '../lib/params.ts'
import type { Description, NumberIndicator, RecordOptions } from '../lib/types.ts'

export const ADJUSTED_MACD: Description = {
  name: 'adjustedMacd',
  title: 'MACD on Adjusted Averages',
  params: {
    fast: { kind: 'integer', default: 12, min: 1, max: LONG },
    slow: { kind: 'integer', default: 26, min: 1, max: LONG },
    signal: { kind: 'integer', default: 9, min: 1, max: LONG },
  },
  inputs: ['close'],
  outputs: ['macd', 'signal', 'histogram'],
  pane: 'own',
  levels: [0],
  complexity: 'O(1)',
}

/** Output of {@link adjustedMacd}. */
export interface AdjustedMacdValue {
  macd: number
  signal: number
  histogram: number
}

/** Options of {@link adjustedMacd}. */
export interface AdjustedMacdOptions extends RecordOptions {
  readonly fast?: number
  readonly slow?: number
  readonly signal?: number
}

class AdjustedMacd extends Several<AdjustedMacdValue> implements NumberIndicator<AdjustedMacdValue> {
  readonly input = 'close'
  readonly warmup: number
  private readonly fast: AdjustedLine
  private readonly slow: AdjustedLine
  private readonly signal: AdjustedLine
  private count = 0

  constructor(options: AdjustedMacdOptions) {
    super(ADJUSTED_MACD, options)
    const { fast, slow, signal } = this.read<{ fast: number; slow: number; signal: number }>()
    this.warmup = slow + signal - 2
    this.fast = new AdjustedLine(fast)
    this.slow = new AdjustedLine(slow)
    this.signal = new AdjustedLine(signal)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 2 / (this.read<{ slow: number }>().slow + 1), epsilon) + fade(1 - 2 / (this.read<{ signal: number }>().signal + 1), epsilon)
  }

  update(x: number): AdjustedMacdValue {
    const out = Number.isFinite(x) ? this.step(x, true, this.value) : this.refuse(x, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(x: number): AdjustedMacdValue {
    const out = Number.isFinite(x) ? this.step(x, false, this.scratch) : this.refuse(x, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(x: number, keep: boolean, out: AdjustedMacdValue): AdjustedMacdValue {
    const macd = this.fast.step(x, keep) - this.slow.step(x, keep)
    const signal = this.signal.step(macd, keep)
    const count = this.count + 1
    if (keep && count <= this.warmup) this.count = count
    const warm = count > this.warmup
    out.macd = warm ? macd : NaN
    out.signal = warm ? signal : NaN
    out.histogram = warm ? macd - signal : NaN
    return out
  }
}

/**
 * MACD on exponential averages that are normalised by the weights seen so far; in the unit of the input. Not what charts show: see macd.
 *
 * Formula: as macd, with average = (sum of (1 - w)^i x[-i]) / (sum of (1 - w)^i) from the first input, w = 2 / (p + 1)
 * Flat: exactly 0
 * Source: pandas ewm(span, adjust = True)
 * TA-Lib: none
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { adjustedMacd } from '@millrace/indicators'
 * const m = adjustedMacd({ fast: 1, slow: 2, signal: 1 })
 * m.update(1)
 * m.update(1)
 * m.update(1)
 * m.update(5).macd // => 1.3000000000000003
 * ```
 */
export const adjustedMacd = (options: AdjustedMacdOptions = {}): NumberIndicator<AdjustedMacdValue> => new AdjustedMacd(options)

/** Batch form of {@link adjustedMacd}: as long as its input, NaN in the warm-up. */
export const adjustedMacdBatch = (close: Series, options: AdjustedMacdOptions = {}, out?: Arrays<AdjustedMacdValue>): Arrays<AdjustedMacdValue> => {
  const x = series(ADJUSTED_MACD, close, options)
  const result = targets<AdjustedMacdValue>(ADJUSTED_MACD, out, x)
  const one = new AdjustedMacd(options)
  for (let i = 0; i < x.length; i++) {
    const v = one.update(x[i]!)
    result.macd[i] = v.macd
    result.signal[i] = v.signal
    result.histogram[i] = v.histogram
  }
  return result
}
