import { Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { Delay } from '../lib/delay.ts'
import { LONG } from '../lib/params.ts'
import { SumWindow } from '../lib/sum-window.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const EFFICIENCY_RATIO: Description = {
  name: 'efficiencyRatio',
  title: 'Efficiency Ratio',
  params: { period: { kind: 'integer', default: 10, min: 1, max: LONG } },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'own',
  range: [0, 1],
  complexity: 'O(1)',
}

class EfficiencyRatio extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly steps: SumWindow
  private readonly delay: Delay
  private last = NaN

  constructor(options: CommonOptions & { period?: number }) {
    super(EFFICIENCY_RATIO, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period
    this.steps = new SumWindow(period)
    this.delay = new Delay(period)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const step = Math.abs(x - this.last)
    const net = Math.abs(x - this.delay.step(x, keep))
    if (keep) this.last = x
    const steps = step === step ? this.steps.step(step, keep) : NaN
    return steps === 0 ? 0 : Math.min(1, net / steps)
  }
}

/**
 * Net change over the sum of its steps: 0 for a price that went nowhere, 1 for one that went straight.
 *
 * Formula: |x - x[-p]| / sum of |x[-i] - x[-i-1]|
 * Flat: 0
 * Source: Kaufman 1995
 * TA-Lib: inside KAMA only, where no movement counts as 1
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { efficiencyRatio } from '@millrace/indicators'
 * const ratio = efficiencyRatio(2)
 * ratio.update(1)
 * ratio.update(4)
 * ratio.update(3) // => 0.5
 * ```
 */
export const efficiencyRatio = (period = 10, options: CommonOptions = {}): NumberIndicator => new EfficiencyRatio({ ...options, period })

/** Batch form of {@link efficiencyRatio}: as long as its input, NaN in the warm-up. */
export const efficiencyRatioBatch = (close: Series, period = 10, out?: Float64Array, options: CommonOptions = {}): Float64Array => {
  const x = series(EFFICIENCY_RATIO, close, options)
  const result = target(EFFICIENCY_RATIO, out, x)
  const one = new EfficiencyRatio({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
