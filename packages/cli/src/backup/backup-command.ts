import { existsSync } from 'node:fs'
import { backupStore } from '@millrace/sqlite-store'
import type { BackupReport } from '@millrace/sqlite-store'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { pairs } from '../text/table.ts'
import { storeLines } from './store-lines.ts'

/** Makes `millrace backup`. */
export function backupCommand(context: CommandContext): Command {
  return new Command('backup')
    .summary('copy the database of a run, also while its engine runs')
    .description(
      'Copies a database as of one moment and checks the copy in full: pages, hash chain, checkpoints, and every row against a fold of the journal. The engine is not stopped ' +
        'and notices nothing. The copy stands alone; keep it on another disk.',
    )
    .argument('<db>', 'database of the run')
    .argument('<file>', 'the copy; must not exist yet')
    .addOption(new Option('--json', 'the result as one JSON object on stdout'))
    .action((db: string, file: string, options: { readonly json?: true }) => {
      if (!existsSync(db)) throw new CliError(exitCodes.refused, `there is no database ${db}`)
      const report = backupStore(db, file)
      context.terminal.out.write(`${options.json ? JSON.stringify({ db, ...report }) : backupText(db, report)}\n`)
    })
}

const backupText = (db: string, report: BackupReport): string => pairs([['database', db], ['backup', report.file], ...storeLines(report)])
