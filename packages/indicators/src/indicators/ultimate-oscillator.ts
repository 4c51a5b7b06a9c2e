import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasHlc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import { SumWindow } from '../lib/sum-window.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const ULTIMATE_OSCILLATOR: Description = {
  name: 'ultimateOscillator',
  title: 'Ultimate Oscillator',
  params: {
    fast: { kind: 'integer', default: 7, min: 1, max: LONG },
    medium: { kind: 'integer', default: 14, min: 1, max: LONG },
    slow: { kind: 'integer', default: 28, min: 1, max: LONG },
  },
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  pane: 'own',
  range: [0, 100],
  levels: [30, 70],
  complexity: 'O(1)',
}

/** Options of {@link ultimateOscillator}. */
export interface UltimateOscillatorOptions extends CommonOptions {
  readonly fast?: number
  readonly medium?: number
  readonly slow?: number
}

class UltimateOscillator extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly fast: SumWindow
  private readonly fastRange: SumWindow
  private readonly medium: SumWindow
  private readonly mediumRange: SumWindow
  private readonly slow: SumWindow
  private readonly slowRange: SumWindow
  private close = NaN

  constructor(options: UltimateOscillatorOptions) {
    super(ULTIMATE_OSCILLATOR, options)
    const { fast, medium, slow } = this.read<{ fast: number; medium: number; slow: number }>()
    this.warmup = Math.max(fast, medium, slow)
    this.fast = new SumWindow(fast)
    this.fastRange = new SumWindow(fast)
    this.medium = new SumWindow(medium)
    this.mediumRange = new SumWindow(medium)
    this.slow = new SumWindow(slow)
    this.slowRange = new SumWindow(slow)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlc(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlc(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const { high, low, close } = candle
    const last = this.close
    if (keep) this.close = close
    if (last !== last) return NaN
    const floor = Math.min(low, last)
    const pressure = close - floor
    const range = Math.max(high, last) - floor
    const fast = share(this.fast.step(pressure, keep), this.fastRange.step(range, keep))
    const medium = share(this.medium.step(pressure, keep), this.mediumRange.step(range, keep))
    const slow = share(this.slow.step(pressure, keep), this.slowRange.step(range, keep))
    return ((4 * fast + 2 * medium + slow) / 7) * 100
  }
}

/**
 * Buying pressure over three windows, 0 to 100.
 *
 * Formula: bp = close - min(low, close[-1]); r(n) = sum(bp, n) / sum(true range, n); 100 (4 r(fast) + 2 r(medium) + r(slow)) / 7
 * Flat: r = 1/2 for a window without range, so 50
 * Source: Williams 1976
 * TA-Lib: ULTOSC, the same, flat 0
 * TradingView: the chart script, the same formula
 *
 * @example
 * ```ts
 * import { ultimateOscillator } from '@millrace/indicators'
 * const m = ultimateOscillator({ fast: 1, medium: 1, slow: 1 })
 * m.update({ open: 1, high: 1, low: 1, close: 1, volume: 1 })
 * m.update({ open: 1, high: 5, low: 1, close: 4, volume: 1 }) // => 75
 * ```
 */
export const ultimateOscillator = (options: UltimateOscillatorOptions = {}): CandleIndicator => new UltimateOscillator(options)

/** Batch form of {@link ultimateOscillator}: as long as its input, NaN in the warm-up. */
export const ultimateOscillatorBatch = (columns: Columns, options: UltimateOscillatorOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(ULTIMATE_OSCILLATOR, columns, options)
  const cursor = new Cursor()
  const result = target(ULTIMATE_OSCILLATOR, out, c)
  const one = new UltimateOscillator(options)
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}

const share = (part: number, whole: number): number => (whole === 0 ? 0.5 : part / whole)
