import { Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { hasXy } from '../lib/finite.ts'
import type { CommonOptions, Description, Pair, PairIndicator } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'

export const CROSS: Description = {
  name: 'cross',
  title: 'Cross',
  params: {},
  inputs: ['x', 'y'],
  outputs: ['value'],
  pane: 'own',
  range: [-1, 1],
  complexity: 'O(1)',
}

class Cross extends Scalar implements PairIndicator {
  readonly input = 'pair'
  readonly warmup: number
  private above = NaN

  constructor(options: CommonOptions) {
    super(CROSS, options)
    this.warmup = 1
  }

  update(pair: Pair): number {
    return (this.value = hasXy(pair) ? this.step(pair, true) : this.refuse(pair))
  }

  preview(pair: Pair): number {
    return hasXy(pair) ? this.step(pair, false) : this.refuse(pair)
  }

  private step(pair: Pair, keep: boolean): number {
    const { above } = this
    const now = pair.x > pair.y ? 1 : pair.x < pair.y ? -1 : 0
    if (keep) this.above = now
    return above !== above ? NaN : now === 1 && above < 1 ? 1 : now === -1 && above > -1 ? -1 : 0
  }
}

/**
 * 1 where x crosses over y, -1 where it crosses under, else 0.
 *
 * Formula: over: x > y and x[-1] <= y[-1]; under: x < y and x[-1] >= y[-1]
 * Flat: 0
 * Source: textbook
 * TA-Lib: none
 * TradingView: ta.crossover, ta.crossunder and ta.cross in one
 *
 * @example
 * ```ts
 * import { cross } from '@millrace/indicators'
 * const m = cross()
 * m.update({ x: 1, y: 2 })
 * m.update({ x: 3, y: 2 }) // => 1
 * ```
 */
export const cross = (options: CommonOptions = {}): PairIndicator => new Cross(options)

/** Batch form of {@link cross}: as long as its input, NaN in the warm-up. */
export const crossBatch = (x: Series, y: Series, options: CommonOptions = {}, out?: Float64Array): Float64Array => {
  const a = series(CROSS, x, options, 'x')
  const b = series(CROSS, y, options, 'y')
  if (a.length !== b.length) throw unexpected('cross: y', `${a.length} values as in x`, b.length)
  const pair = { x: NaN, y: NaN }
  const result = target(CROSS, out, { length: a.length, a, b })
  const one = new Cross(options)
  for (let i = 0; i < a.length; i++) {
    pair.x = a[i]!
    pair.y = b[i]!
    result[i] = one.update(pair)
  }
  return result
}
