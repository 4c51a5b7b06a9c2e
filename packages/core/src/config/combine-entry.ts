import { z } from 'zod'
import type { Strategy } from '../contracts/strategy.ts'
import { combine } from '../strategies/combine/combine.ts'
import { checkWeights, combineShape } from '../strategies/combine/combine-params.ts'
import type { PluginEntry } from './plugin-entry.ts'
import { pluginRef } from './plugin-ref.ts'

/** `combine` as files name it: `of` lists strategies by name, the library's own or whatever the registry at hand holds, `combine` among them. */
export function combineEntry(entries: () => Readonly<Record<string, PluginEntry<Strategy>>>): PluginEntry<Strategy> {
  const params = z
    .strictObject({
      ...combineShape,
      of: z
        .array(z.lazy(() => pluginRef('a strategy', entries())))
        .min(1)
        .max(20),
    })
    .superRefine((p, context) => {
      const problem = checkWeights(p)
      if (problem !== undefined) context.addIssue({ code: 'custom', path: ['weights'], message: problem, input: p.weights })
    })
  return {
    params,
    make(read) {
      const { of, weights, ...options } = read as z.output<typeof params>
      return combine(of, weights === undefined ? options : { ...options, weights })
    },
    within: (others) => combineEntry(() => others),
  }
}
