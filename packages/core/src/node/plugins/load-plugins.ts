import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { builtIns } from '../../config/built-ins.ts'
import type { PluginRegistry } from '../../config/built-ins.ts'
import type { Unfit } from '../../config/choose-export.ts'
import { pluginOfModule } from '../../config/module-plugin.ts'
import { moduleRefs } from '../../config/module-ref.ts'
import type { ModuleRef } from '../../config/module-ref.ts'
import type { PluginEntry } from '../../config/plugin-entry.ts'
import type { PluginKind } from '../../config/plugin-kinds.ts'
import { ConfigError } from '../../model/errors.ts'
import type { ConfigProblem } from '../../model/errors.ts'
import { pathText } from '../../model/params.ts'
import { findModule } from './find-module.ts'
import type { FoundModule } from './find-module.ts'
import { importModule } from './import-module.ts'
import type { ImportedModule } from './import-module.ts'

/** A module that a configuration names, as it was loaded. */
export interface LoadedModule {
  /** As the configuration says it, without the name of an export. */
  readonly specifier: string
  readonly file: string
  /** SHA-256 of the file: which code ran, 64 hex digits. What the file imports is not in it. */
  readonly sha256: string
}

/** What came of loading the modules of a configuration. */
export interface LoadedPlugins {
  /** The plugins given, and those of the modules by the names that the configuration uses: what `parseConfig` takes. */
  readonly plugins: PluginRegistry
  readonly modules: readonly LoadedModule[]
}

/** Where modules are looked for, and what is there without them. */
export interface LoadPluginsOptions {
  /** The folder that relative paths and packages are seen from: that of the configuration file. */
  readonly folder: string
  /** What can be named without a module; the library's own if left out. */
  readonly plugins?: PluginRegistry
}

const groups = {
  strategy: 'strategies',
  exit: 'exits',
  sizer: 'sizing',
  tranchePlan: 'tranchePlans',
  safety: 'safety',
  execution: 'execution',
} as const satisfies Readonly<Record<PluginKind, keyof PluginRegistry>>

/**
 * Loads the modules that a configuration names (`"./own.ts"`, `"./own.ts#dip"`, `"@me/plugins#dip"`) and holds what they export against the plugin contracts. Their
 * code runs with all the rights of the process.
 *
 * @param config - the data of a configuration file
 * @throws ConfigError with every module that cannot be found or loaded, or does not export what belongs at its place: path, expected, received
 * @example
 * ```ts
 * import { parseConfig } from '@millrace/core'
 * const data = { bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced' }] }
 * const { plugins, modules } = await loadPlugins(data, { folder: '.' })
 * modules // => []
 * parseConfig(data, plugins).bots.length // => 1
 * ```
 */
export async function loadPlugins(config: unknown, { folder, plugins = builtIns }: LoadPluginsOptions): Promise<LoadedPlugins> {
  const refs = moduleRefs(config)
  const loaded = new Map<string, { readonly found: FoundModule; readonly sha256: string; readonly imported: ImportedModule | undefined }>()
  for (const specifier of new Set(refs.map((ref) => ref.specifier))) {
    const found = findModule(specifier, folder)
    // Of the file as it was when its code was taken, however long that takes to load.
    const sha256 = 'file' in found ? createHash('sha256').update(readFileSync(found.file)).digest('hex') : ''
    // One after the other: what goes wrong in one of them must not be blamed on another.
    loaded.set(specifier, { found, sha256, imported: 'file' in found ? await importModule(found.file) : undefined })
  }
  const problems: ConfigProblem[] = []
  const registry: Record<string, Record<string, PluginEntry<unknown>>> = {}
  for (const ref of refs) {
    const { found, imported } = loaded.get(ref.specifier)!
    const plugin = imported === undefined ? (found as Unfit) : 'exports' in imported ? pluginOfModule(imported.exports, ref.exported, ref.kind) : imported
    if ('chosen' in plugin) (registry[groups[ref.kind]] ??= {})[ref.use] = plugin.chosen
    else problems.push(problemAt(ref, plugin))
  }
  if (problems.length > 0) throw new ConfigError(problems)
  const modules = [...loaded].flatMap(([specifier, { found, sha256 }]) => ('file' in found ? [{ specifier, file: found.file, sha256 }] : []))
  const all = Object.entries(plugins).map(([group, entries]) => [group, { ...(entries as object), ...registry[group] }])
  return { plugins: Object.fromEntries(all) as unknown as PluginRegistry, modules: modules }
}

const problemAt = ({ path, use }: ModuleRef, { expected, received }: Unfit): ConfigProblem => ({
  path: pathText('', path),
  expected,
  received: `${received} (${JSON.stringify(use)})`,
})
