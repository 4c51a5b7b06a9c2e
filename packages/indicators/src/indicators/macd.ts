import { fade, Several } from '../lib/base.ts'
import { type Arrays, type Series, series, targets } from '../lib/columns.ts'
import { emaLine, type EmaLine } from '../lib/ema-line.ts'
import { LONG } from '../lib/params.ts'
import { PORTION } from '../lib/portions.ts'
import type { Description, NumberIndicator, RecordOptions, Seed } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'

export const MACD: Description = {
  name: 'macd',
  title: 'Moving Average Convergence Divergence',
  params: {
    fast: { kind: 'integer', default: 12, min: 1, max: LONG },
    slow: { kind: 'integer', default: 26, min: 2, max: LONG },
    signal: { kind: 'integer', default: 9, min: 1, max: LONG },
    seed: { kind: 'choice', default: 'tradingview', choices: ['tradingview', 'talib'] },
  },
  inputs: ['close'],
  outputs: ['macd', 'signal', 'histogram'],
  pane: 'own',
  levels: [0],
  complexity: 'O(1)',
}

/** Output of {@link macd}, in the unit of the input. */
export interface MacdValue {
  macd: number
  signal: number
  histogram: number
}

/** Options of {@link macd}. */
export interface MacdOptions extends RecordOptions {
  readonly fast?: number
  /** Longer than `fast`. */
  readonly slow?: number
  readonly signal?: number
  /** `tradingview` (default): each average starts with the mean of its own first inputs. `talib`: the fast one starts late, with the slow one. */
  readonly seed?: Seed
}

class Macd extends Several<MacdValue> implements NumberIndicator<MacdValue> {
  readonly input = 'close'
  readonly warmup: number
  readonly fast: EmaLine
  readonly slow: EmaLine
  readonly signal: EmaLine

  constructor(options: MacdOptions) {
    super(MACD, options)
    const { fast, slow, signal, seed } = this.read<{ fast: number; slow: number; signal: number; seed: Seed }>()
    this.warmup = slow + signal - 2
    if (fast >= slow) throw unexpected('macd: fast', `less than slow (${slow})`, fast)
    this.fast = emaLine(fast, seed === 'talib' ? slow - fast : 0)
    this.slow = emaLine(slow)
    this.signal = emaLine(signal)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 2 / (this.read<{ slow: number }>().slow + 1), epsilon) + fade(1 - 2 / (this.read<{ signal: number }>().signal + 1), epsilon)
  }

  update(x: number): MacdValue {
    const out = Number.isFinite(x) ? this.step(x, true, this.value) : this.refuse(x, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(x: number): MacdValue {
    const out = Number.isFinite(x) ? this.step(x, false, this.scratch) : this.refuse(x, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(x: number, keep: boolean, out: MacdValue): MacdValue {
    const { fast, slow, signal } = this
    const before = signal.value
    if (before !== before) return this.start(x, keep, out)
    // The steps of the three averages, written out: this is the hottest record of all, and the parts are too large to be inlined three times.
    const nextFast = fast.value + fast.weight * (x - fast.value)
    const nextSlow = slow.value + slow.weight * (x - slow.value)
    const macd = nextFast - nextSlow
    const nextSignal = before + signal.weight * (macd - before)
    if (keep) {
      fast.value = nextFast
      slow.value = nextSlow
      signal.value = nextSignal
    }
    out.macd = macd
    out.signal = nextSignal
    out.histogram = macd - nextSignal
    return out
  }

  private start(x: number, keep: boolean, out: MacdValue): MacdValue {
    const macd = this.fast.step(x, keep) - this.slow.step(x, keep)
    const signal = macd === macd ? this.signal.step(macd, keep) : NaN
    out.macd = signal === signal ? macd : NaN
    out.signal = signal
    out.histogram = macd - signal
    return out
  }
}

/**
 * Fast less slow exponential average, its signal average, and the difference of the two; all in the unit of the input. All three are NaN until the
 * signal exists.
 *
 * Formula: macd = ema(x, fast) - ema(x, slow); signal = ema(macd, signal); histogram = macd - signal
 * Flat: exactly 0
 * Source: Appel 1979
 * TA-Lib: MACD (`seed: 'talib'`), the same; its fast average starts late, together with the slow one
 * TradingView: ta.macd (default), which draws the line already `signal - 1` candles earlier
 *
 * @example
 * ```ts
 * import { macd } from '@millrace/indicators'
 * const m = macd({ fast: 1, slow: 2, signal: 1 })
 * m.update(1)
 * m.update(3).macd // => 1
 * ```
 */
export const macd = (options: MacdOptions = {}): NumberIndicator<MacdValue> => new Macd(options)

/** Batch form of {@link macd}: as long as its input, NaN in the warm-up. */
export const macdBatch = (close: Series, options: MacdOptions = {}, out?: Arrays<MacdValue>): Arrays<MacdValue> => {
  const x = series(MACD, close, options, 'close', 0)
  const result = targets<MacdValue>(MACD, out, x)
  let one = new Macd(options)
  const start = Math.min(one.warmup + 1, x.length)
  series(MACD, x, options, 'close', start)
  fillMacd(one, x, start, result)
  if (runMacd(one, x, start, result)) return result
  series(MACD, x, options)
  one = new Macd(options)
  fillMacd(one, x, x.length, result)
  return result
}

/** Updates, written into columns. */
const fillMacd = (one: Macd, x: Float64Array, end: number, out: Arrays<MacdValue>): void => {
  for (let i = 0; i < end; i++) {
    const v = one.update(x[i]!)
    out.macd[i] = v.macd
    out.signal[i] = v.signal
    out.histogram[i] = v.histogram
  }
}

/** The steps over a warm series, from index `start` on. False: a value was not finite. */
const runMacd = ({ fast, slow, signal }: Macd, x: Float64Array, start: number, out: Arrays<MacdValue>): boolean => {
  const state = Float64Array.of(fast.value, slow.value, signal.value, fast.weight, slow.weight, signal.weight)
  const outputs: Outputs = [out.macd, out.signal, out.histogram]
  for (let from = start; from < x.length; from += PORTION) portion(state, x, from, Math.min(from + PORTION, x.length), outputs)
  return start >= x.length || Number.isFinite(state[2])
}

type Outputs = readonly [macd: Float64Array, signal: Float64Array, histogram: Float64Array]

const portion = (state: Float64Array, x: Float64Array, from: number, to: number, [lines, signals, histogram]: Outputs): void => {
  let [fast, slow, signal] = [state[0]!, state[1]!, state[2]!]
  const [fastWeight, slowWeight, signalWeight] = [state[3]!, state[4]!, state[5]!]
  for (let i = from; i < to; i++) {
    fast += fastWeight * (x[i]! - fast)
    slow += slowWeight * (x[i]! - slow)
    const line = fast - slow
    signal += signalWeight * (line - signal)
    lines[i] = line
    signals[i] = signal
    histogram[i] = line - signal
  }
  state.set([fast, slow, signal])
}
