import { parseEntry, projectionTables, straightOn } from '@millrace/core'
import type { At, ChainHead, ProjectionRows, StoreFactory, StoreRequest } from '@millrace/core'
import { openCheckpoints } from './checkpoints.ts'
import { compareEverything, compareProjections, rowsAnew } from './compare.ts'
import { betterSqlite3 } from './driver.ts'
import type { SqliteDriver } from './driver.ts'
import { createFileStore } from './file-store.ts'
import type { FileStoreParts, SqliteStore } from './file-store.ts'
import { foldJournal, latchText } from './fold.ts'
import type { Fold } from './fold.ts'
import { checkTail, openHighWater, readHighWater } from './high-water.ts'
import { closeDatabase, openDatabase, openFailed } from './open-database.ts'
import type { OpenDatabase } from './open-database.ts'
import { IN_MEMORY, databasePath } from './paths.ts'
import { makeProjectionTables, metaOf, projectionShape } from './schema.ts'
import { retentionOf } from './retention.ts'
import type { Retention } from './retention.ts'
import { prepareStatements } from './statements.ts'
import type { Statements } from './statements.ts'
import { checkPages } from './verify.ts'
import type { Verification } from './verify.ts'

/** How a file is opened; every part has a default. */
export interface SqliteStoreOptions {
  /** What opens the database; better-sqlite3 by default. */
  readonly driver?: SqliteDriver
  /** How long a commit waits while another process writes, in ms; 5000 by default. */
  readonly busyTimeoutMs?: number
  /** What is checked on opening; `full` by default. */
  readonly verify?: Verification
  /** What the journal of a paper or live store keeps; each part has a default. */
  readonly retention?: Partial<Retention>
  /** For crash tests: does what is done at a named place, and may end the process before or after it. */
  readonly at?: At
}

/** What `sqliteStore` returns: opens the file for one environment. */
export interface SqliteStoreFactory extends StoreFactory {
  open(request: StoreRequest): SqliteStore
}

/**
 * Returns a store in one SQLite file: journal and projections together, every append one transaction that is on disk when it
 * returns (WAL, synchronous = FULL). The file belongs to one environment for good and to one process at a time: the system's
 * lock on `<path>.lock` says so, and whose it is. It ends with the process.
 *
 * Opening checks the file: SQLite's `quick_check`, the hash chain, the shape of each entry, and that the projections are
 * what the journal amounts to.
 *
 * @param path - a file, made when it does not exist, or `':memory:'`, which ends with the store
 * @throws EngineError from `open`: `NODE_TOO_OLD`, `STORE_LOCKED`, `WRONG_ENVIRONMENT`, `STORE_MISMATCH`, `STORE_NEWER`,
 * `STORE_CORRUPT`, or `JOURNAL_FAILED` when it cannot be opened at all
 * @example
 * ```ts
 * const store = sqliteStore(':memory:').open({ environment: 'paper' })
 * store.identity.environment // => 'paper'
 * store.lastSeq() // => 0
 * ```
 */
export function sqliteStore(path: string, options: SqliteStoreOptions = {}): SqliteStoreFactory {
  const { busyTimeoutMs = 5_000, verify = 'full', at = straightOn } = options
  if (!Number.isSafeInteger(busyTimeoutMs) || busyTimeoutMs < 0)
    throw new RangeError(`busyTimeoutMs: expected whole milliseconds from 0, received ${busyTimeoutMs}`)
  const retention = retentionOf(options.retention)
  return {
    open(request) {
      const driver = options.driver ?? betterSqlite3()
      const where = path === IN_MEMORY ? IN_MEMORY : databasePath(path)
      const database = openDatabase(where, request, { driver, busyTimeoutMs, at })
      try {
        return createFileStore(bringToHead(where, database, { verify, retention, at }))
      } catch (error) {
        closeDatabase(database, at)
        throw openFailed(where, error)
      }
    },
  }
}

interface Opening {
  readonly verify: Verification
  readonly retention: Retention
  readonly at: At
}

/** Checks the file and brings the projector to the end of the journal; projections of an older shape are made anew. */
function bringToHead(path: string, { db, identity, release }: OpenDatabase, { verify, retention, at }: Opening): FileStoreParts {
  checkPages(path, db)
  db.exec('BEGIN IMMEDIATE')
  const shape = projectionShape(projectionTables)
  const storedShape = metaOf(db, 'projections')
  if (storedShape !== shape) makeProjectionTables(db, projectionTables, storedShape)
  const statements = prepareStatements(db, projectionTables)
  const checkpoints = openCheckpoints(path, db)
  const state = checkpoints.state()
  const fold = foldJournal(path, statements, verify, state)
  if (storedShape !== shape) fillProjections(statements, rowsAnew(path, statements, checkpoints, fold), fold, shape)
  else if (verify !== 'head') compareProjections(path, statements, fold)
  if (verify === 'everything') compareEverything(path, statements, checkpoints, state)
  at('store:projections', () => db.exec('COMMIT'))
  // A backtest is there to be looked at as a whole.
  const kept = identity.environment === 'backtest' ? undefined : retention
  const common = { db, identity, release, at, path, statements, checkpoints, checkpoint: state, fold, retention: kept }
  if (path === IN_MEMORY) return { ...common, haltPath: undefined, highWater: undefined, tail: { state: 'whole' } }
  const tail = checkTail(path, identity.storeId, fold.head, { hashAt: statements.hashAt, isKnown: (mark) => isKnownLoss(statements, mark) })
  const { halted, intentNo } = fold.projector
  const mark = { seq: fold.head.seq, hash: fold.head.hash, halted, intentNo }
  const highWater = openHighWater(path, identity.storeId, mark, at)
  // It names an end whose loss is written down: left there, the newer marks would be the smaller ones.
  if (tail.state === 'whole' && (readHighWater(path)?.seq ?? 0) > mark.seq) highWater.lower(mark)
  return { ...common, haltPath: `${path}.halt`, tail, highWater }
}

/** True when the journal says that it lost the end that a mark names. */
function isKnownLoss(statements: Statements, { seq, hash }: ChainHead): boolean {
  return statements.select({ types: ['tailLost'], limit: Number.MAX_SAFE_INTEGER }).some((stored) => {
    const loss = parseEntry(stored).data as { readonly upTo: number; readonly hash: string }
    return loss.upTo === seq && loss.hash === hash
  })
}

function fillProjections(statements: Statements, rows: ProjectionRows, fold: Fold, shape: string): void {
  for (const { name } of projectionTables) {
    for (const row of rows.sorted(name)) statements.upsert(name, row)
  }
  statements.setMeta('halted', latchText(fold.projector))
  statements.setMeta('projections', shape)
}
