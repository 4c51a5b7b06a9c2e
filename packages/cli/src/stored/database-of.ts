import { Option } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { paperStoreFile } from '../run/settings.ts'

/** The option under which every other command takes a database, for one that takes it as an argument. */
export const sameAsArgument = (): Option => new Option('--db <file>', `the same as the argument (default: ${paperStoreFile})`)

/**
 * The file that a command is about: by its argument, by `--db`, or where a paper run keeps its journal.
 *
 * @throws CliError exit code 2 when the two name different ones
 */
export function databaseOf(argument: string | undefined, db: string | undefined): string {
  if (argument !== undefined && db !== undefined && argument !== db)
    throw new CliError(exitCodes.usage, `one file is expected, received ${argument} and --db ${db}`)
  return argument ?? db ?? paperStoreFile
}
