import { fade, Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasHlc } from '../lib/finite.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv, Seed } from '../lib/types.ts'

export const PSAR: Description = {
  name: 'psar',
  title: 'Parabolic Stop and Reverse',
  params: {
    start: { kind: 'number', default: 0.02, min: 0, max: 1 },
    increment: { kind: 'number', default: 0.02, min: 0, max: 1 },
    max: { kind: 'number', default: 0.2, min: 0, max: 1 },
    seed: { kind: 'choice', default: 'tradingview', choices: ['tradingview', 'talib'] },
  },
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Options of {@link psar}. */
export interface PsarOptions extends CommonOptions {
  /** First acceleration; default 0.02. */
  readonly start?: number
  /** Step of the acceleration; default 0.02. */
  readonly increment?: number
  /** Highest acceleration; default 0.2. */
  readonly max?: number
  /** Where the first direction comes from: the closes (`tradingview`, default) or the directional movement (`talib`). */
  readonly seed?: Seed
}

class Psar extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly start: number
  private readonly increment: number
  private readonly max: number
  private readonly byCloses: number
  private lastHigh = NaN
  private lastLow = NaN
  private lastClose = NaN
  private sar = NaN
  private extreme = NaN
  private factor = NaN
  private long = 0

  constructor(options: PsarOptions) {
    super(PSAR, options)
    const { start, increment, max, seed } = this.read<{ start: number; increment: number; max: number; seed: Seed }>()
    this.warmup = 1
    this.start = Math.min(start, max)
    this.increment = increment
    this.max = max
    this.byCloses = seed === 'tradingview' ? 1 : 0
  }

  override stableAfter(epsilon: number): number {
    return fade(1, epsilon)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlc(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlc(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const { high, low, close } = candle
    const { lastHigh, lastLow, lastClose } = this
    if (lastHigh !== lastHigh) {
      if (keep) this.remember(candle, NaN, NaN, NaN, 0)
      return NaN
    }
    let { sar, extreme, factor, long } = this
    const starting = sar !== sar
    if (starting) {
      const fall = lastLow - low
      long = (this.byCloses === 1 ? close > lastClose : fall <= 0 || fall <= high - lastHigh) ? 1 : 0
      extreme = long === 1 ? high : low
      sar = long === 1 ? lastLow : lastHigh
      factor = this.start
    }
    // At the start the candle before has set the stop itself; later it holds the stop back.
    const highBefore = starting ? high : lastHigh
    const lowBefore = starting ? low : lastLow
    let shown: number
    if (long === 1 ? low <= sar : high >= sar) {
      shown = long === 1 ? Math.max(extreme, highBefore, high) : Math.min(extreme, lowBefore, low)
      long = 1 - long
      factor = this.start
      extreme = long === 1 ? high : low
      sar = shown + factor * (extreme - shown)
    } else {
      shown = sar
      if (long === 1 ? high > extreme : low < extreme) {
        extreme = long === 1 ? high : low
        factor = Math.min(factor + this.increment, this.max)
      }
      sar += factor * (extreme - sar)
    }
    sar = long === 1 ? Math.min(sar, lowBefore, low) : Math.max(sar, highBefore, high)
    if (keep) this.remember(candle, sar, extreme, factor, long)
    return shown
  }

  private remember(candle: Ohlcv, sar: number, extreme: number, factor: number, long: number): void {
    this.lastHigh = candle.high
    this.lastLow = candle.low
    this.lastClose = candle.close
    this.sar = sar
    this.extreme = extreme
    this.factor = factor
    this.long = long
  }
}

/**
 * Wilder's trailing stop, in the unit of price: below the candles in an up trend, above them in a down trend.
 *
 * Formula: sar += af (extreme - sar), never past the lows (highs) of the last two candles; a candle that reaches it turns the trend and restarts from
 * the extreme; af = start, + increment per new extreme up to max
 * Flat: exactly the price
 * Source: Wilder 1978
 * TA-Lib: SAR (start = increment; `seed: 'talib'`: first direction from the directional movement), the same
 * TradingView: ta.sar takes the first direction from the closes (default); the sample in its manual tests the turn before it holds the stop back to the
 * last lows and highs, this one after; not checked against the chart
 *
 * @example
 * ```ts
 * import { psar } from '@millrace/indicators'
 * const stop = psar()
 * stop.update({ open: 1, high: 2, low: 1, close: 2, volume: 1 })
 * stop.update({ open: 2, high: 3, low: 2, close: 3, volume: 1 }) // => 1
 * ```
 */
export const psar = (options: PsarOptions = {}): CandleIndicator => new Psar(options)

/** Batch form of {@link psar}: as long as its input, NaN in the warm-up. */
export const psarBatch = (columns: Columns, options: PsarOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(PSAR, columns, options)
  const cursor = new Cursor()
  const result = target(PSAR, out, c)
  const one = new Psar(options)
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
