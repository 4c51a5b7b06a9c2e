import { fade, Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { EmaLine } from '../lib/ema-line.ts'
import { hasHlcv } from '../lib/finite.ts'
import { moneyFlow } from '../lib/money-flow.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv, Seed } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'

export const ADOSC: Description = {
  name: 'adosc',
  title: 'Chaikin Oscillator',
  params: {
    fast: { kind: 'integer', default: 3, min: 1, max: LONG },
    slow: { kind: 'integer', default: 10, min: 2, max: LONG },
    seed: { kind: 'choice', default: 'tradingview', choices: ['tradingview', 'talib'] },
  },
  inputs: ['high', 'low', 'close', 'volume'],
  outputs: ['value'],
  pane: 'own',
  levels: [0],
  complexity: 'O(1)',
}

/** Options of {@link adosc}. */
export interface AdoscOptions extends CommonOptions {
  readonly fast?: number
  /** Longer than `fast`. */
  readonly slow?: number
  /** `tradingview` (default): averages start with means. `talib`: with the first value of the line. */
  readonly seed?: Seed
}

class Adosc extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly fast: EmaLine
  private readonly slow: EmaLine
  private total = 0
  private count = 0

  constructor(options: AdoscOptions) {
    super(ADOSC, options)
    const { fast, slow, seed } = this.read<{ fast: number; slow: number; seed: Seed }>()
    this.warmup = slow - 1
    if (fast >= slow) throw unexpected('adosc: fast', `less than slow (${slow})`, fast)
    this.fast = new EmaLine(2 / (fast + 1), seed === 'talib' ? 1 : fast)
    this.slow = new EmaLine(2 / (slow + 1), seed === 'talib' ? 1 : slow)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 2 / (this.warmup + 2), epsilon)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlcv(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlcv(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const total = this.total + moneyFlow(candle)
    const count = this.count + 1
    const fast = this.fast.step(total, keep)
    const slow = this.slow.step(total, keep)
    if (keep) {
      this.total = total
      if (count <= this.warmup) this.count = count
    }
    return count > this.warmup ? fast - slow : NaN
  }
}

/**
 * Fast less slow exponential average of the accumulation/distribution line, in the unit of volume.
 *
 * Formula: ema(ad, fast) - ema(ad, slow)
 * Flat: 0
 * Source: Chaikin
 * TA-Lib: ADOSC (`seed: 'talib'`): both averages start with the first value of the line
 * TradingView: the chart script, averages seeded with means, as generally known; not checked
 *
 * @example
 * ```ts
 * import { adosc } from '@millrace/indicators'
 * const m = adosc({ fast: 1, slow: 2 })
 * m.update({ open: 1, high: 3, low: 1, close: 2, volume: 5 })
 * m.update({ open: 1, high: 3, low: 1, close: 2, volume: 5 }) // => 0
 * ```
 */
export const adosc = (options: AdoscOptions = {}): CandleIndicator => new Adosc(options)

/** Batch form of {@link adosc}: as long as its input, NaN in the warm-up. */
export const adoscBatch = (columns: Columns, options: AdoscOptions = {}, out?: Float64Array): Float64Array => {
  const c = candles(ADOSC, columns, options)
  const cursor = new Cursor()
  const result = target(ADOSC, out, c)
  const one = new Adosc(options)
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
