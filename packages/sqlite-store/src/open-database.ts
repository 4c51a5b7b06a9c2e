import { randomUUID } from 'node:crypto'
import { chmodSync, closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { EngineError, checkIdentity } from '@millrace/core'
import type { At, StoreIdentity, StoreRequest } from '@millrace/core'
import { betterSqlite3 } from './driver.ts'
import type { SqliteDatabase, SqliteDriver } from './driver.ts'
import { highWaterPath, readHighWater } from './high-water.ts'
import { holderIn, ownHolder, takeLock } from './lock-file.ts'
import type { Release } from './lock-file.ts'
import { IN_MEMORY } from './paths.ts'
import { APPLICATION_ID, SCHEMA_VERSION, metaOf, migrate, notOurs, pragma, schemaVersion } from './schema.ts'
import { corrupt } from './verify.ts'

export interface OpenParts {
  readonly driver: SqliteDriver
  readonly busyTimeoutMs: number
  readonly at: At
}

export interface OpenDatabase {
  readonly db: SqliteDatabase
  readonly identity: StoreIdentity
  readonly release: Release
}

/**
 * Opens a file for the one process that writes to it: ours, of this environment, locked, with the schema of today. A refusal
 * changes nothing.
 *
 * @throws EngineError `STORE_CORRUPT`, `STORE_NEWER`, `WRONG_ENVIRONMENT`, `STORE_MISMATCH`, `STORE_LOCKED`, `JOURNAL_FAILED`
 */
export function openDatabase(path: string, request: StoreRequest, { driver, busyTimeoutMs, at }: OpenParts): OpenDatabase {
  const inMemory = path === IN_MEMORY
  let db: SqliteDatabase | undefined
  try {
    if (!inMemory) prepareFile(path)
    db = driver(path)
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON`)
    return takeOver(db, path, request, at)
  } catch (error) {
    db?.close()
    throw openFailed(path, error)
  }
}

/** Refuses a foreign file before SQLite touches it, and sees that only its owner can read what is ours. */
function prepareFile(path: string): void {
  const existing = statSync(path, { throwIfNoEntry: false })
  if ((existing?.size ?? 0) === 0) refuseLost(path)
  if (existing === undefined) {
    closeSync(openSync(path, 'a', 0o600))
    return
  }
  if (!existing.isFile()) throw notOurs(path)
  // With a rollback journal beside it the header may be half-written: SQLite repairs it on opening, and it is looked at then.
  if (existing.size > 0 && !existsSync(`${path}-journal`) && !hasOurHeader(path)) throw notOurs(path)
  for (const suffix of ['', '-wal', '-shm', '.lock', '.high-water', '.halt']) if (existsSync(`${path}${suffix}`)) chmodSync(`${path}${suffix}`, 0o600)
}

/** A new store must not begin where the one before went missing: nobody would notice. */
function refuseLost(path: string): void {
  const entries = readHighWater(path)?.seq ?? 0
  if (entries === 0) return
  throw new EngineError(
    'STORE_CORRUPT',
    `${path} is missing or empty, and its high-water file says that it held ${entries} entries. Restore a backup, or delete ${highWaterPath(path)} to begin a new store`,
  )
}

/** Tells whether a file is a database of ours, and changes nothing: neither the file nor the locks that this process has on it. */
export function hasOurHeader(path: string): boolean {
  // Closing a handle gives up the locks of this process on the file: a store that is open here, and thus has its log beside it, is asked through SQLite.
  if (existsSync(`${path}-wal`)) return hasOurId(path)
  const header = Buffer.alloc(100)
  const file = openSync(path, 'r')
  try {
    readSync(file, header, 0, header.length, 0)
  } finally {
    closeSync(file)
  }
  return header.toString('latin1', 0, 16) === 'SQLite format 3\0' && header.readUInt32BE(68) === APPLICATION_ID
}

function hasOurId(path: string): boolean {
  const db = betterSqlite3({ readOnly: true })(path)
  try {
    return pragma(db, 'application_id') === APPLICATION_ID
  } catch (error) {
    if ((error as { code?: unknown }).code === 'SQLITE_NOTADB') return false
    throw error
  } finally {
    db.close()
  }
}

/** Closes a database and gives its lock back, the file of the lock under the database's own write lock. */
export function closeDatabase({ db, release }: Pick<OpenDatabase, 'db' | 'release'>, at: At): void {
  try {
    at('store:unlock', () => release({ remove: mayWrite(db) }))
    if (db.inTransaction) db.exec('ROLLBACK')
  } finally {
    // The last connection to close moves the log into the file and removes it.
    at('store:close', () => db.close())
  }
}

/** False when somebody else writes, or nothing can be: then the file of the lock stays, and whoever comes next takes it. */
function mayWrite(db: SqliteDatabase): boolean {
  try {
    if (!db.inTransaction) db.exec('BEGIN IMMEDIATE')
    return true
  } catch {
    return false
  }
}

function takeOver(db: SqliteDatabase, path: string, request: StoreRequest, at: At): OpenDatabase {
  schemaVersion(db, path)
  db.exec('BEGIN IMMEDIATE')
  let release: Release | undefined
  try {
    const version = schemaVersion(db, path)
    if (version > 0) checkIdentity(path, readIdentity(db, path, version), request)
    release = path === IN_MEMORY ? () => undefined : at('store:lock', () => takeLock(path, () => (version === 0 ? undefined : holderIn(db))))
    migrate(db, path, version, at)
    if (version === 0) writeIdentity(db, request)
    const write = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
    write.run('holder', ownHolder())
    if (request.account !== undefined) write.run('account', request.account)
    const identity = readIdentity(db, path, SCHEMA_VERSION)
    at('store:take-over', () => db.exec('COMMIT'))
    // Only once the file is known to be ours: it stays in the file, and cannot be set inside a transaction.
    db.exec('PRAGMA journal_mode = WAL')
    return { db, identity, release }
  } catch (error) {
    release?.({ remove: db.inTransaction })
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function writeIdentity(db: SqliteDatabase, { environment, storeId }: StoreRequest): void {
  const insert = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)')
  insert.run('storeId', storeId ?? randomUUID())
  insert.run('environment', environment)
  insert.run('createdAt', new Date().toISOString())
  insert.run('halted', '0')
}

export function readIdentity(db: SqliteDatabase, path: string, schema: number): StoreIdentity {
  const [storeId, environment] = [metaOf(db, 'storeId'), metaOf(db, 'environment')]
  if (storeId === undefined || (environment !== 'backtest' && environment !== 'paper' && environment !== 'live'))
    throw corrupt(path, 'it does not say which store it is')
  const account = metaOf(db, 'account')
  return Object.freeze({ storeId, environment, schema, ...(account === undefined ? {} : { account }) })
}

export function openFailed(path: string, error: unknown): unknown {
  if (error instanceof EngineError) return error
  const code = String((error as { code?: unknown }).code)
  // ERROR: a table or a column is not what its schema says.
  if (/^SQLITE_(CORRUPT|NOTADB|ERROR)/.test(code)) return corrupt(path, (error as Error).message, error)
  if (code.startsWith('SQLITE_BUSY')) return new EngineError('STORE_LOCKED', `${path} is being written to by another process`, { cause: error })
  return new EngineError('JOURNAL_FAILED', `${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
}
