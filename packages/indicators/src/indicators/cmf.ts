import { Scalar } from '../lib/base.ts'
import { candles, type Columns, Cursor, target } from '../lib/columns.ts'
import { hasHlcv } from '../lib/finite.ts'
import { moneyFlow } from '../lib/money-flow.ts'
import { LONG } from '../lib/params.ts'
import { SumWindow } from '../lib/sum-window.ts'
import type { CandleIndicator, CommonOptions, Description, Ohlcv } from '../lib/types.ts'

export const CMF: Description = {
  name: 'cmf',
  title: 'Chaikin Money Flow',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG } },
  inputs: ['high', 'low', 'close', 'volume'],
  outputs: ['value'],
  pane: 'own',
  range: [-1, 1],
  levels: [0],
  complexity: 'O(1)',
}

class Cmf extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup: number
  private readonly flow: SumWindow
  private readonly volume: SumWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(CMF, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.flow = new SumWindow(period)
    this.volume = new SumWindow(period)
  }

  update(candle: Ohlcv): number {
    return (this.value = hasHlcv(candle) ? this.step(candle, true) : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return hasHlcv(candle) ? this.step(candle, false) : this.refuse(candle)
  }

  private step(candle: Ohlcv, keep: boolean): number {
    const flow = this.flow.step(moneyFlow(candle), keep)
    const volume = this.volume.step(candle.volume, keep)
    return volume === 0 ? 0 : flow / volume
  }
}

/**
 * Share of the volume of the last `period` candles that closed near the high, -1 to 1.
 *
 * Formula: sum(volume ((close - low) - (high - close)) / (high - low), p) / sum(volume, p)
 * Flat: 0, also without volume
 * Source: Chaikin
 * TA-Lib: none
 * TradingView: the chart script, the same formula
 *
 * @example
 * ```ts
 * import { cmf } from '@millrace/indicators'
 * const m = cmf(1)
 * m.update({ open: 1, high: 3, low: 1, close: 3, volume: 5 }) // => 1
 * ```
 */
export const cmf = (period = 20, options: CommonOptions = {}): CandleIndicator => new Cmf({ ...options, period })

/** Batch form of {@link cmf}: as long as its input, NaN in the warm-up. */
export const cmfBatch = (columns: Columns, period = 20, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const c = candles(CMF, columns, options)
  const cursor = new Cursor()
  const result = target(CMF, out, c)
  const one = new Cmf({ ...options, period })
  for (let i = 0; i < c.length; i++) result[i] = one.update(cursor.at(c, i))
  return result
}
