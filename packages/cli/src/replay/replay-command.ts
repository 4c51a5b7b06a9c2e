import { Command, Option } from 'commander'
import { paper, replayRecording } from '@millrace/core'
import type { ReplayReport } from '@millrace/core'
import { readRecording } from '@millrace/core/node'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { sayLine } from '../terminal.ts'
import { countText } from '../text/format.ts'
import { pairs } from '../text/table.ts'
import { recordedConfig, refusing } from './recorded-config.ts'
import type { RecordedConfig } from './recorded-config.ts'

/** Makes `millrace replay`. */
export function replayCommand(context: CommandContext): Command {
  return new Command('replay')
    .summary('run a recording again and hold it against what was recorded')
    .description(
      'Runs a recording (millrace run --record) again: the same bots from the same state on the same events. Exit code 0 when everything came out as it was recorded, to the last bit; 3 with the first line that was changed, or the first event after which the run was another one.',
    )
    .argument('<file>', 'the recording')
    .addOption(modulesOption())
    .addOption(new Option('--json', 'the result as one JSON object on stdout'))
    .action(async (file: string, flags: { readonly modules: string; readonly json?: true }) => {
      const { notes, ...report } = await replay(file, flags.modules)
      for (const note of notes) sayLine(context.terminal.err, note)
      context.terminal.out.write(`${flags.json ? JSON.stringify(report) : replayText(report)}\n`)
      if (report.damaged !== undefined || report.differs !== undefined) context.exitCode = exitCodes.refused
    })
}

/** Where the modules are that a recorded configuration names. */
export const modulesOption = (): Option =>
  new Option('--modules <dir>', 'folder that modules named in the configuration are seen from, as that of its file was').default('.')

/** Runs a recording with the configuration that stands in it. */
async function replay(file: string, modules: string): Promise<ReplayReport & Pick<RecordedConfig, 'notes'>> {
  const { bots, account, exchange, notes, plugins } = await recordedConfig(file, modules)
  const simulated = exchange === 'simulated' ? { exchange: paper({ cash: account.cash, fees: account.fees }) } : {}
  return refusing(file, () => ({ ...replayRecording(readRecording(file), { bots, plugins, safety: account.safety, ...simulated }), notes }))
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
