import { Several } from '../lib/base.ts'
import { type Arrays, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { ExtremeAge } from '../lib/extreme-age.ts'
import { hasHl } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions } from '../lib/types.ts'

export const AROON: Description = {
  name: 'aroon',
  title: 'Aroon',
  params: { period: { kind: 'integer', default: 14, min: 1, max: LONG } },
  inputs: ['high', 'low'],
  outputs: ['up', 'down', 'oscillator'],
  pane: 'own',
  range: [-100, 100],
  levels: [30, 70],
  complexity: 'O(1)',
}

/** Output of {@link aroon}. */
export interface AroonValue {
  up: number
  down: number
  oscillator: number
}

class Aroon extends Several<AroonValue> implements CandleIndicator<AroonValue> {
  readonly input = 'candle'
  readonly warmup: number
  private readonly high: ExtremeAge
  private readonly low: ExtremeAge
  private readonly share: number

  constructor(options: RecordOptions & { period?: number }) {
    super(AROON, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period
    this.high = new ExtremeAge(period + 1, 1, true)
    this.low = new ExtremeAge(period + 1, -1, true)
    this.share = 100 / period
  }

  update(candle: Ohlcv): AroonValue {
    const out = hasHl(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): AroonValue {
    const out = hasHl(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: AroonValue): AroonValue {
    const up = 100 - this.high.step(candle.high, keep) * this.share
    const down = 100 - this.low.step(candle.low, keep) * this.share
    out.up = up
    out.down = down
    out.oscillator = up - down
    return out
  }
}

/**
 * How recent the extremes of the last `period + 1` candles are: `up` and `down` 0 to 100, `oscillator` = up - down, -100 to 100. Of equal extremes the
 * newest counts.
 *
 * Formula: up = 100 (p - candles since the highest high) / p; down = 100 (p - candles since the lowest low) / p
 * Flat: up and down 100
 * Source: Chande 1995
 * TA-Lib: AROON, AROONOSC, the same
 * TradingView: the chart script, the same window
 *
 * @example
 * ```ts
 * import { aroon } from '@millrace/indicators'
 * const m = aroon(1)
 * m.update({ open: 1, high: 2, low: 1, close: 2, volume: 1 })
 * m.update({ open: 2, high: 3, low: 2, close: 3, volume: 1 }).oscillator // => 100
 * ```
 */
export const aroon = (period = 14, options: RecordOptions = {}): CandleIndicator<AroonValue> => new Aroon({ ...options, period })

/** Batch form of {@link aroon}: as long as its input, NaN in the warm-up. */
export const aroonBatch = (columns: Columns, period = 14, out?: Arrays<AroonValue>, options: RecordOptions = {}): Arrays<AroonValue> => {
  const c = candles(AROON, columns, options)
  const cursor = new Cursor()
  const result = targets<AroonValue>(AROON, out, c)
  const one = new Aroon({ ...options, period })
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.up[i] = v.up
    result.down[i] = v.down
    result.oscillator[i] = v.oscillator
  }
  return result
}
