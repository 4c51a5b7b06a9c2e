import { existsSync } from 'node:fs'
import { inspectStore } from '@millrace/sqlite-store'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { databaseOf, sameAsArgument } from '../stored/database-of.ts'
import { pairs } from '../text/table.ts'
import { storeLines } from './store-lines.ts'

/** Makes `millrace verify`. */
export function verifyCommand(context: CommandContext): Command {
  return new Command('verify')
    .summary('check everything in a database')
    .description(
      'Checks every page, every link of the journal, every checkpoint, and every row against a fold of the journal from its first entry on. A start checks only what it builds on. ' +
        'Nothing is changed, and an engine may run meanwhile.',
    )
    .argument('[file]', 'database of a run, or a backup')
    .addOption(sameAsArgument())
    .addOption(new Option('--json', 'the result as one JSON object on stdout'))
    .action((argument: string | undefined, options: { readonly db?: string; readonly json?: true }) => {
      const db = databaseOf(argument, options.db)
      if (!existsSync(db)) throw new CliError(exitCodes.refused, `there is no database ${db}`)
      const report = inspectStore(db)
      context.terminal.out.write(`${options.json ? JSON.stringify({ db, ...report }) : pairs([['database', db], ...storeLines(report)])}\n`)
    })
}
