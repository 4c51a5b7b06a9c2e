import { resolve } from 'node:path'
import { chooseExport } from '../../config/choose-export.ts'
import type { Fit, Unfit } from '../../config/choose-export.ts'
import { API_VERSION } from '../../config/plugin-kinds.ts'
import type { Adapter } from '../../contracts/adapter.ts'
import { ConfigError } from '../../model/errors.ts'
import { shown } from '../../model/params.ts'
import { findModule } from './find-module.ts'
import { importModule } from './import-module.ts'

const methods = { market: 'openMarket', exchange: 'openExchange' } as const

/**
 * Loads a module with an adapter: a path, a scoped package, or either with `#export`. Its code runs with all the rights of the process.
 *
 * @param what - what it is to open
 * @param folder - where paths and packages are seen from
 * @throws ConfigError when it cannot be found or loaded, or has nothing that opens what is asked for; the path is `what`
 * @example
 * ```ts
 * await loadAdapter('./no-such-file.ts', 'market', '.').catch((error) => error.problems[0].expected) // => 'the file of a module'
 * ```
 */
export async function loadAdapter(use: string, what: 'market' | 'exchange', folder: string): Promise<Adapter> {
  const [specifier = '', exported] = use.split('#')
  const refuse = ({ expected, received }: Unfit): never => {
    throw new ConfigError([{ path: what, expected, received: `${received} (${shown(use)})` }])
  }
  const found = findModule(specifier, resolve(folder))
  if (!('file' in found)) return refuse(found)
  const imported = await importModule(found.file)
  if (!('exports' in imported)) return refuse(imported)
  const adapter = chooseExport(imported.exports, exported, `an adapter with ${methods[what]}()`, (value) => fitOf(value, what))
  return 'chosen' in adapter ? adapter.chosen : refuse(adapter)
}

function fitOf(value: unknown, what: 'market' | 'exchange'): Fit<Adapter> {
  if (typeof value !== 'object' || value === null) return { isNot: shown(value) }
  const adapter = value as Readonly<Record<string, unknown>>
  if (adapter['apiVersion'] !== API_VERSION) return { isNot: `an object with apiVersion ${shown(adapter['apiVersion'])}, and this library runs ${API_VERSION}` }
  if (typeof adapter['id'] !== 'string') return { isNot: 'an object with no id' }
  return typeof adapter[methods[what]] === 'function' ? { is: value as Adapter } : { isNot: `an object with no ${methods[what]}()` }
}
