import type { Json } from '../../model/json.ts'

interface Configured {
  readonly id: string
  readonly params?: Json
}

/** The smallest number under a key in the parameters of the plugins with an id; undefined when none has it. */
export function smallestParam(plugins: readonly object[], id: string, key: string): number | undefined {
  let smallest: number | undefined
  for (const plugin of plugins as readonly Configured[]) {
    if (plugin.id !== id || typeof plugin.params !== 'object' || plugin.params === null) continue
    const value = (plugin.params as Readonly<Record<string, Json>>)[key]
    if (typeof value === 'number' && !(value >= (smallest ?? Number.POSITIVE_INFINITY))) smallest = value
  }
  return smallest
}

/** Text under a key in the parameters of the first plugin with an id. */
export function textParam(plugins: readonly object[], id: string, key: string): string | undefined {
  const plugin = (plugins as readonly Configured[]).find((candidate) => candidate.id === id)
  const value = (plugin?.params as Readonly<Record<string, Json>> | undefined)?.[key]
  return typeof value === 'string' ? value : undefined
}
