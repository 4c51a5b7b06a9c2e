import { Several } from '../lib/base.ts'
import { type Arrays, type Candles, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { ExtremeWindow } from '../lib/extreme-window.ts'
import { hasHlc } from '../lib/finite.ts'
import { MeanWindow, runMean } from '../lib/mean-window.ts'
import { LONG } from '../lib/params.ts'
import { runPlace } from '../lib/place.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions } from '../lib/types.ts'

export const STOCHASTIC: Description = {
  name: 'stochastic',
  title: 'Stochastic Oscillator',
  params: {
    period: { kind: 'integer', default: 14, min: 1, max: LONG },
    smooth: { kind: 'integer', default: 3, min: 1, max: LONG },
    d: { kind: 'integer', default: 3, min: 1, max: LONG },
    flat: { kind: 'number', default: 50, min: 0, max: 100 },
  },
  inputs: ['high', 'low', 'close'],
  outputs: ['k', 'd'],
  pane: 'own',
  range: [0, 100],
  levels: [20, 80],
  complexity: 'O(1)',
}

/** Output of {@link stochastic}. */
export interface StochasticValue {
  k: number
  d: number
}

/** Options of {@link stochastic}. */
export interface StochasticOptions extends RecordOptions {
  readonly period?: number
  /** Smoothing of `k`; 1 is none. */
  readonly smooth?: number
  readonly d?: number
  /** The raw value without a range: 50 (default); TA-Lib says 0. */
  readonly flat?: number
}

class Stochastic extends Several<StochasticValue> implements CandleIndicator<StochasticValue> {
  readonly input = 'candle'
  readonly warmup: number
  private readonly high: ExtremeWindow
  private readonly low: ExtremeWindow
  private readonly k: MeanWindow
  private readonly d: MeanWindow
  private readonly flat: number

  constructor(options: StochasticOptions) {
    super(STOCHASTIC, options)
    const { period, smooth, d, flat } = this.read<{ period: number; smooth: number; d: number; flat: number }>()
    this.warmup = period + smooth + d - 3
    this.high = new ExtremeWindow(period, 1)
    this.low = new ExtremeWindow(period, -1)
    this.k = new MeanWindow(smooth)
    this.d = new MeanWindow(d)
    this.flat = flat
  }

  update(candle: Ohlcv): StochasticValue {
    const out = hasHlc(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): StochasticValue {
    const out = hasHlc(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: StochasticValue): StochasticValue {
    const high = this.high.step(candle.high, keep)
    const low = this.low.step(candle.low, keep)
    if (high !== high) return out
    const raw = high > low ? ((candle.close - low) / (high - low)) * 100 : this.flat
    const k = this.k.step(raw, keep)
    const d = k === k ? this.d.step(k, keep) : NaN
    out.k = d === d ? k : NaN
    out.d = d
    return out
  }

  /** All candles in three passes: raw values, their mean, the mean of that. False: a value was not finite. */
  run(c: Candles, out: Arrays<StochasticValue>): boolean {
    const { period, smooth, d } = this.read<{ period: number; smooth: number; d: number }>()
    // The raw values wait in `d`, which is written last.
    if (!runPlace(c, period, this.flat, out.d)) return false
    out.k.fill(NaN, 0, Math.min(period + smooth - 2, c.length))
    runMean(out.d, smooth, out.k, period - 1)
    out.d.fill(NaN, 0, Math.min(this.warmup, c.length))
    runMean(out.k, d, out.d, period + smooth - 2)
    out.k.fill(NaN, 0, Math.min(this.warmup, c.length))
    return true
  }
}

/**
 * Where the close stands in the range of the last `period` candles, 0 to 100: `k` smoothed over `smooth` values, `d` the mean of `d` values of it.
 * `smooth: 1` is the fast stochastic, `smooth: 3` (default) the slow one, anything else the full one.
 *
 * Formula: raw = 100 (close - lowest low) / (highest high - lowest low); k = sma(raw, smooth); d = sma(k, d)
 * Flat: raw is 50 (option `flat`) without a range
 * Source: Lane 1957
 * TA-Lib: STOCH and STOCHF, the same, flat 0
 * TradingView: the chart script has `smooth: 1` by default; ta.stoch is raw
 *
 * @example
 * ```ts
 * import { stochastic } from '@millrace/indicators'
 * const m = stochastic({ period: 2, smooth: 1, d: 1 })
 * m.update({ open: 1, high: 4, low: 0, close: 1, volume: 1 })
 * m.update({ open: 1, high: 2, low: 1, close: 1, volume: 1 }).k // => 25
 * ```
 */
export const stochastic = (options: StochasticOptions = {}): CandleIndicator<StochasticValue> => new Stochastic(options)

/** Batch form of {@link stochastic}: as long as its input, NaN in the warm-up. */
export const stochasticBatch = (columns: Columns, options: StochasticOptions = {}, out?: Arrays<StochasticValue>): Arrays<StochasticValue> => {
  const c = candles(STOCHASTIC, columns, options, 0)
  const result = targets<StochasticValue>(STOCHASTIC, out, c)
  const one = new Stochastic(options)
  if (one.run(c, result)) return result
  candles(STOCHASTIC, c, options)
  const cursor = new Cursor()
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.k[i] = v.k
    result.d[i] = v.d
  }
  return result
}
