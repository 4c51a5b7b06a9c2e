import { AtrLine } from '../lib/atr-line.ts'
import { fade, Several } from '../lib/base.ts'
import { type Arrays, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { ExtremeWindow } from '../lib/extreme-window.ts'
import { hasHlc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions } from '../lib/types.ts'

export const CHANDELIER_EXIT: Description = {
  name: 'chandelierExit',
  title: 'Chandelier Exit',
  params: { period: { kind: 'integer', default: 22, min: 1, max: LONG }, multiplier: { kind: 'number', default: 3, min: 0, max: 1000 } },
  inputs: ['high', 'low', 'close'],
  outputs: ['long', 'short'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Output of {@link chandelierExit}. */
export interface ChandelierExitValue {
  long: number
  short: number
}

/** Options of {@link chandelierExit}. */
export interface ChandelierExitOptions extends RecordOptions {
  readonly period?: number
  /** Distance in average ranges; default 3. */
  readonly multiplier?: number
}

class ChandelierExit extends Several<ChandelierExitValue> implements CandleIndicator<ChandelierExitValue> {
  readonly input = 'candle'
  readonly warmup: number
  private readonly average: AtrLine
  private readonly high: ExtremeWindow
  private readonly low: ExtremeWindow
  private readonly multiplier: number

  constructor(options: ChandelierExitOptions) {
    super(CHANDELIER_EXIT, options)
    const { period, multiplier } = this.read<{ period: number; multiplier: number }>()
    this.warmup = period - 1
    this.average = new AtrLine(period, true)
    this.high = new ExtremeWindow(period, 1)
    this.low = new ExtremeWindow(period, -1)
    this.multiplier = multiplier
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 1 / (this.warmup + 1), epsilon)
  }

  update(candle: Ohlcv): ChandelierExitValue {
    const out = hasHlc(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): ChandelierExitValue {
    const out = hasHlc(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: ChandelierExitValue): ChandelierExitValue {
    const range = this.multiplier * this.average.step(candle, keep)
    const high = this.high.step(candle.high, keep)
    const low = this.low.step(candle.low, keep)
    out.long = high - range
    out.short = low + range
    return out
  }
}

/**
 * Stops hung from the extremes of the last `period` candles, in the unit of price: `long` below the highest high, `short` above the lowest low.
 *
 * Formula: long = highest(high, p) - multiplier atr(p); short = lowest(low, p) + multiplier atr(p)
 * Flat: both exactly the price
 * Source: Le Beau
 * TA-Lib: none
 * TradingView: no built-in; public scripts differ in which range they average
 *
 * @example
 * ```ts
 * import { chandelierExit } from '@millrace/indicators'
 * const m = chandelierExit({ period: 1, multiplier: 1 })
 * m.update({ open: 9, high: 11, low: 9, close: 10, volume: 1 }).long // => 9
 * ```
 */
export const chandelierExit = (options: ChandelierExitOptions = {}): CandleIndicator<ChandelierExitValue> => new ChandelierExit(options)

/** Batch form of {@link chandelierExit}: as long as its input, NaN in the warm-up. */
export const chandelierExitBatch = (columns: Columns, options: ChandelierExitOptions = {}, out?: Arrays<ChandelierExitValue>): Arrays<ChandelierExitValue> => {
  const c = candles(CHANDELIER_EXIT, columns, options)
  const cursor = new Cursor()
  const result = targets<ChandelierExitValue>(CHANDELIER_EXIT, out, c)
  const one = new ChandelierExit(options)
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.long[i] = v.long
    result.short[i] = v.short
  }
  return result
}
