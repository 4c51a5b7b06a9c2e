import type { Description, Indicator, Json } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'
import type { Composed } from './chain.ts'
import { alignmentOf, bound } from './bound.ts'
import { loadParts, saveParts } from './parts.ts'

class Of<In, V> implements Indicator<In, number> {
  readonly id: string
  readonly warmup: number
  readonly input: unknown
  readonly alignment: number | undefined
  readonly forTimeframe: ((timeframeMs: number) => Indicator<In, number>) | undefined
  value: number
  private readonly source: Indicator<In, V>
  private readonly key: keyof V

  constructor(source: Indicator<In, V>, key: keyof V) {
    const known = source.describe().outputs
    if (typeof (source.value as unknown) !== 'object') throw unexpected('of', 'an indicator with several outputs', source.id)
    if (!known.includes(String(key))) throw unexpected('of: output', `one of ${known.join(', ')}`, key)
    this.source = source
    this.key = key
    this.id = `${source.id}.${String(key)}`
    this.warmup = source.warmup
    this.input = (source as { input?: unknown }).input
    this.value = source.value[key] as number
    this.alignment = alignmentOf([source])
    this.forTimeframe = this.alignment === undefined ? undefined : (timeframeMs) => new Of(bound(source, timeframeMs), key)
  }

  update(input: In): number {
    return (this.value = this.source.update(input)[this.key] as number)
  }

  preview(input: In): number {
    return this.source.preview(input)[this.key] as number
  }

  stableAfter(epsilon: number): number {
    return this.source.stableAfter(epsilon)
  }

  snapshot(): Json {
    return saveParts(this.id, [this.source])
  }

  restore(state: Json): void {
    loadParts(this.id, [this.source], state)
    this.value = this.source.value[this.key] as number
  }

  reset(): void {
    this.source.reset()
    this.value = this.source.value[this.key] as number
  }

  describe(): Description {
    return { ...this.source.describe(), name: this.id, outputs: ['value'] }
  }
}

/**
 * One output of an indicator that has several, as an indicator of its own.
 *
 * @example
 * ```ts
 * import { chain, macd, of, sma } from '@millrace/indicators'
 * const histogram = of(macd(), 'histogram')
 * chain(histogram, sma(5)).id // => 'macd(12,26,9).histogram > sma(5)'
 * ```
 */
export const of = <A extends Indicator<never, object>>(source: A, output: keyof A['value'] & string): Composed<A, number> =>
  new Of(source, output as never) as unknown as Composed<A, number>
