import { closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { EngineError } from '@millrace/core'
import { betterSqlite3 } from './driver.ts'
import type { SqliteDatabase } from './driver.ts'
import { databasePath } from './paths.ts'
import { metaOf } from './schema.ts'

/** The process that writes to a database. */
export interface LockHolder {
  readonly pid: number
  /** Name of its machine, or of its container. */
  readonly host: string
  /** Start of that process. */
  readonly startedAtMs: number
}

/** Gives a lock back. `remove` deletes its file, which only whoever holds the write lock of the database may do. */
export type Release = (how: { readonly remove: boolean }) => void

/** How long a look at the lock by another process may be in the way of taking it, in ms. */
const LOOK_MS = 30

/**
 * Returns the path of the lock: the database's path with `.lock`.
 *
 * @example
 * ```ts
 * lockFilePath('/tmp/trader.db').endsWith('trader.db.lock') // => true
 * ```
 */
export const lockFilePath = (db: string): string => `${databasePath(db)}.lock`

/**
 * Returns the live process that holds a database, or undefined when it is free.
 *
 * @throws EngineError `STORE_LOCKED` when it is held and nothing tells by whom, or when the lock file is none
 * @example
 * ```ts
 * lockHolder('/tmp/never-used.db') // => undefined
 * ```
 */
export function lockHolder(db: string): LockHolder | undefined {
  const path = lockFilePath(db)
  if (!existsSync(path)) return undefined
  const lock = tryLock(path)
  if (lock === undefined) return signedHolder(databasePath(db))
  lock.close()
  return undefined
}

/**
 * Takes the lock of a database and returns what gives it back. It is a lock of the system on the file `<database>.lock` (SQLite's own, on a database that is
 * never written to), so it ends with the process, however that ends, and holds between containers that share the folder. The caller holds the write lock of the
 * database itself meanwhile, so that the file cannot go away in between, and signs there with {@link ownHolder}.
 *
 * @param holder - reads the signature of whoever has it
 * @throws EngineError `STORE_LOCKED`, naming process and host of the holder
 */
export function takeLock(database: string, holder: () => LockHolder | undefined): Release {
  const path = `${database}.lock`
  // Only when it is not there: closing any handle of a file gives up the locks that this process has on it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const lock = tryLock(path)
  if (lock === undefined) throw inUse(database, holder())
  const { ino } = statSync(path)
  return ({ remove }) => {
    lock.close()
    // Somebody may have deleted it, and another process made its own.
    if (remove && statSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path)
  }
}

/**
 * Keeps engines away from a database while its files are exchanged. Returns what gives it free.
 *
 * @throws EngineError `STORE_LOCKED`
 */
export function holdLock(database: string): () => void {
  const path = `${database}.lock`
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const lock = tryLock(path)
  if (lock === undefined) throw inUse(database, signedHolder(database))
  // The file stays: nobody holds the write lock of a database that is being exchanged.
  return () => lock.close()
}

/** How this process signs, in the table `meta` of what it holds. */
export const ownHolder = (): string =>
  JSON.stringify({ pid: process.pid, host: hostname(), startedAtMs: Math.round(performance.timeOrigin) } satisfies LockHolder)

/** Undefined when somebody else has it. */
function tryLock(path: string): SqliteDatabase | undefined {
  let lock: SqliteDatabase | undefined
  try {
    lock = betterSqlite3()(path)
    lock.exec(`PRAGMA busy_timeout = ${LOOK_MS}; PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE`)
    return lock
  } catch (cause) {
    lock?.close()
    if (String((cause as { code?: unknown }).code).startsWith('SQLITE_BUSY')) return undefined
    throw new EngineError('STORE_LOCKED', `the lock file ${path} cannot be read: delete it when no engine runs on this database`, { cause })
  }
}

function signedHolder(database: string): LockHolder {
  let db: SqliteDatabase | undefined
  let holder: LockHolder | undefined
  try {
    db = betterSqlite3({ readOnly: true })(database)
    holder = holderIn(db)
  } catch (cause) {
    throw unsigned(database, cause)
  } finally {
    db?.close()
  }
  if (holder === undefined) throw unsigned(database)
  return holder
}

/** Who signed the database last. */
export function holderIn(db: SqliteDatabase): LockHolder | undefined {
  const text = metaOf(db, 'holder')
  return text === undefined ? undefined : (JSON.parse(text) as LockHolder)
}

const unsigned = (database: string, cause?: unknown): EngineError => new EngineError('STORE_LOCKED', `${database} is in use by another process`, { cause })

function inUse(database: string, holder: LockHolder | undefined): EngineError {
  if (holder === undefined) return unsigned(database)
  const { pid, host, startedAtMs } = holder
  return new EngineError(
    'STORE_LOCKED',
    `${database} is in use by process ${pid}, running since ${new Date(startedAtMs).toISOString()} on ${host}: one engine at a time`,
  )
}
