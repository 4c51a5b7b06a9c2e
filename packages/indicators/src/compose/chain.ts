import type { Description, Indicator, Json, NumberIndicator } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'
import { alignmentOf, bound } from './bound.ts'
import { loadParts, oneNumber, saveParts } from './parts.ts'

class Chain<In, Out> implements Indicator<In, Out> {
  readonly id: string
  readonly warmup: number
  readonly input: unknown
  readonly alignment: number | undefined
  readonly forTimeframe: ((timeframeMs: number) => Indicator<In, Out>) | undefined
  value: Out
  private readonly first: Indicator<In, number>
  private readonly second: NumberIndicator<Out>

  constructor(first: Indicator<In, number>, second: NumberIndicator<Out>) {
    oneNumber('chain', first)
    if (second.input !== 'close') throw unexpected('chain', `an indicator of numbers after ${first.id}`, second.id)
    this.first = first
    this.second = second
    this.id = `${first.id} > ${second.id}`
    this.warmup = first.warmup + second.warmup
    this.input = (first as { input?: unknown }).input
    this.value = second.value
    this.alignment = alignmentOf([first])
    this.forTimeframe = this.alignment === undefined ? undefined : (timeframeMs) => new Chain(bound(first, timeframeMs), second)
  }

  update(input: In): Out {
    const x = this.first.update(input)
    return (this.value = x === x ? this.second.update(x) : this.second.value)
  }

  preview(input: In): Out {
    const x = this.first.preview(input)
    return x === x ? this.second.preview(x) : this.second.value
  }

  stableAfter(epsilon: number): number {
    return this.first.stableAfter(epsilon) + this.second.stableAfter(epsilon)
  }

  snapshot(): Json {
    return saveParts(this.id, [this.first, this.second])
  }

  restore(state: Json): void {
    loadParts(this.id, [this.first, this.second], state)
    this.value = this.second.value
  }

  reset(): void {
    this.first.reset()
    this.second.reset()
    this.value = this.second.value
  }

  describe(): Description {
    return { ...this.second.describe(), name: this.id, inputs: this.first.describe().inputs, params: {} }
  }
}

/**
 * Feeds each indicator with the values of the one before, once there are any; the warm-ups add up. The first may read numbers, candles or pairs.
 * Bad input is the business of the first: with `onInvalid: 'propagate'` it is left out of the chain; with `'skip'` its last value is fed again.
 *
 * @example
 * ```ts
 * import { chain, ema, hl2, rsi } from '@millrace/indicators'
 * const smoothed = chain(ema(10), rsi(14))
 * smoothed.warmup // => 23
 * chain(hl2(), ema(10), rsi(14)).id // => 'hl2() > ema(10) > rsi(14)'
 * ```
 */
export function chain<A extends Indicator<never, number>, Out>(first: A, last: NumberIndicator<Out>): Composed<A, Out>
export function chain<A extends Indicator<never, number>, Out>(first: A, second: NumberIndicator, last: NumberIndicator<Out>): Composed<A, Out>
export function chain<A extends Indicator<never, number>, Out>(
  first: A,
  second: NumberIndicator,
  third: NumberIndicator,
  last: NumberIndicator<Out>,
): Composed<A, Out>
export function chain(first: Indicator<never, number>, ...rest: NumberIndicator<unknown>[]): unknown {
  return rest.reduce<Indicator<never, unknown>>((before, next) => new Chain(before as Indicator<never, number>, next), first)
}

/** An indicator with the input of `A` and the output `Out`. */
export type Composed<A, Out> = (A extends Indicator<infer In, unknown> ? Indicator<In, Out> : never) &
  (A extends { readonly input: infer Kind } ? { readonly input: Kind } : unknown)
