import { z } from 'zod'
import { ConfigError } from '../model/errors.ts'
import { pathProblems, shown } from '../model/params.ts'
import { suggestion } from '../model/suggestion.ts'
import { isModule } from './module-ref.ts'
import type { PluginEntry } from './plugin-entry.ts'

const refSchema = z.strictObject({ use: z.string(), params: z.unknown().optional() })

/**
 * Returns a schema for a plugin named in a file, as `"name"` or `{ "use": "name", "params": {} }`; it reads as the plugin itself.
 *
 * @param kind - what it is, for messages: `a strategy`
 */
export function pluginRef<T>(kind: string, entries: Readonly<Record<string, PluginEntry<T>>>): z.ZodType<T> {
  const names = Object.keys(entries)
  return z.unknown().transform((value, context) => {
    const report = (path: readonly PropertyKey[], message: string): never => {
      context.addIssue({ code: 'custom', path: [...path], message, input: value })
      return z.NEVER
    }
    const ref = refSchema.safeParse(typeof value === 'string' ? { use: value } : value)
    if (!ref.success) {
      for (const problem of pathProblems(ref.error, refSchema))
        report(problem.path, problem.path.length === 0 ? `${kind} as a name or as { use, params }` : problem.expected)
      return z.NEVER
    }
    const { use, params = {} } = ref.data
    if (!Object.hasOwn(entries, use)) {
      if (isModule(use))
        return report(typeof value === 'string' ? [] : ['use'], `${kind} that is at hand: loadPlugins() of @millrace/core/node brings modules in`)
      return report(typeof value === 'string' ? [] : ['use'], `${kind}: one of ${names.map(shown).join(', ')}${suggestion(use, names)}`)
    }
    const named = entries[use]!
    const entry = named.within?.(entries) ?? named
    const read = entry.params.safeParse(params)
    if (!read.success) {
      for (const problem of pathProblems(read.error, entry.params)) report(['params', ...problem.path], problem.expected)
      return z.NEVER
    }
    return described(make(entry, read.data, report), read.data, params)
  }) as unknown as z.ZodType<T>
}

function make<T>(entry: PluginEntry<T>, params: unknown, report: (path: readonly PropertyKey[], message: string) => never): T {
  try {
    const made = entry.make(params)
    const wrong = entry.check?.(made)
    return wrong === undefined ? made : report([], wrong)
  } catch (error) {
    if (error instanceof ConfigError) return report(['params'], error.problems.map((problem) => problem.expected).join('; '))
    return report(['params'], `parameters that the plugin accepts (${error instanceof Error ? error.message : String(error)})`)
  }
}

/** What a plugin that does not tell its parameters itself was made with: they are printed, hashed, and held against an edit. */
function described<T>(made: T, read: unknown, given: unknown): T {
  const params = isData(read) ? read : given
  if (typeof params !== 'object' || params === null || Object.keys(params).length === 0) return made
  const withParams = <P>(plugin: P): P => {
    if (typeof plugin !== 'object' || plugin === null || 'params' in plugin) return plugin
    const property = { value: params, enumerable: true }
    return Object.isExtensible(plugin) ? Object.defineProperty(plugin, 'params', property) : (Object.create(plugin, { params: property }) as P)
  }
  return (Array.isArray(made) ? made.map(withParams) : withParams(made)) as T
}

/** True for what JSON can say. Schemas may make something else of what stands in a file: then that is told as it stands. */
function isData(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isData)
  if (typeof value !== 'object') return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isData)
}
