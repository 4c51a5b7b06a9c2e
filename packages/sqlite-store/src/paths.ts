import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { EngineError } from '@millrace/core'

export const IN_MEMORY = ':memory:'

/**
 * Returns the one absolute path of a database file, links resolved, so that two spellings cannot mean two locks.
 *
 * @throws EngineError `JOURNAL_FAILED` when its folder does not exist
 * @throws RangeError for `':memory:'`, which has no place in the file system
 */
export function databasePath(path: string): string {
  if (path === IN_MEMORY) throw new RangeError('expected the path of a file, received :memory:')
  const absolute = resolve(path)
  try {
    return realpathSync(absolute)
  } catch {
    return join(existingFolder(absolute), basename(absolute))
  }
}

function existingFolder(absolute: string): string {
  try {
    return realpathSync(dirname(absolute))
  } catch (cause) {
    throw new EngineError('JOURNAL_FAILED', `${absolute} cannot be opened: its folder does not exist`, { cause })
  }
}
