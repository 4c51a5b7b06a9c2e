import type { Indicator } from '../lib/types.ts'

/**
 * The values of an indicator over any iterable, one per input, made as they are asked for. A record output is reused: copy it, or build the indicator with `copy: true`, to keep it.
 *
 * @example
 * ```ts
 * import { each, sma } from '@millrace/indicators'
 * Array.from(each(sma(2), [1, 3, 5])) // => [NaN, 2, 4]
 * ```
 */
export function* each<In, Out>(indicator: Indicator<In, Out>, inputs: Iterable<In>): Generator<Out, void, undefined> {
  for (const input of inputs) yield indicator.update(input)
}

/**
 * {@link each} over an asynchronous source.
 *
 * @example
 * ```ts
 * import { eachAsync, sma } from '@millrace/indicators'
 * const source = async function* () { yield 1; yield 3 }
 * const values: number[] = []
 * for await (const value of eachAsync(sma(2), source())) values.push(value)
 * values // => [NaN, 2]
 * ```
 */
export async function* eachAsync<In, Out>(indicator: Indicator<In, Out>, inputs: AsyncIterable<In>): AsyncGenerator<Out, void, undefined> {
  for await (const input of inputs) yield indicator.update(input)
}
