import { existsSync, statSync } from 'node:fs'
import { projectionTables } from '@millrace/core'
import type { Environment } from '@millrace/core'
import { openCheckpoints } from './checkpoints.ts'
import { compareEverything, compareProjections } from './compare.ts'
import { betterSqlite3 } from './driver.ts'
import type { SqliteDatabase } from './driver.ts'
import { foldJournal } from './fold.ts'
import { hasOurHeader, openFailed, readIdentity } from './open-database.ts'
import { SCHEMA_VERSION, metaOf, notOurs, projectionShape, schemaVersion } from './schema.ts'
import { prepareStatements } from './statements.ts'
import { checkPages } from './verify.ts'

/** What a file holds, after everything in it was checked. */
export interface StoreReport {
  readonly storeId: string
  readonly environment: Environment
  readonly schema: number
  /** Number and hash of the last entry; 0 and zeros of an empty journal. */
  readonly lastSeq: number
  readonly hash: string
  /** Number of the first entry from which on all are there. */
  readonly completeFrom: number
  readonly bytes: number
  /** `pages` for the file of an older release: its tables are compared with its journal when it is opened. */
  readonly checked: 'everything' | 'pages'
}

/**
 * Checks everything in a store file and says what it holds. Nothing is changed, and nothing needs to be stopped.
 *
 * @throws EngineError `STORE_CORRUPT` for a file that is no store, or damaged, naming the place; `STORE_NEWER`; `JOURNAL_FAILED` when it cannot be read
 * @example
 * ```ts
 * sqliteStore('trader.db').open({ environment: 'paper' }).close()
 * inspectStore('trader.db').lastSeq // => 0
 * ```
 */
export function inspectStore(path: string): StoreReport {
  return inspectAs(path, path)
}

/** As {@link inspectStore}, of a copy: `name` is what errors call it. */
export function inspectAs(path: string, name: string): StoreReport {
  let db: SqliteDatabase | undefined
  try {
    if (!statSync(path).isFile() || !hasOurHeader(path)) throw notOurs(name)
    db = betterSqlite3({ readOnly: true })(path)
    const schema = schemaVersion(db, name)
    // One view of the file, whatever a running engine writes meanwhile.
    db.exec('BEGIN')
    checkPages(name, db)
    const { storeId, environment } = readIdentity(db, name, schema)
    const log = existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0
    const common = { storeId, environment, schema, bytes: statSync(path).size + log }
    if (schema < SCHEMA_VERSION || metaOf(db, 'projections') !== projectionShape(projectionTables))
      return { ...common, ...endOf(db), completeFrom: 1, checked: 'pages' }
    const statements = prepareStatements(db, projectionTables)
    const checkpoints = openCheckpoints(name, db)
    const state = checkpoints.state()
    const { head, ...fold } = foldJournal(name, statements, 'everything', state)
    compareProjections(name, statements, { ...fold, head })
    compareEverything(name, statements, checkpoints, state)
    return { ...common, lastSeq: head.seq, hash: head.hash, completeFrom: checkpoints.completeFrom, checked: 'everything' }
  } catch (error) {
    throw openFailed(name, error)
  } finally {
    db?.close()
  }
}

function endOf(db: SqliteDatabase): { readonly lastSeq: number; readonly hash: string } {
  const last = db.prepare('SELECT seq AS lastSeq, hash FROM journal ORDER BY seq DESC LIMIT 1').get()
  return (last as { readonly lastSeq: number; readonly hash: string } | undefined) ?? { lastSeq: 0, hash: '0'.repeat(64) }
}
