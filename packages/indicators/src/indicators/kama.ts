import { fade, Scalar } from '../lib/base.ts'
import { series, type Series, target } from '../lib/columns.ts'
import { Delay } from '../lib/delay.ts'
import { LONG } from '../lib/params.ts'
import { SumWindow } from '../lib/sum-window.ts'
import type { CommonOptions, Description, NumberIndicator } from '../lib/types.ts'

export const KAMA: Description = {
  name: 'kama',
  title: 'Kaufman Adaptive Moving Average',
  params: {
    period: { kind: 'integer', default: 10, min: 1, max: LONG },
    fast: { kind: 'integer', default: 2, min: 1, max: LONG },
    slow: { kind: 'integer', default: 30, min: 1, max: LONG },
  },
  inputs: ['close'],
  outputs: ['value'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Options of {@link kama}. */
export interface KamaOptions extends CommonOptions {
  /** Shortest memory, as the period of an exponential average; default 2. */
  readonly fast?: number
  /** Longest memory; default 30. */
  readonly slow?: number
}

class Kama extends Scalar implements NumberIndicator {
  readonly input = 'close'
  readonly warmup: number
  private readonly steps: SumWindow
  private readonly delay: Delay
  private readonly floor: number
  private readonly span: number
  private last = NaN
  private average = NaN

  constructor(options: KamaOptions & { period?: number }) {
    super(KAMA, options)
    const { period, fast, slow } = this.read<{ period: number; fast: number; slow: number }>()
    this.warmup = period
    this.steps = new SumWindow(period)
    this.delay = new Delay(period)
    this.floor = 2 / (slow + 1)
    this.span = 2 / (fast + 1) - this.floor
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - this.floor * this.floor, epsilon)
  }

  update(x: number): number {
    return (this.value = Number.isFinite(x) ? this.step(x, true) : this.refuse(x))
  }

  preview(x: number): number {
    return Number.isFinite(x) ? this.step(x, false) : this.refuse(x)
  }

  private step(x: number, keep: boolean): number {
    const { last, floor, span } = this
    const step = Math.abs(x - last)
    const steps = step === step ? this.steps.step(step, keep) : NaN
    const net = Math.abs(x - this.delay.step(x, keep))
    let { average } = this
    if (steps === steps) {
      const ratio = net < steps ? net / steps : 1
      const weight = (ratio * span + floor) * (ratio * span + floor)
      average = (average === average ? average : last) + weight * (x - (average === average ? average : last))
    }
    if (keep) {
      this.last = x
      this.average = average
    }
    return average
  }
}

/**
 * Average that follows fast where the price goes straight and slowly where it wavers, in the unit of the input.
 *
 * Formula: er = |x - x[-p]| / sum of |steps|, 1 without steps; sc = (er (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1))^2; kama += sc (x - kama),
 * starting from x[-1]
 * Flat: exactly the input
 * Source: Kaufman 1995
 * TA-Lib: KAMA with fast 2 and slow 30, the same
 * TradingView: the chart script has its own constants; not checked
 *
 * @example
 * ```ts
 * import { kama } from '@millrace/indicators'
 * const average = kama(2)
 * average.update(1)
 * average.update(1)
 * average.update(1) // => 1
 * ```
 */
export const kama = (period = 10, options: KamaOptions = {}): NumberIndicator => new Kama({ ...options, period })

/** Batch form of {@link kama}: as long as its input, NaN in the warm-up. */
export const kamaBatch = (close: Series, period = 10, out?: Float64Array, options: KamaOptions = {}): Float64Array => {
  const x = series(KAMA, close, options)
  const result = target(KAMA, out, x)
  const one = new Kama({ ...options, period })
  for (let i = 0; i < x.length; i++) result[i] = one.update(x[i]!)
  return result
}
