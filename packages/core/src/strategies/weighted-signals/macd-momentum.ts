import type { Indicator } from '../../contracts/indicator.ts'
import type { Json } from '../../model/json.ts'
import { checkSnapshot, numberOf, textOf } from '../indicator-snapshot.ts'

/** A MACD with its histogram of one input ago, in the unit of the input. */
export interface MacdMomentumValue {
  macd: number
  signal: number
  histogram: number
  previousHistogram: number
}

type MacdIndicator = Indicator<number, { readonly macd: number; readonly signal: number; readonly histogram: number }>

/** A class, so that its hidden class is its own: shared with other records that begin with these names it boxes every number stored. */
class Values implements MacdMomentumValue {
  macd = Number.NaN
  signal = Number.NaN
  histogram = Number.NaN
  previousHistogram = Number.NaN
}

function fill(out: MacdMomentumValue, now: MacdIndicator['value'], previousHistogram: number): MacdMomentumValue {
  out.macd = now.macd
  out.signal = now.signal
  out.histogram = now.histogram
  out.previousHistogram = previousHistogram
  return out
}

class MacdMomentum implements Indicator<number, MacdMomentumValue> {
  readonly id: string
  readonly input = 'close'
  readonly warmup: number
  readonly value = new Values()
  private readonly peeked = new Values()
  private readonly inner: MacdIndicator
  private lastHistogram = Number.NaN
  private count = 0

  constructor(inner: MacdIndicator, atLeast: number) {
    this.inner = inner
    this.id = `macdMomentum(${inner.id},${atLeast})`
    this.warmup = Math.max(inner.warmup + 1, atLeast)
  }

  stableAfter(epsilon: number): number {
    return Math.max((this.inner.stableAfter?.(epsilon) ?? this.inner.warmup) + 1, this.warmup + 1)
  }

  update(close: number): MacdMomentumValue {
    const now = this.inner.update(close)
    const previous = this.lastHistogram
    this.lastHistogram = now.histogram
    if (this.count >= this.warmup) return fill(this.value, now, previous)
    this.count++
    return this.value
  }

  preview(close: number): MacdMomentumValue {
    return this.count >= this.warmup ? fill(this.peeked, this.inner.preview(close), this.lastHistogram) : this.peeked
  }

  snapshot(): Json {
    const { macd: line, signal, histogram, previousHistogram } = this.value
    return {
      id: this.id,
      version: 1,
      numbers: [line, signal, histogram, previousHistogram, this.lastHistogram, this.count].map(textOf),
      inner: this.inner.snapshot(),
    }
  }

  restore(state: Json): void {
    const { numbers, inner } = checkSnapshot(this.id, state, 6)
    this.inner.restore(inner ?? null)
    const [line, signal, histogram, previousHistogram, last, count] = numbers.map(numberOf)
    Object.assign(this.value, { macd: line, signal, histogram, previousHistogram })
    this.lastHistogram = last!
    this.count = count!
  }

  reset(): void {
    this.inner.reset()
    Object.assign(this.value, new Values())
    Object.assign(this.peeked, new Values())
    this.lastHistogram = Number.NaN
    this.count = 0
  }
}

/**
 * Makes an indicator around a MACD that also remembers the histogram of one input ago.
 *
 * @param inner - the MACD to ask; it must not be updated by anybody else
 * @param atLeast - warm-up in inputs if that of `inner` and one more is shorter
 * @example
 * ```ts
 * import { macd } from '@millrace/indicators'
 * macdMomentum(macd({ fast: 12, slow: 26, signal: 9 })).warmup // => 34
 * ```
 */
export const macdMomentum = (inner: MacdIndicator, atLeast = 0): Indicator<number, MacdMomentumValue> & { readonly input: 'close' } =>
  new MacdMomentum(inner, atLeast)
