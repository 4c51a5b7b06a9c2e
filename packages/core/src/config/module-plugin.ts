import { z } from 'zod'
import { shown } from '../model/params.ts'
import { suggestion } from '../model/suggestion.ts'
import type { PluginEntry } from './plugin-entry.ts'
import { API_VERSION, codeProblem, contractProblem, kindText } from './plugin-kinds.ts'
import type { PluginKind } from './plugin-kinds.ts'

/** What a module has for a configuration, or what keeps it from having it. */
export type ModulePlugin = { readonly entry: PluginEntry<unknown> } | { readonly expected: string; readonly received: string }

/** What a module exports, by name. */
export type ModuleExports = Readonly<Record<string, unknown>>

/**
 * Finds the plugin of a kind among what a module exports: a factory of `defineStrategy`, what `definePlugin` made, or a finished plugin without parameters. Each
 * is held against the contract; what a factory makes is held against it when it is made.
 *
 * @param name - the export; undefined: the only one that fits
 */
export function pluginOfModule(exports: ModuleExports, name: string | undefined, kind: PluginKind): ModulePlugin {
  const names = Object.keys(exports)
  if (name !== undefined) {
    if (!names.includes(name)) return { expected: `an export ${shown(name)}${suggestion(name, names)}`, received: listed(names) }
    const fit = entryOf(exports[name], kind)
    return typeof fit === 'string' ? { expected: `${kindText[kind]} as ${shown(name)}`, received: fit } : { entry: fit }
  }
  const fitting = new Map<unknown, { readonly name: string; readonly entry: PluginEntry<unknown> }>()
  for (const each of names) {
    const fit = entryOf(exports[each], kind)
    // A module in CommonJS exports its parts by name and all of them as `default`.
    if (typeof fit !== 'string' && !fitting.has(exports[each])) fitting.set(exports[each], { name: each, entry: fit })
  }
  const [first, second] = fitting.values()
  if (first === undefined) return { expected: `an export that is ${kindText[kind]}`, received: reasons(exports, kind) }
  if (second === undefined) return { entry: first.entry }
  const found = [...fitting.values()].map((each) => each.name)
  return { expected: `one export that is ${kindText[kind]}, or its name behind a #`, received: found.join(', ') }
}

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

const listed = (names: readonly string[]): string => (names.length === 0 ? 'a module without exports' : `the exports ${names.join(', ')}`)

/** Why none of the exports fits, one by one. */
function reasons(exports: ModuleExports, kind: PluginKind): string {
  const all = Object.entries(exports).slice(0, 5)
  const why = ([name, value]: readonly [string, unknown]): string => {
    const fit = entryOf(value, kind)
    return typeof fit === 'string' ? `${name}: ${fit}` : name
  }
  return all.length === 0 ? listed([]) : all.map(why).join('; ')
}
