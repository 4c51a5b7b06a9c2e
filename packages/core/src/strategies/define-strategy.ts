import type { z } from 'zod'
import type { Indicators } from '../contracts/indicator.ts'
import type { SignalBuilder, StateDefinition, Strategy, StrategyContext, StrategyDefinition, StrategyFactory, StrategyMemory } from '../contracts/strategy.ts'
import type { Json } from '../model/json.ts'
import { problemsOf } from '../model/params.ts'
import { MINUTE_MS } from '../model/time.ts'
import { boundTo } from './bound-to.ts'

/**
 * Makes a strategy plugin: a factory that takes the parameters of its zod schema and gives a configured strategy.
 *
 * @throws z.ZodError from the factory when the parameters do not fit the schema; TypeError when the initial state does not fit its own
 * @example
 * ```ts
 * import { sma } from '@millrace/indicators'
 * import { z } from 'zod'
 * const overAverage = defineStrategy({
 *   id: 'over-average',
 *   params: z.strictObject({ period: z.int().min(2).default(20) }),
 *   indicators: (p) => ({ mean: sma(p.period) }),
 *   components: { distance: ({ reading }) => `${reading.toFixed(2)} % from the mean` },
 *   evaluate({ readings, candle }, _params, signal) {
 *     const distance = 100 * (candle.close / readings.mean.value - 1)
 *     signal.add('distance', Math.max(-1, Math.min(1, distance)), 1, distance)
 *   },
 * })
 * overAverage({ period: 50 }).params // => { period: 50 }
 * overAverage({ period: 1 }) // => throws expected number to be >=2
 * ```
 */
export function defineStrategy<const S extends z.ZodObject, const I extends Indicators, const Name extends string, const M extends z.ZodType = z.ZodNever>(
  definition: StrategyDefinition<S, I, Name, M>,
): StrategyFactory<S> {
  const factory = (input?: z.input<S>): Strategy => {
    const params = definition.params.parse(input ?? {}) as z.output<S>
    const memory = definition.state === undefined ? undefined : memoryOf(definition.state, params)
    const { window = 0 } = definition
    return {
      apiVersion: 1,
      id: definition.id,
      params: params as Json,
      componentNames: Object.keys(definition.components),
      window: typeof window === 'number' ? window : window(params),
      create(timeframeMs = MINUTE_MS) {
        const readings = boundTo(definition.indicators(params), timeframeMs)
        return {
          indicators: Object.entries(readings),
          readings,
          memory,
          evaluate: (context, signal) =>
            definition.evaluate(context as unknown as StrategyContext<I, z.output<M>>, params, signal as unknown as SignalBuilder<Name, z.input<M>>),
          describe: (name, component) => definition.components[name as Name](component),
        }
      },
    }
  }
  return Object.assign(factory, { id: definition.id, schema: definition.params })
}

function memoryOf<P, M extends z.ZodType>(definition: StateDefinition<P, M>, params: P): StrategyMemory {
  const { schema } = definition
  const memory = {
    initial: definition.initial(params) as Json,
    read(state: Json): unknown {
      const read = schema.safeParse(state)
      if (read.success) return read.data
      throw new TypeError(
        problemsOf(read.error, state, schema, 'state')
          .map(({ path, expected, received }) => `${path}: expected ${expected}, received ${received}`)
          .join('; '),
      )
    },
  }
  memory.read(memory.initial)
  return memory
}
