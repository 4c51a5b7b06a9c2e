import type { PluginKind } from './plugin-kinds.ts'

/** A plugin that a configuration takes from a module: where it stands, which kind belongs there, and what it says. */
export interface ModuleRef {
  readonly path: readonly PropertyKey[]
  readonly kind: PluginKind
  /** As it stands in the configuration. */
  readonly use: string
  /** A file (`./`, `../` or `/` at the beginning) or a package. */
  readonly specifier: string
  /** The name of the export; undefined: the only one that fits. */
  readonly exported: string | undefined
}

/**
 * Says whether a plugin's name means a module and not one of the library's: a path (`./own.ts`), a package with its scope (`@me/plugins`), or either with the
 * name of an export (`plugins#dip`).
 *
 * @example
 * ```ts
 * ['cooldown', './own.ts', '@me/plugins', 'plugins#dip'].map(isModule) // => [false, true, true, true]
 * ```
 */
export const isModule = (use: string): boolean => /^(\.{0,2}\/|@)/.test(use) || use.includes('#')

/** Returns every module that a configuration names, in the order of the file. What is no configuration at all has none: reading it says why. */
export function moduleRefs(config: unknown): readonly ModuleRef[] {
  const refs: ModuleRef[] = []
  const root = recordOf(config)
  collectList(refs, 'safety', recordOf(root['account'])['safety'], ['account', 'safety'])
  collectBot(refs, root['defaults'], ['defaults'])
  listOf(root['bots']).forEach((bot, i) => collectBot(refs, bot, ['bots', i]))
  return refs
}

type Path = readonly PropertyKey[]

function collectBot(refs: ModuleRef[], data: unknown, path: Path): void {
  const bot = recordOf(data)
  collect(refs, 'strategy', bot['strategy'], [...path, 'strategy'])
  collect(refs, 'sizer', bot['sizing'], [...path, 'sizing'])
  collect(refs, 'tranchePlan', recordOf(bot['tranches'])['plan'], [...path, 'tranches', 'plan'])
  collectList(refs, 'exit', bot['exits'], [...path, 'exits'])
  collectList(refs, 'safety', bot['safety'], [...path, 'safety'])
  collect(refs, 'execution', bot['execution'], [...path, 'execution'])
}

function collectList(refs: ModuleRef[], kind: PluginKind, list: unknown, path: Path): void {
  listOf(list).forEach((item, i) => collect(refs, kind, item, [...path, i]))
}

function collect(refs: ModuleRef[], kind: PluginKind, item: unknown, path: Path): void {
  const plugin = typeof item === 'string' ? { use: item } : recordOf(item)
  const use = plugin['use']
  if (typeof use !== 'string') return
  if (isModule(use)) refs.push({ path: typeof item === 'string' ? path : [...path, 'use'], kind, use, ...partsOf(use) })
  // A strategy that is made of others names them in the same way.
  if (use === 'combine') collectList(refs, 'strategy', recordOf(plugin['params'])['of'], [...path, 'params', 'of'])
}

function partsOf(use: string): Pick<ModuleRef, 'specifier' | 'exported'> {
  const at = use.indexOf('#')
  return at === -1 ? { specifier: use, exported: undefined } : { specifier: use.slice(0, at), exported: use.slice(at + 1) }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
