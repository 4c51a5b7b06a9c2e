import { AtrLine } from '../lib/atr-line.ts'
import { fade, Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasHlc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv, Seed } from '../lib/types.ts'

export const NATR: Description = {
  name: 'natr',
  title: 'Normalised Average True Range',
  params: {
    period: { kind: 'integer', default: 14, min: 1, max: LONG },
    seed: { kind: 'choice', default: 'tradingview', choices: ['tradingview', 'talib'] },
  },
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  pane: 'own',
  complexity: 'O(1)',
}

/** Options of {@link natr}. */
export interface NatrOptions extends CommonOptions {
  /** `tradingview` (default): the first range is high - low. `talib`: there is none for the first candle. */
  readonly seed?: Seed
}

class Natr extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly line: AtrLine

  constructor(options: NatrOptions & { period?: number }) {
    super(NATR, options)
    const { period, seed } = this.read<{ period: number; seed: Seed }>()
    this.warmup = seed === 'talib' ? period : period - 1
    this.line = new AtrLine(period, seed !== 'talib')
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 1 / this.read<{ period: number }>().period, epsilon)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlc(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlc(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const average = this.line.step(candle, keep)
    return candle.close === 0 ? (average === average ? 0 : NaN) : (100 * average) / candle.close
  }
}

/**
 * Average true range in percent of the close.
 *
 * Formula: 100 atr(p) / close; 0 where the close is 0
 * Flat: 0
 * Source: TA-Lib
 * TA-Lib: NATR (`seed: 'talib'`), the same
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { natr } from '@millrace/indicators'
 * const range = natr(1)
 * range.update({ open: 9, high: 11, low: 9, close: 10, volume: 1 }) // => 20
 * ```
 */
export const natr = (period = 14, options: NatrOptions = {}): CandleIndicator => new Natr({ ...options, period })

/** Batch form of {@link natr}: as long as its input, NaN in the warm-up. */
export const natrBatch = (columns: Columns, period = 14, out?: Float64Array, options: NatrOptions = {}): Float64Array => {
  const c = candles(NATR, columns, options)
  const cursor = new Cursor()
  const result = target(NATR, out, c)
  const one = new Natr({ ...options, period })
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
