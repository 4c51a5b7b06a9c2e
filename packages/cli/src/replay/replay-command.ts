import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { ConfigError, paper, parseConfig, recordingHeader, replayRecording } from '@millrace/core'
import type { ReplayReport } from '@millrace/core'
import { loadPlugins, readRecording } from '@millrace/core/node'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { countText } from '../text/format.ts'
import { pairs } from '../text/table.ts'

/** Makes `millrace replay`. */
export function replayCommand(context: CommandContext): Command {
  return new Command('replay')
    .summary('run a recording again and hold it against what was recorded')
    .description(
      'Runs a recording (millrace run --record) again: the same bots from the same state on the same events. Exit code 0 when everything came out as it was recorded, to the last bit; 3 with the first line that was changed, or the first event after which the run was another one.',
    )
    .argument('<file>', 'the recording')
    .addOption(new Option('--modules <dir>', 'folder that modules named in the configuration are seen from, as that of its file was').default('.'))
    .addOption(new Option('--json', 'the result as one JSON object on stdout'))
    .action(async (file: string, flags: { readonly modules: string; readonly json?: true }) => {
      const report = await replay(file, flags.modules)
      context.terminal.out.write(`${flags.json ? JSON.stringify(report) : replayText(report)}\n`)
      if (report.damaged !== undefined || report.differs !== undefined) context.exitCode = exitCodes.refused
    })
}

/** Runs a recording with the configuration that stands in it. */
async function replay(file: string, modules: string): Promise<ReplayReport> {
  try {
    const [first = ''] = readRecording(file)
    const { about, exchange } = recordingHeader(first)
    if (about === null)
      throw new CliError(exitCodes.refused, `${file}: there is no configuration in it; a program of one's own recorded it, and replayRecording runs it again`)
    const { plugins } = await loadPlugins(about, { folder: resolve(modules) })
    const { bots, account } = parseConfig(about, plugins)
    return replayRecording(readRecording(file), {
      bots,
      plugins,
      safety: account.safety,
      ...(exchange === 'simulated' ? { exchange: paper({ cash: account.cash, fees: account.fees }) } : {}),
    })
  } catch (error) {
    if (error instanceof ConfigError)
      throw new CliError(exitCodes.refused, `${file}: the configuration in it cannot be used: ${error.message}`, { cause: error })
    if (error instanceof Error && (error instanceof RangeError || 'code' in error))
      throw new CliError(exitCodes.refused, `${file}: ${error.message}`, { cause: error })
    throw error
  }
}

function replayText({ inputs, journalHash, complete, damaged, differs }: ReplayReport): string {
  const numbers = pairs([
    ['events', countText(inputs)],
    ['journal hash', journalHash],
    ['recording', complete ? 'whole' : 'cut off: the run did not end in it'],
  ])
  if (differs !== undefined)
    return `${numbers}\n\nanother run after event ${countText(differs.input)} (line ${differs.line}: ${differs.what}): expected ${differs.expected}, received ${differs.received}`
  if (damaged !== undefined)
    return `${numbers}\n\nline ${damaged.line} is not what was written there, or was cut off; everything before it came out as recorded`
  return `${numbers}\n\neverything came out as it was recorded`
}
