import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigError, parseConfig } from '@millrace/core'
import type { ParsedConfig, PluginRegistry } from '@millrace/core'
import { loadPlugins } from '@millrace/core/node'
import type { LoadedModule } from '@millrace/core/node'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { jsonFault } from './json-fault.ts'

/** A configuration with what it was read with. */
export interface ReadConfig extends ParsedConfig {
  /** The library's plugins, and those of the modules that the file names. */
  readonly plugins: PluginRegistry
  /** The modules that the file names. */
  readonly modules: readonly LoadedModule[]
}

/**
 * Reads a configuration file and loads the modules it names, with a timeframe for all bots in place of their own when one is given.
 *
 * @throws CliError exit code 4, its cause a ConfigError with every problem found: a file that cannot be read and one that is no JSON count as problems too
 */
export async function readConfig(path: string, override: { readonly timeframeMs?: number } = {}): Promise<ReadConfig> {
  try {
    const data = readConfigData(path, override)
    const { plugins, modules } = await loadPlugins(data, { folder: dirname(resolve(path)) })
    return { ...parseConfig(data, plugins), plugins, modules }
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(exitCodes.config, `${path}: ${error.message}`, { cause: error })
    throw error
  }
}

/** One line for each module whose code runs: where it came from, and which state of it. */
export const moduleLines = (modules: readonly LoadedModule[]): readonly string[] =>
  modules.map(({ specifier, sha256 }) => `module ${specifier} (sha256 ${sha256.slice(0, 12)})`)

/** The data of a configuration file as they are parsed. */
export const readConfigData = (path: string, override: { readonly timeframeMs?: number } = {}): unknown => withTimeframe(readJson(path), override.timeframeMs)

function readJson(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError([{ path: '(file)', expected: 'a file that can be read', received: unreadable(error) }])
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConfigError([{ path: '(file)', expected: 'JSON', received: jsonFault(text, error) }])
  }
}

function unreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ENOENT' ? 'no file of this name' : code === 'EISDIR' ? 'a folder' : message
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Written into the data before it is parsed, so that the configuration in force, its journal entry and its hash all say what was run. */
function withTimeframe(data: unknown, timeframeMs: number | undefined): unknown {
  if (timeframeMs === undefined || !isRecord(data) || !Array.isArray(data['bots'])) return data
  return { ...data, bots: data['bots'].map((bot: unknown) => (isRecord(bot) ? { ...bot, timeframe: timeframeMs } : bot)) }
}
