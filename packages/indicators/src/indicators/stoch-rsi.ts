import { fade, Several } from '../lib/base.ts'
import { type Arrays, type Series, series, targets } from '../lib/columns.ts'
import { ExtremeWindow } from '../lib/extreme-window.ts'
import { MeanWindow } from '../lib/mean-window.ts'
import { LONG } from '../lib/params.ts'
import { RsiLine } from '../lib/rsi-line.ts'
import type { Description, NumberIndicator, RecordOptions } from '../lib/types.ts'

export const STOCH_RSI: Description = {
  name: 'stochRsi',
  title: 'Stochastic RSI',
  params: {
    rsi: { kind: 'integer', default: 14, min: 1, max: LONG },
    period: { kind: 'integer', default: 14, min: 1, max: LONG },
    k: { kind: 'integer', default: 3, min: 1, max: LONG },
    d: { kind: 'integer', default: 3, min: 1, max: LONG },
    flat: { kind: 'number', default: 50, min: 0, max: 100 },
  },
  inputs: ['close'],
  outputs: ['k', 'd'],
  pane: 'own',
  range: [0, 100],
  levels: [20, 80],
  complexity: 'O(1)',
}

/** Output of {@link stochRsi}. */
export interface StochRsiValue {
  k: number
  d: number
}

/** Options of {@link stochRsi}. */
export interface StochRsiOptions extends RecordOptions {
  readonly rsi?: number
  readonly period?: number
  readonly k?: number
  readonly d?: number
  /** `k` where the RSI has no range: 50 (default); TA-Lib says 0. The RSI itself uses it for flat prices. */
  readonly flat?: number
}

class StochRsi extends Several<StochRsiValue> implements NumberIndicator<StochRsiValue> {
  readonly input = 'close'
  readonly warmup: number
  private readonly rsi: RsiLine
  private readonly high: ExtremeWindow
  private readonly low: ExtremeWindow
  private readonly k: MeanWindow
  private readonly d: MeanWindow
  private readonly flat: number

  constructor(options: StochRsiOptions) {
    super(STOCH_RSI, options)
    const { rsi, period, k, d, flat } = this.read<{ rsi: number; period: number; k: number; d: number; flat: number }>()
    this.warmup = rsi + period + k + d - 3
    this.rsi = new RsiLine(rsi, flat)
    this.high = new ExtremeWindow(period, 1)
    this.low = new ExtremeWindow(period, -1)
    this.k = new MeanWindow(k)
    this.d = new MeanWindow(d)
    this.flat = flat
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + 2 * fade(1 - 1 / this.read<{ rsi: number }>().rsi, epsilon)
  }

  update(x: number): StochRsiValue {
    const out = Number.isFinite(x) ? this.step(x, true, this.value) : this.refuse(x, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(x: number): StochRsiValue {
    const out = Number.isFinite(x) ? this.step(x, false, this.scratch) : this.refuse(x, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(x: number, keep: boolean, out: StochRsiValue): StochRsiValue {
    const strength = this.rsi.step(x, keep)
    if (strength !== strength) return out
    const high = this.high.step(strength, keep)
    const low = this.low.step(strength, keep)
    if (high !== high) return out
    const raw = high > low ? ((strength - low) / (high - low)) * 100 : this.flat
    const k = this.k.step(raw, keep)
    const d = k === k ? this.d.step(k, keep) : NaN
    out.k = d === d ? k : NaN
    out.d = d
    return out
  }
}

/**
 * Where the RSI stands in the range of its last `period` values, 0 to 100: `k` smoothed by `k` values, `d` the mean of `d` values of it.
 *
 * Formula: raw = 100 (rsi - lowest rsi) / (highest rsi - lowest rsi); k = sma(raw, k); d = sma(k, d)
 * Flat: 50 (option `flat`) where the RSI has no range
 * Source: Chande and Kroll 1994
 * TA-Lib: STOCHRSI with `k: 1, flat: 0`
 * TradingView: the chart script with its defaults, as generally known; not checked
 *
 * @example
 * ```ts
 * import { stochRsi } from '@millrace/indicators'
 * const m = stochRsi({ rsi: 1, period: 2, k: 1, d: 1 })
 * m.update(1)
 * m.update(2)
 * m.update(1).k // => 0
 * ```
 */
export const stochRsi = (options: StochRsiOptions = {}): NumberIndicator<StochRsiValue> => new StochRsi(options)

/** Batch form of {@link stochRsi}: as long as its input, NaN in the warm-up. */
export const stochRsiBatch = (close: Series, options: StochRsiOptions = {}, out?: Arrays<StochRsiValue>): Arrays<StochRsiValue> => {
  const x = series(STOCH_RSI, close, options)
  const result = targets<StochRsiValue>(STOCH_RSI, out, x)
  const one = new StochRsi(options)
  for (let i = 0; i < x.length; i++) {
    const v = one.update(x[i]!)
    result.k[i] = v.k
    result.d[i] = v.d
  }
  return result
}
