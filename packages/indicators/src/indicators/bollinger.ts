import { Several } from '../lib/base.ts'
import { runBands } from '../lib/band-run.ts'
import { type Arrays, type Series, series, targets } from '../lib/columns.ts'
import { MomentsWindow } from '../lib/moments-window.ts'
import { LONG } from '../lib/params.ts'
import type { Description, NumberIndicator, RecordOptions } from '../lib/types.ts'

export const BOLLINGER: Description = {
  name: 'bollinger',
  title: 'Bollinger Bands',
  params: { period: { kind: 'integer', default: 20, min: 1, max: LONG }, deviations: { kind: 'number', default: 2, min: 0, max: 1000 } },
  inputs: ['close'],
  outputs: ['upper', 'middle', 'lower', 'percentB', 'width'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Output of {@link bollinger}. */
export interface BollingerValue {
  upper: number
  middle: number
  lower: number
  percentB: number
  width: number
}

/** Options of {@link bollinger}. */
export interface BollingerOptions extends RecordOptions {
  readonly period?: number
  readonly deviations?: number
}

class Bollinger extends Several<BollingerValue> implements NumberIndicator<BollingerValue> {
  readonly input = 'close'
  readonly warmup: number
  private readonly window: MomentsWindow
  private readonly inverse: number
  readonly deviations: number

  constructor(options: BollingerOptions) {
    super(BOLLINGER, options)
    const { period, deviations } = this.read<{ period: number; deviations: number }>()
    this.warmup = period - 1
    this.window = new MomentsWindow(period)
    this.inverse = 1 / period
    this.deviations = deviations
  }

  update(x: number): BollingerValue {
    const out = Number.isFinite(x) ? this.step(x, true, this.value) : this.refuse(x, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(x: number): BollingerValue {
    const out = Number.isFinite(x) ? this.step(x, false, this.scratch) : this.refuse(x, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(x: number, keep: boolean, out: BollingerValue): BollingerValue {
    const { mean, m2 } = this.window.step(x, keep)
    const reach = this.deviations * Math.sqrt(m2 * this.inverse)
    const span = 2 * reach
    out.upper = mean + reach
    out.middle = mean
    out.lower = mean - reach
    out.percentB = span === 0 ? 0.5 : (x - mean) / span + 0.5
    out.width = mean === 0 ? (mean === mean ? 0 : NaN) : span / mean
    return out
  }
}

/**
 * Mean of the last `period` inputs and bands `deviations` standard deviations (population) away, in the unit of the input; `percentB`, 0 at the lower
 * and 1 at the upper band; `width`,
 * the distance of the bands as a fraction of the middle.
 *
 * Formula: middle = mean(x, p); upper, lower = middle +- k stdev(x, p); percentB = (x - lower) / (upper - lower); width = (upper - lower) / middle
 * Flat: bands exactly the input, width 0, percentB 0.5
 * Source: Bollinger 2001
 * TA-Lib: BBANDS, which turns small variances into 0; this one does not
 * TradingView: ta.bb, the same; ta.bbw is width, in newer versions in percent
 *
 * @example
 * ```ts
 * import { bollinger } from '@millrace/indicators'
 * const bands = bollinger({ period: 2, deviations: 1 })
 * bands.update(1)
 * bands.update(3).upper // => 3
 * ```
 */
export const bollinger = (options: BollingerOptions = {}): NumberIndicator<BollingerValue> => new Bollinger(options)

/** Batch form of {@link bollinger}: as long as its input, NaN in the warm-up. */
export const bollingerBatch = (close: Series, options: BollingerOptions = {}, out?: Arrays<BollingerValue>): Arrays<BollingerValue> => {
  const x = series(BOLLINGER, close, options, 'close', 0)
  const result = targets<BollingerValue>(BOLLINGER, out, x)
  const one = new Bollinger(options)
  if (runBands(x, one.warmup + 1, one.deviations, result)) return result
  series(BOLLINGER, x, options)
  for (let i = 0; i < x.length; i++) {
    const v = one.update(x[i]!)
    result.upper[i] = v.upper
    result.middle[i] = v.middle
    result.lower[i] = v.lower
    result.percentB[i] = v.percentB
    result.width[i] = v.width
  }
  return result
}
