import type { z } from 'zod'
import type { PluginEntry } from './plugin-entry.ts'
import { API_VERSION } from './plugin-kinds.ts'
import type { PluginKind, Plugins } from './plugin-kinds.ts'

/** A plugin with parameters, as a module exports it for configuration files; strategies are exported as `defineStrategy` makes them. */
export interface PluginDefinition<K extends PluginKind = PluginKind> extends PluginEntry<Plugins[K]> {
  readonly apiVersion: 1
  readonly kind: K
}

/**
 * Makes an export that a configuration file can name by its module, as in `{ "use": "./sizers.ts#halfCash", "params": { "share": 0.5 } }`.
 *
 * @param kind - which part of a bot it is
 * @param plugin - a zod schema of its parameters, and what makes the plugin of parameters that were read with it
 * @example
 * ```ts
 * import { z } from 'zod'
 * const halfCash = definePlugin('sizer', {
 *   params: z.strictObject({ share: z.number().gt(0).lte(1).default(0.5) }),
 *   make: ({ share }) => ({ apiVersion: 1, id: 'half-cash', size: (_score, view) => view.cash.available * share }),
 * })
 * halfCash.make({ share: 0.25 }).id // => 'half-cash'
 * ```
 */
export function definePlugin<const K extends PluginKind, S extends z.ZodType>(
  kind: K,
  plugin: { readonly params: S; make(params: z.output<S>): Plugins[K] },
): PluginDefinition<K> {
  return { apiVersion: API_VERSION, kind, params: plugin.params, make: (params) => plugin.make(params as z.output<S>) }
}
