import { Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { LONG } from '../lib/params.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const PERCENT_RANK: Description = {
  name: 'percentRank',
  title: 'Percent Rank',
  params: { period: { kind: 'integer', default: 100, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  range: [0, 100],
  levels: [10, 90],
  complexity: 'O(n)',
}

class PercentRank extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly buffer: Float64Array
  private at = 0

  constructor(options: CommonOptions & { period?: number }) {
    super(PERCENT_RANK, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period
    this.buffer = new Float64Array(period).fill(NaN)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const { buffer, at } = this
    const size = buffer.length
    const oldest = buffer[at]!
    let below = 0
    for (let i = 0; i < size; i++) if (buffer[i]! <= x) below++
    if (keep) {
      buffer[at] = x
      this.at = at + 1 === size ? 0 : at + 1
    }
    return oldest === oldest ? (100 * below) / size : NaN
  }
}

/**
 * Share of the `period` inputs before this one that are at most this one, 0 to 100.
 *
 * Formula: 100 (number of x[-1], ..., x[-p] <= x) / p
 * Flat: 100
 * Source: textbook
 * TA-Lib: none
 * TradingView: ta.percentrank, the same
 *
 * @example
 * ```ts
 * import { percentRank } from '@millrace/indicators'
 * const rank = percentRank(2)
 * rank.update(1)
 * rank.update(5)
 * rank.update(3) // => 50
 * ```
 */
export const percentRank = (period = 100, options: CommonOptions = {}): NumberIndicator => new PercentRank({ ...options, period })

/** Batch form of {@link percentRank}: as long as its input, NaN in the warm-up. */
export const percentRankBatch = (close: Series, period = 100, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(PERCENT_RANK, close, options)
  const result = target(PERCENT_RANK, out, x)
  const one = new PercentRank({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
