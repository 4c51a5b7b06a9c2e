import { z } from 'zod'
import { shown } from '../model/params.ts'
import { chooseExport } from './choose-export.ts'
import type { ModuleExports, Unfit } from './choose-export.ts'
import type { PluginEntry } from './plugin-entry.ts'
import { API_VERSION, codeProblem, contractProblem, kindText } from './plugin-kinds.ts'
import type { PluginKind } from './plugin-kinds.ts'

/**
 * Finds the plugin of a kind among what a module exports: a factory of `defineStrategy`, what `definePlugin` made, or a finished plugin without parameters. Each
 * is held against the contract; what a factory makes is held against it when it is made.
 *
 * @param name - the export; undefined: the only one that fits
 */
export const pluginOfModule = (exports: ModuleExports, name: string | undefined, kind: PluginKind): { readonly chosen: PluginEntry<unknown> } | Unfit =>
  chooseExport(exports, name, kindText[kind], (value) => {
    const entry = entryOf(value, kind)
    return typeof entry === 'string' ? { isNot: entry } : { is: entry }
  })

/** The entry that a value is good for, or why it is good for none. */
function entryOf(value: unknown, kind: PluginKind): PluginEntry<unknown> | string {
  if (typeof value === 'function') return ofFactory(value, kind)
  if (typeof value !== 'object' || value === null) return shown(value)
  return 'kind' in value && 'make' in value ? ofDefinition(value, kind) : ofPlugin(value, kind)
}

const problemOf = (kind: PluginKind, made: unknown): string | undefined =>
  contractProblem(kind, made) ??
  (kind === 'safety'
    ? [made]
        .flat()
        .map((rule) => codeProblem(rule as object))
        .find((problem) => problem !== undefined)
    : undefined)

const check =
  (kind: PluginKind) =>
  (made: unknown): string | undefined => {
    const problem = problemOf(kind, made)
    return problem === undefined ? undefined : `${kindText[kind]} with apiVersion ${API_VERSION}; its module made something with ${problem}`
  }

function ofFactory(value: object & { readonly schema?: unknown; readonly id?: unknown }, kind: PluginKind): PluginEntry<unknown> | string {
  if (kind !== 'strategy' || typeof value.id !== 'string') return `${shown(value)}: a function that is no factory of defineStrategy`
  if (!isSchema(value.schema)) return `${shown(value)} without a schema of zod 4`
  return { params: value.schema, make: value as unknown as (params: unknown) => unknown, check: check(kind) }
}

function ofDefinition(value: object, kind: PluginKind): PluginEntry<unknown> | string {
  const plugin = value as { readonly apiVersion?: unknown; readonly kind: unknown; readonly params?: unknown; readonly make: unknown }
  if (plugin.apiVersion !== API_VERSION) return `a plugin of apiVersion ${shown(plugin.apiVersion)}, and this library runs ${API_VERSION}`
  if (plugin.kind !== kind)
    return typeof plugin.kind === 'string' && plugin.kind in kindText ? kindText[plugin.kind as PluginKind] : `kind ${shown(plugin.kind)}`
  if (typeof plugin.make !== 'function') return 'a plugin without make()'
  if (!isSchema(plugin.params)) return 'a plugin whose params are no schema of zod 4'
  const make = plugin.make as (params: unknown) => unknown
  return { params: plugin.params, make: (params) => asListed(kind, make(params)), check: check(kind) }
}

const none = z.strictObject({})

function ofPlugin(value: object, kind: PluginKind): PluginEntry<unknown> | string {
  const problem = problemOf(kind, value)
  if (problem !== undefined) return `an object with ${problem}`
  return { params: none, make: () => asListed(kind, value) }
}

/** Safety rules come in lists everywhere behind a file. */
const asListed = (kind: PluginKind, made: unknown): unknown => (kind === 'safety' ? [made].flat() : made)

const isSchema = (value: unknown): value is z.ZodType =>
  typeof value === 'object' && value !== null && '_zod' in value && 'safeParse' in value && typeof value.safeParse === 'function'
