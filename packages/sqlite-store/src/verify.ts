import { EngineError } from '@millrace/core'
import type { SqliteDatabase } from './driver.ts'

/**
 * What opening a file checks beyond its pages. `everything`: hash and shape of every entry that is there, what checkpoints say is kept, and that all stored
 * projections are exactly what a fold from the first entry on gives. `full`: the same for all that a start builds on, which is the last checkpoint and what came
 * after it. `head`: that no entry after it is missing, and the hash of the last of each chunk.
 */
export type Verification = 'everything' | 'full' | 'head'

/**
 * Has SQLite look at every page, and at every reference from one table to another.
 *
 * @throws EngineError `STORE_CORRUPT`
 */
export function checkPages(name: string, db: SqliteDatabase): void {
  const [first] = db.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[]
  if (first?.quick_check !== 'ok') throw corrupt(name, first?.quick_check ?? 'no answer from quick_check')
  const [broken] = db.prepare('PRAGMA foreign_key_check').all() as { readonly table: string; readonly parent: string }[]
  if (broken !== undefined) throw corrupt(name, `a row of ${broken.table} refers to a row of ${broken.parent} that is not there`)
}

export const corrupt = (name: string, what: string, cause?: unknown): EngineError =>
  new EngineError('STORE_CORRUPT', `${name} is damaged: ${what}. Restore a backup, or start with another file`, { cause })
