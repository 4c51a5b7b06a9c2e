import { AtrLine, runAtr } from '../lib/atr-line.ts'
import { fade, Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasHlc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv, Seed } from '../lib/types.ts'

export const ATR: Description = {
  name: 'atr',
  title: 'Average True Range',
  params: {
    period: { kind: 'integer', default: 14, min: 1, max: LONG },
    seed: { kind: 'choice', default: 'tradingview', choices: ['tradingview', 'talib'] },
  },
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  pane: 'own',
  range: [0, Infinity],
  complexity: 'O(1)',
}

/** Options of {@link atr}. */
export interface AtrOptions extends CommonOptions {
  /** `tradingview` (default): the first range is high - low. `talib`: there is none for the first candle. */
  readonly seed?: Seed
}

class Atr extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  readonly line: AtrLine

  constructor(options: AtrOptions & { period?: number }) {
    super(ATR, options)
    const { period, seed } = this.read<{ period: number; seed: Seed }>()
    this.warmup = seed === 'talib' ? period : period - 1
    this.line = new AtrLine(period, seed !== 'talib')
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 1 / this.read<{ period: number }>().period, epsilon)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlc(candle) ? this.line.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlc(candle) ? this.line.step(candle, false) : this.refuse(candle)
  }
}

/**
 * Wilder's average of the true range, in the unit of price.
 *
 * Formula: wilder(true range, p), starting with the mean of the first p ranges
 * Flat: 0
 * Source: Wilder 1978
 * TA-Lib: ATR (`seed: 'talib'`), the same: no range for the first candle, so one value less
 * TradingView: ta.atr, the same
 *
 * @example
 * ```ts
 * import { atr } from '@millrace/indicators'
 * const range = atr(2)
 * range.update({ open: 5, high: 6, low: 5, close: 6, volume: 1 })
 * range.update({ open: 9, high: 9, low: 8, close: 8, volume: 1 }) // => 2
 * ```
 */
export const atr = (period = 14, options: AtrOptions = {}): CandleIndicator => new Atr({ ...options, period })

/** Batch form of {@link atr}: as long as its input, NaN in the warm-up. */
export const atrBatch = (columns: Columns, period = 14, out?: Float64Array, options: AtrOptions = {}): Float64Array => {
  let one = new Atr({ ...options, period })
  const c = candles(ATR, columns, options, one.warmup + 1)
  const result = target(ATR, out, c)
  const cursor = new Cursor()
  const start = Math.min(one.warmup + 1, c.length)
  for (let i = 0; i < start; i++) result[i] = one.update(cursor.at(c, i))
  if (start === c.length || (Number.isFinite(one.value) && runAtr(one.line, c, start, result))) return result
  candles(ATR, c, options)
  one = new Atr({ ...options, period })
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
