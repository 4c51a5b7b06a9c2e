import { Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { hasXy } from '../lib/finite.ts'
import { PairWindow } from '../lib/pair-window.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, Pair, PairIndicator } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'

export const CORRELATION: Description = {
  name: 'correlation',
  title: 'Correlation',
  params: { period: { kind: 'integer', default: 30, min: 2, max: LONG } },
  inputs: ['x', 'y'],
  outputs: ['value'],
  pane: 'own',
  range: [-1, 1],
  levels: [0],
  complexity: 'O(1)',
}

class Correlation extends Scalar implements PairIndicator {
  readonly input = 'pair'
  readonly warmup: number
  private readonly window: PairWindow

  constructor(options: CommonOptions & { period?: number }) {
    super(CORRELATION, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
    this.window = new PairWindow(period)
  }

  update(pair: Pair): number {
    return (this.value = hasXy(pair) ? this.step(pair, true) : this.refuse(pair))
  }

  preview(pair: Pair): number {
    return hasXy(pair) ? this.step(pair, false) : this.refuse(pair)
  }

  private step(pair: Pair, keep: boolean): number {
    const { xx, yy, xy } = this.window.step(pair.x, pair.y, keep)
    const scale = Math.sqrt(xx * yy)
    return scale === 0 ? 0 : Math.max(-1, Math.min(1, xy / scale))
  }
}

/**
 * Pearson's correlation of two series over the last `period` pairs, -1 to 1.
 *
 * Formula: cov(x, y) / sqrt(var(x) var(y))
 * Flat: 0 where either is flat
 * Source: textbook; merging by Chan, Golub, LeVeque 1979
 * TA-Lib: CORREL, the same up to its drift
 * TradingView: ta.correlation, the same
 *
 * @example
 * ```ts
 * import { correlation } from '@millrace/indicators'
 * const m = correlation(2)
 * m.update({ x: 1, y: 5 })
 * m.update({ x: 2, y: 4 }) // => -1
 * ```
 */
export const correlation = (period = 30, options: CommonOptions = {}): PairIndicator => new Correlation({ ...options, period })

/** Batch form of {@link correlation}: as long as its input, NaN in the warm-up. */
export const correlationBatch = (x: Series, y: Series, period = 30, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const a = series(CORRELATION, x, options, 'x')
  const b = series(CORRELATION, y, options, 'y')
  if (a.length !== b.length) throw unexpected('correlation: y', `${a.length} values as in x`, b.length)
  const pair = { x: NaN, y: NaN }
  const result = target(CORRELATION, out, { length: a.length, a, b })
  const one = new Correlation({ ...options, period })
  for (let i = 0; i < a.length; i++) {
    pair.x = a[i]!
    pair.y = b[i]!
    result[i] = one.update(pair)
  }
  return result
}
