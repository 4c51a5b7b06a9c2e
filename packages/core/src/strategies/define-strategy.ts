import type { z } from 'zod'
import type { Indicators } from '../contracts/indicator.ts'
import type { SignalBuilder, Strategy, StrategyContext, StrategyDefinition, StrategyFactory } from '../contracts/strategy.ts'
import type { Json } from '../model/json.ts'

/**
 * Makes a strategy plugin: a factory that takes the parameters of its zod schema and gives a configured strategy.
 *
 * @throws z.ZodError from the factory when the parameters do not fit the schema
 */
export function defineStrategy<const S extends z.ZodObject, const I extends Indicators, const Name extends string>(
  definition: StrategyDefinition<S, I, Name>,
): StrategyFactory<S> {
  const factory = (input?: z.input<S>): Strategy => {
    const params = definition.params.parse(input ?? {}) as z.output<S>
    return {
      apiVersion: 1,
      id: definition.id,
      params: params as Json,
      componentNames: Object.keys(definition.components),
      window: definition.window ?? 0,
      create() {
        const readings = definition.indicators(params)
        return {
          indicators: Object.entries(readings),
          readings,
          evaluate: (context, signal) => definition.evaluate(context as unknown as StrategyContext<I>, params, signal as SignalBuilder<Name>),
          describe: (name, component) => definition.components[name as Name](component),
        }
      },
    }
  }
  return Object.assign(factory, { id: definition.id, schema: definition.params })
}
