import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasHlc } from '../lib/finite.ts'
import { TrueRangeLine } from '../lib/true-range.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv, Seed } from '../lib/types.ts'

export const TRUE_RANGE: Description = {
  name: 'trueRange',
  title: 'True Range',
  params: { seed: { kind: 'choice', default: 'tradingview', choices: ['tradingview', 'talib'] } },
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  pane: 'own',
  range: [0, Infinity],
  complexity: 'O(1)',
}

/** Options of {@link trueRange}. */
export interface TrueRangeOptions extends CommonOptions {
  /** `tradingview` (default): the first range is high - low. `talib`: there is none for the first candle. */
  readonly seed?: Seed
}

class TrueRange extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly line: TrueRangeLine

  constructor(options: TrueRangeOptions) {
    super(TRUE_RANGE, options)
    const { seed } = this.read<{ seed: Seed }>()
    this.warmup = seed === 'talib' ? 1 : 0
    this.line = new TrueRangeLine(seed !== 'talib')
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlc(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlc(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    return this.line.step(candle.high, candle.low, candle.close, keep)
  }
}

/**
 * Range of a candle with the gap to the close before it, in the unit of price.
 *
 * Formula: max(high, close[-1]) - min(low, close[-1]); the first candle: high - low
 * Flat: 0
 * Source: Wilder 1978
 * TA-Lib: TRANGE (`seed: 'talib'`): nothing for the first candle
 * TradingView: ta.tr(true), the same
 *
 * @example
 * ```ts
 * import { trueRange } from '@millrace/indicators'
 * const range = trueRange()
 * range.update({ open: 5, high: 6, low: 5, close: 6, volume: 1 }) // => 1
 * range.update({ open: 9, high: 9, low: 8, close: 8, volume: 1 }) // => 3
 * ```
 */
export const trueRange = (options: TrueRangeOptions = {}): CandleIndicator => new TrueRange(options)

/** Batch form of {@link trueRange}: as long as its input, NaN in the warm-up. */
export const trueRangeBatch = (columns: Columns, options: TrueRangeOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(TRUE_RANGE, columns, options)
  const cursor = new Cursor()
  const result = target(TRUE_RANGE, out, c)
  const one = new TrueRange(options)
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
