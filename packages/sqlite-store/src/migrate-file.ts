import { EngineError } from '@millrace/core'
import type { SqliteDatabase } from './driver.ts'
import { pragma } from './schema.ts'

/** A kind of file beside the journal. */
export interface FileKind {
  /** What tells it from other people's databases; SQLite keeps it in the header. */
  readonly applicationId: number
  /** As in "a file of candles". */
  readonly words: string
  /** The steps from an empty file to the schema of today; a released step never changes. */
  readonly migrations: readonly string[]
}

/**
 * Brings an open database to the schema of today.
 *
 * @throws EngineError `STORE_CORRUPT` when it is another file, `STORE_NEWER` when a later release made it
 */
export function migrateFile(db: SqliteDatabase, name: string, { applicationId, words, migrations }: FileKind): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    const version = pragma(db, 'user_version')
    const owner = pragma(db, 'application_id')
    const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number }
    if ((tables > 0 || owner !== 0) && owner !== applicationId) throw new EngineError('STORE_CORRUPT', `${name} is not ${words}. The file was not changed`)
    if (version > migrations.length)
      throw new EngineError(
        'STORE_NEWER',
        `${name} has schema ${version}, made by a newer release of Millrace; this one reads up to ${migrations.length}. The file was not changed`,
      )
    for (const step of migrations.slice(version)) db.exec(step)
    db.exec(`PRAGMA user_version = ${migrations.length}`)
    db.exec('COMMIT')
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}
