import { sma } from '@millrace/indicators'
import type { Indicator } from '../../contracts/indicator.ts'
import type { Json } from '../../model/json.ts'
import { checkSnapshot, numberOf, textOf } from '../indicator-snapshot.ts'

/** Two simple averages, now and one input ago: what a crossing needs. In the unit of the input. */
export interface MaCrossValue {
  fast: number
  slow: number
  previousFast: number
  previousSlow: number
}

/** A class, so that its hidden class is its own: shared with other records that begin with these names it boxes every number stored. */
class Values implements MaCrossValue {
  fast = Number.NaN
  slow = Number.NaN
  previousFast = Number.NaN
  previousSlow = Number.NaN
}

function fill(out: MaCrossValue, fast: number, slow: number, previousFast: number, previousSlow: number): MaCrossValue {
  out.previousFast = previousFast
  out.previousSlow = previousSlow
  out.fast = fast
  out.slow = slow
  return out
}

class MaCross implements Indicator<number, MaCrossValue> {
  readonly id: string
  readonly input = 'close'
  readonly warmup: number
  readonly value = new Values()
  private readonly peeked = new Values()
  private readonly fastAverage: Indicator<number, number>
  private readonly slowAverage: Indicator<number, number>
  /** The averages of the last input before the first value. */
  private firstFast = Number.NaN
  private firstSlow = Number.NaN

  constructor(fast: number, slow: number) {
    if (!(fast < slow)) throw new RangeError(`maCross: fast: expected less than slow (${slow}), received ${fast}`)
    this.id = `maCross(${fast},${slow})`
    this.warmup = slow
    this.fastAverage = sma(fast)
    this.slowAverage = sma(slow)
  }

  update(close: number): MaCrossValue {
    const fast = this.fastAverage.update(close)
    const slow = this.slowAverage.update(close)
    const out = this.value
    // Warm from here on: the record itself holds what was.
    if (out.slow === out.slow) return fill(out, fast, slow, out.fast, out.slow)
    if (!Number.isNaN(this.firstSlow)) return fill(out, fast, slow, this.firstFast, this.firstSlow)
    this.firstFast = fast
    this.firstSlow = slow
    return out
  }

  preview(close: number): MaCrossValue {
    const { fast, slow } = this.value
    const isWarm = slow === slow
    if (!isWarm && Number.isNaN(this.firstSlow)) return this.peeked
    return fill(this.peeked, this.fastAverage.preview(close), this.slowAverage.preview(close), isWarm ? fast : this.firstFast, isWarm ? slow : this.firstSlow)
  }

  snapshot(): Json {
    const { fast, slow, previousFast, previousSlow } = this.value
    const numbers = [fast, slow, previousFast, previousSlow, this.firstFast, this.firstSlow]
    return { id: this.id, version: 1, numbers: numbers.map(textOf), fast: this.fastAverage.snapshot(), slow: this.slowAverage.snapshot() }
  }

  restore(state: Json): void {
    const { numbers, fast, slow } = checkSnapshot(this.id, state, 6)
    this.fastAverage.restore(fast ?? null)
    this.slowAverage.restore(slow ?? null)
    const [a, b, c, d, e, f] = numbers.map(numberOf)
    Object.assign(this.value, { fast: a, slow: b, previousFast: c, previousSlow: d })
    this.firstFast = e!
    this.firstSlow = f!
  }

  reset(): void {
    this.fastAverage.reset()
    this.slowAverage.reset()
    Object.assign(this.value, new Values())
    Object.assign(this.peeked, new Values())
    this.firstFast = Number.NaN
    this.firstSlow = Number.NaN
  }
}

/**
 * Makes an indicator of two simple moving averages that also remembers their values of one input ago; warm after `slow` + 1 inputs.
 *
 * @throws RangeError when `fast` is not smaller than `slow`, or a period is not a whole number above 0
 * @example
 * ```ts
 * const cross = maCross(1, 2)
 * for (const close of [10, 12, 11]) cross.update(close)
 * cross.value.previousFast > cross.value.previousSlow && cross.value.fast < cross.value.slow // => true
 * ```
 */
export const maCross = (fast: number, slow: number): Indicator<number, MaCrossValue> & { readonly input: 'close' } => new MaCross(fast, slow)
