import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspectStore, restoreStore, sqliteStore } from '@millrace/sqlite-store'
import type { RestoreReport, StoreReport } from '@millrace/sqlite-store'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { countText } from '../text/format.ts'
import { pairs } from '../text/table.ts'
import { storeLines } from './store-lines.ts'

interface RestoreFlags {
  readonly replace?: true
  readonly drill?: true
  readonly json?: true
}

/** Makes `millrace restore`. */
export function restoreCommand(context: CommandContext): Command {
  return new Command('restore')
    .summary('put a backup in the place of a database, or see that it could be')
    .description(
      'Checks a backup in full and puts it in the place of a database that no engine runs on. What was there is kept beside it. The next start says how many entries the backup lacks ' +
        'and goes on from what it has; a live run asks the venue for the rest before it trades. With --drill nothing is put anywhere: the backup is opened as a start would, in a place of its own.',
    )
    .argument('<file>', 'the backup')
    .argument('[db]', 'database of the run')
    .addOption(new Option('--replace', 'there is a database already: keep it beside the restored one'))
    .addOption(new Option('--drill', 'only see that the backup can be restored and opened'))
    .addOption(new Option('--json', 'the result as one JSON object on stdout'))
    .action((file: string, db: string | undefined, options: RestoreFlags) => {
      if (!existsSync(file)) throw new CliError(exitCodes.refused, `there is no backup ${file}`)
      if ((db === undefined) !== (options.drill === true)) throw new CliError(exitCodes.usage, 'say where to put the backup, or --drill to only try it')
      const say = (result: object, people: readonly (readonly [string, string])[]): void =>
        context.terminal.out.write(`${options.json ? JSON.stringify(result) : pairs(people)}\n`)
      if (db === undefined) {
        const report = drill(file)
        say({ drill: true, file, ...report }, [
          ['backup', file],
          ['drill', 'restored and opened in a place of its own; nothing was changed'],
          ...storeLines(report),
        ])
      } else {
        if (existsSync(db) && options.replace !== true)
          throw new CliError(exitCodes.refused, `${db} is there already: with --replace it is kept beside the restored one, under another name`)
        const report = restoreStore(file, db, { replace: options.replace === true })
        say({ drill: false, file, ...report }, [['backup', file], ...restoredLines(report), ...storeLines(report)])
      }
    })
}

/** Restores into a folder that is gone afterwards, and opens it as an engine would. */
function drill(file: string): StoreReport {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-drill-'))
  try {
    const db = join(folder, 'trader.db')
    const { environment } = restoreStore(file, db)
    sqliteStore(db, { verify: 'everything' }).open({ environment }).close()
    return { ...inspectStore(db), bytes: inspectStore(file).bytes }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const restoredLines = ({ db, aside, behind, halts }: RestoreReport): readonly (readonly [string, string])[] => [
  ['restored to', db],
  ...(aside === undefined ? [] : ([['kept', `what was there is now ${aside}`]] as const)),
  [
    'lacks',
    behind === undefined
      ? 'nobody knows, nor whether an emergency stop is in it: there is no high-water file'
      : behind === 0
        ? 'nothing'
        : `${countText(behind)} entries that the database once had`,
  ],
  ...(halts === true ? ([['trading', 'was halted in what it lacks, or nobody knows: the next start is halted until you re-arm']] as const) : []),
]
