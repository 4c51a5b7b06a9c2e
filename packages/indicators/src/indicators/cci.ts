import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { DeviationWindow } from '../lib/deviation-window.ts'
import { hasHlc } from '../lib/finite.ts'
import { MeanWindow } from '../lib/mean-window.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const CCI: Description = {
  name: 'cci',
  title: 'Commodity Channel Index',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  pane: 'own',
  levels: [-100, 100],
  complexity: 'O(n)',
}

class Cci extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly mean: MeanWindow
  private readonly window: DeviationWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(CCI, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.mean = new MeanWindow(period)
    this.window = new DeviationWindow(period)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlc(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlc(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const price = (candle.high + candle.low + candle.close) / 3
    const mean = this.mean.step(price, keep)
    const deviation = this.window.step(price, mean, keep)
    return deviation === 0 ? 0 : (price - mean) / (0.015 * deviation)
  }
}

/**
 * Distance of the typical price from its mean, in units of 1.5 % of its mean absolute deviation.
 *
 * Formula: tp = (high + low + close) / 3; (tp - sma(tp, p)) / (0.015 averageDeviation(tp, p))
 * Flat: 0
 * Source: Lambert 1980
 * TA-Lib: CCI, the same
 * TradingView: ta.cci on hlc3, the same
 *
 * @example
 * ```ts
 * import { cci } from '@millrace/indicators'
 * const m = cci(2)
 * m.update({ open: 1, high: 1, low: 1, close: 1, volume: 1 })
 * m.update({ open: 3, high: 3, low: 3, close: 3, volume: 1 }) // => 66.66666666666667
 * ```
 */
export const cci = (period = 20, options: CommonOptions = {}): CandleIndicator => new Cci({ ...options, period })

/** Batch form of {@link cci}: as long as its input, NaN in the warm-up. */
export const cciBatch = (columns: Columns, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const c = candles(CCI, columns, options)
  const cursor = new Cursor()
  const result = target(CCI, out, c)
  const one = new Cci({ ...options, period })
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
