import { statSync } from 'node:fs'
import { EngineError, findTable, parseEntry, projectionTables, sortedByKey } from '@millrace/core'
import type { JournalEntry, ProjectionRow, ReadQuery, StoreIdentity } from '@millrace/core'
import { betterSqlite3 } from './driver.ts'
import type { SqliteDatabase } from './driver.ts'
import { hasOurHeader, openFailed, readIdentity } from './open-database.ts'
import { SCHEMA_VERSION, metaOf, notOurs, projectionShape, schemaVersion } from './schema.ts'
import { prepareSelect, prepareStatements } from './statements.ts'

/** The journal of a file, for looking only. */
export interface JournalReader {
  readonly identity: StoreIdentity
  /** Oldest first. */
  read(query: ReadQuery): readonly JournalEntry[]
  /**
   * Rows of one projection, by key, as a `Store` has them.
   *
   * @throws EngineError `STORE_CORRUPT` when another release made the tables: its next start makes them anew
   */
  rows(table: string): readonly ProjectionRow[]
  close(): void
}

/**
 * Opens the journal of a store file for reading: whether an engine runs on it or not, nothing is locked and nothing changed.
 *
 * @throws EngineError `STORE_CORRUPT` for a file that is no store, `STORE_NEWER`, or `JOURNAL_FAILED` when it cannot be opened
 * @example
 * ```ts
 * sqliteStore('trader.db').open({ environment: 'paper' }).close()
 * const journal = openJournal('trader.db')
 * journal.identity.environment // => 'paper'
 * journal.read({ limit: 10 }) // => []
 * journal.close()
 * ```
 */
export function openJournal(path: string): JournalReader {
  let db: SqliteDatabase | undefined
  try {
    // SQLite would make a file of what is not there, and repair what it does not know.
    if (!statSync(path).isFile() || !hasOurHeader(path)) throw notOurs(path)
    db = betterSqlite3({ readOnly: true })(path)
    const schema = schemaVersion(db, path)
    if (schema === 0) throw notOurs(path)
    // The tables beside the journal may be those of an older release.
    const select = prepareSelect(db)
    const opened = db
    return {
      identity: readIdentity(db, path, schema),
      read: (query) => select(query).map(parseEntry),
      rows(name) {
        const table = findTable(projectionTables, name)
        if (schema < SCHEMA_VERSION || metaOf(opened, 'projections') !== projectionShape(projectionTables))
          throw new EngineError('STORE_CORRUPT', `the tables of ${path} are those of another release: the next start on it makes them anew from the journal`)
        return sortedByKey(table, prepareStatements(opened, projectionTables).rows(name))
      },
      close: () => void opened.close(),
    }
  } catch (error) {
    db?.close()
    throw openFailed(path, error)
  }
}
