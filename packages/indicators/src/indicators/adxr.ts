import { fade, Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { Delay } from '../lib/delay.ts'
import { DirectionLine } from '../lib/direction-line.ts'
import { type EmaLine, wilderLine } from '../lib/ema-line.ts'
import { hasHlc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv, Seed } from '../lib/types.ts'

export const ADXR: Description = {
  name: 'adxr',
  title: 'Average Directional Movement Rating',
  params: {
    period: { kind: 'integer', default: 14, min: 2, max: LONG },
    seed: { kind: 'choice', default: 'tradingview', choices: ['tradingview', 'talib'] },
  },
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  pane: 'own',
  range: [0, 100],
  levels: [25],
  complexity: 'O(1)',
}

/** Options of {@link adxr}. */
export interface AdxrOptions extends CommonOptions {
  /** `tradingview` (default): Wilder averages start with `period` values. `talib`: with `period - 1`. */
  readonly seed?: Seed
}

class Adxr extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly line: DirectionLine
  private readonly adx: EmaLine
  private readonly delay: Delay

  constructor(options: AdxrOptions & { period?: number }) {
    super(ADXR, options)
    const { period, seed } = this.read<{ period: number; seed: Seed }>()
    this.warmup = 3 * period - 2
    this.line = new DirectionLine(period, seed === 'talib')
    this.adx = wilderLine(period)
    this.delay = new Delay(period - 1)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + 3 * fade(1 - 1 / this.read<{ period: number }>().period, epsilon)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlc(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlc(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    if (!this.line.step(candle, keep)) return NaN
    const adx = this.adx.step(this.line.scratch.dx, keep)
    if (adx !== adx) return NaN
    return (adx + this.delay.step(adx, keep)) / 2
  }
}

/**
 * Mean of the ADX and the ADX `period - 1` candles ago, 0 to 100.
 *
 * Formula: (adx + adx[-(p - 1)]) / 2
 * Flat: as adx
 * Source: Wilder 1978
 * TA-Lib: ADXR (`seed: 'talib'`), the same
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { adxr } from '@millrace/indicators'
 * const m = adxr(2)
 * for (let i = 0; i < 5; i++) m.update({ open: i, high: i + 1, low: i, close: i + 1, volume: 1 })
 * m.value // => 100
 * ```
 */
export const adxr = (period = 14, options: AdxrOptions = {}): CandleIndicator => new Adxr({ ...options, period })

/** Batch form of {@link adxr}: as long as its input, NaN in the warm-up. */
export const adxrBatch = (columns: Columns, period = 14, out?: Float64Array, options: AdxrOptions = {}): Float64Array => {
  const c = candles(ADXR, columns, options)
  const cursor = new Cursor()
  const result = target(ADXR, out, c)
  const one = new Adxr({ ...options, period })
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
