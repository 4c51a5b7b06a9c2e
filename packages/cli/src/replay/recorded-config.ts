import { resolve } from 'node:path'
import { ConfigError, parseConfig, recordingHeader } from '@millrace/core'
import type { Json, ParsedConfig, PluginRegistry, RecordingHeader } from '@millrace/core'
import { loadPlugins, readRecording } from '@millrace/core/node'
import type { LoadedModule } from '@millrace/core/node'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { isStore } from '../stored/is-store.ts'
import { rehearsalSafety } from '../run/rehearsal-safety.ts'

/** What a command of ours writes into a recording: the configuration file, and which modules it named. */
interface About {
  readonly config: Json
  readonly modules: readonly Pick<LoadedModule, 'specifier' | 'sha256'>[]
  /** It was a rehearsal, whose account has one rule more. */
  readonly rehearsal?: true
}

/** What a recording is run again with. */
export interface RecordedConfig extends ParsedConfig {
  readonly exchange: RecordingHeader['exchange']
  /** The library's plugins, and those of the modules: a bot may have been added while the run ran. */
  readonly plugins: PluginRegistry
  /** What a person should know of the modules: those that are not as they were. */
  readonly notes: readonly string[]
}

/** What a recording says of its configuration. */
export const aboutOf = (config: Json, modules: readonly LoadedModule[], rehearsal: boolean): Json => ({
  config,
  modules: modules.map(({ specifier, sha256 }) => ({ specifier, sha256 })),
  ...(rehearsal ? { rehearsal } : {}),
})

/**
 * Reads the configuration that stands in a recording and loads the modules it names.
 *
 * @param folder - where relative modules and packages are looked for
 * @throws CliError exit code 3 when the recording has none, or it cannot be used
 */
export function recordedConfig(file: string, folder: string): Promise<RecordedConfig> {
  return refusing(file, async () => {
    if (isStore(file))
      throw new CliError(
        exitCodes.refused,
        `${file} is a database, not a recording, which a run writes with --record; millrace drift takes a database with --db`,
      )
    const [first = ''] = readRecording(file)
    const { about, exchange } = recordingHeader(first)
    if (about === null)
      throw new CliError(exitCodes.refused, `${file}: there is no configuration in it; a program of one's own recorded it, and replayRecording runs it again`)
    // Recordings of before there were modules hold the configuration alone.
    const { config, modules: recorded, rehearsal }: About = isAbout(about) ? about : { config: about, modules: [] }
    const { plugins, modules } = await loadPlugins(config, { folder: resolve(folder) })
    const notes = modules.flatMap(({ specifier, sha256 }) => {
      const known = recorded.find((one) => one.specifier === specifier)
      return known === undefined || known.sha256 === sha256
        ? []
        : [`module ${specifier} is not as it was: sha256 ${sha256.slice(0, 12)} now, ${known.sha256.slice(0, 12)} in the recording`]
    })
    const parsed = parseConfig(config, plugins)
    const account = rehearsal ? { ...parsed.account, safety: rehearsalSafety(parsed.account) } : parsed.account
    return { ...parsed, account, exchange, notes, plugins }
  })
}

const isAbout = (about: Json): about is About & Json => typeof about === 'object' && about !== null && 'config' in about && 'modules' in about

/** Says of an expected failure which recording it was. */
export async function refusing<T>(file: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof ConfigError)
      throw new CliError(exitCodes.refused, `${file}: the configuration in it cannot be used: ${error.message}`, { cause: error })
    if (error instanceof Error && !(error instanceof CliError) && (error instanceof RangeError || 'code' in error))
      throw new CliError(exitCodes.refused, `${file}: ${error.message}`, { cause: error })
    throw error
  }
}
