import { EngineError } from '@millrace/core'
import type { SqliteDatabase } from '../driver.ts'
import { pragma } from '../schema.ts'

/** `MilC` in ASCII: a file of candles, not of a journal. */
export const CANDLES_ID = 0x4d696c43

/** The steps from an empty file to the schema of today; a released step never changes. */
const migrations: readonly string[] = [
  `CREATE TABLE series (
     id INTEGER PRIMARY KEY,
     instrument TEXT NOT NULL,
     timeframe_ms INTEGER NOT NULL,
     source TEXT NOT NULL,
     UNIQUE (instrument, timeframe_ms, source)
   ) STRICT;
   CREATE TABLE days (
     series INTEGER NOT NULL REFERENCES series (id),
     day_ms INTEGER NOT NULL,
     revision INTEGER NOT NULL,
     rows INTEGER NOT NULL,
     first_ms INTEGER NOT NULL,
     last_ms INTEGER NOT NULL,
     missing INTEGER NOT NULL,
     gaps INTEGER NOT NULL,
     corrected INTEGER NOT NULL,
     sum TEXT NOT NULL,
     columns BLOB NOT NULL,
     PRIMARY KEY (series, day_ms, revision)
   ) STRICT, WITHOUT ROWID;
   PRAGMA application_id = ${CANDLES_ID};`,
]

const SCHEMA = migrations.length

/**
 * Brings an open database to the schema of today.
 *
 * @throws EngineError `STORE_CORRUPT` when it is another file, `STORE_NEWER` when a later release made it
 */
export function migrateCandles(db: SqliteDatabase, name: string): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    const version = pragma(db, 'user_version')
    const owner = pragma(db, 'application_id')
    const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number }
    if ((tables > 0 || owner !== 0) && owner !== CANDLES_ID)
      throw new EngineError('STORE_CORRUPT', `${name} is not a file of candles. The file was not changed`)
    if (version > SCHEMA)
      throw new EngineError(
        'STORE_NEWER',
        `${name} has schema ${version}, made by a newer release of Millrace; this one reads up to ${SCHEMA}. The file was not changed`,
      )
    for (const step of migrations.slice(version)) db.exec(step)
    db.exec(`PRAGMA user_version = ${SCHEMA}`)
    db.exec('COMMIT')
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}
