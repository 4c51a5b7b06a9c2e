import { closeSync, openSync, readSync } from 'node:fs'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/** What every SQLite file begins with. */
const magic = 'SQLite format 3\u0000'

/**
 * Says whether a file is a database; anything else is taken for a recording.
 *
 * @throws CliError exit code 3 when it cannot be read
 */
export function isStore(path: string): boolean {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const start = Buffer.alloc(magic.length)
    return readSync(file, start) === magic.length && start.toString('latin1') === magic
  } catch (cause) {
    throw new CliError(exitCodes.refused, `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
