import type { Description, Indicator, Json, PairIndicator } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'
import type { Composed } from './chain.ts'
import { alignmentOf, bound } from './bound.ts'
import { loadParts, oneNumber, saveParts } from './parts.ts'

class Join<In, Out> implements Indicator<In, Out> {
  readonly id: string
  readonly warmup: number
  readonly input: unknown
  readonly alignment: number | undefined
  readonly forTimeframe: ((timeframeMs: number) => Indicator<In, Out>) | undefined
  value: Out
  private readonly x: Indicator<In, number>
  private readonly y: Indicator<In, number>
  private readonly last: PairIndicator<Out>
  private readonly pair = { x: NaN, y: NaN }

  constructor(x: Indicator<In, number>, y: Indicator<In, number>, last: PairIndicator<Out>) {
    oneNumber('join', x)
    oneNumber('join', y)
    if (last.input !== 'pair') throw unexpected('join', `an indicator of pairs after ${x.id} and ${y.id}`, last.id)
    this.x = x
    this.y = y
    this.last = last
    this.id = `${last.id} of (${x.id}, ${y.id})`
    this.warmup = Math.max(x.warmup, y.warmup) + last.warmup
    this.input = (x as { input?: unknown }).input
    this.value = last.value
    this.alignment = alignmentOf([x, y])
    this.forTimeframe = this.alignment === undefined ? undefined : (timeframeMs) => new Join(bound(x, timeframeMs), bound(y, timeframeMs), last)
  }

  update(input: In): Out {
    const x = this.x.update(input)
    const y = this.y.update(input)
    return (this.value = this.both(x, y) ? this.last.update(this.pair) : this.last.value)
  }

  preview(input: In): Out {
    const x = this.x.preview(input)
    const y = this.y.preview(input)
    return this.both(x, y) ? this.last.preview(this.pair) : this.last.value
  }

  stableAfter(epsilon: number): number {
    return Math.max(this.x.stableAfter(epsilon), this.y.stableAfter(epsilon)) + this.last.stableAfter(epsilon)
  }

  snapshot(): Json {
    return saveParts(this.id, [this.x, this.y, this.last])
  }

  restore(state: Json): void {
    loadParts(this.id, [this.x, this.y, this.last], state)
    this.value = this.last.value
  }

  reset(): void {
    for (const part of [this.x, this.y, this.last]) part.reset()
    this.value = this.last.value
  }

  describe(): Description {
    const inputs = [...new Set([...this.x.describe().inputs, ...this.y.describe().inputs])]
    return { ...this.last.describe(), name: this.id, inputs, params: {} }
  }

  private both(x: number, y: number): boolean {
    this.pair.x = x
    this.pair.y = y
    return x === x && y === y
  }
}

/**
 * Feeds an indicator of pairs with the values of two others that read the same input, once both have any.
 *
 * @example
 * ```ts
 * import { cross, join, sma } from '@millrace/indicators'
 * const signal = join(sma(12), sma(26), cross())
 * signal.warmup // => 26
 * signal.id // => 'cross() of (sma(12), sma(26))'
 * ```
 */
export const join = <A extends Indicator<never, number>, Out>(x: A, y: NoInfer<A>, last: PairIndicator<Out>): Composed<A, Out> =>
  new Join(x, y, last) as unknown as Composed<A, Out>
