import { closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { EngineError } from '@millrace/core'
import { betterSqlite3 } from './driver.ts'
import type { SqliteDatabase } from './driver.ts'
import { syncDirectory } from './durable-file.ts'
import { databasePath } from './paths.ts'

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
 * @throws EngineError `STORE_LOCKED` when there is a lock file that cannot be read
 * @example
 * ```ts
 * lockHolder('/tmp/never-used.db') // => undefined
 * ```
 */
export function lockHolder(db: string): LockHolder | undefined {
  const path = lockFilePath(db)
  if (!existsSync(path)) return undefined
  const lock = openLock(path)
  try {
    return whileLocking(path, lock, () => {
      lock.exec('ROLLBACK')
      return undefined
    })
  } finally {
    lock.close()
  }
}

/**
 * Takes the lock of a database and returns what gives it back. It is a lock of the system on the file `<database>.lock` (SQLite's own, on a database with one
 * row), so it ends with the process, however that ends, and holds between containers that share the folder. The caller holds the write lock of the database itself
 * meanwhile, so that the file cannot go away in between.
 *
 * @throws EngineError `STORE_LOCKED`, naming process and host of the holder
 */
export function takeLock(database: string): Release {
  const path = `${database}.lock`
  // Only when it is not there: closing any handle of a file gives up the locks that this process has on it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const lock = openLock(path)
  try {
    const holder = whileLocking(path, lock, () => signLock(lock))
    if (holder !== undefined) throw inUse(database, holder)
  } catch (error) {
    lock.close()
    throw error
  }
  const { ino } = statSync(path)
  return ({ remove }) => {
    lock.close()
    // Somebody may have deleted it, and another process made its own.
    if (!remove || statSync(path, { throwIfNoEntry: false })?.ino !== ino) return
    rmSync(path)
    syncDirectory(path)
  }
}

function openLock(path: string): SqliteDatabase {
  try {
    const lock = betterSqlite3()(path)
    lock.exec(`PRAGMA busy_timeout = ${LOOK_MS}`)
    return lock
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/** Locks the file and goes on inside, or returns who has it. */
function whileLocking(path: string, lock: SqliteDatabase, inside: () => undefined): LockHolder | undefined {
  try {
    // Others can still read the row, and cannot write.
    lock.exec('BEGIN IMMEDIATE')
  } catch (error) {
    if (isBusy(error)) return readHolder(path, lock)
    throw unreadable(path, error)
  }
  return inside()
}

/** Says whose lock it is, and keeps it. Between the two transactions nobody else takes it: they wait for the database. */
function signLock(lock: SqliteDatabase): undefined {
  lock.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, host TEXT NOT NULL, started_at_ms INTEGER NOT NULL) STRICT; DELETE FROM holder')
  lock.prepare('INSERT INTO holder VALUES (?, ?, ?)').run(process.pid, hostname(), Math.round(performance.timeOrigin))
  lock.exec('COMMIT; BEGIN IMMEDIATE')
}

function readHolder(path: string, lock: SqliteDatabase): LockHolder {
  try {
    const row = lock.prepare('SELECT pid, host, started_at_ms AS startedAtMs FROM holder').get()
    if (row !== undefined) return row as LockHolder
  } catch (cause) {
    throw unreadable(path, cause)
  }
  throw new EngineError('STORE_LOCKED', `${path} was taken by another process a moment ago`)
}

const isBusy = (error: unknown): boolean => String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')

const unreadable = (path: string, cause: unknown): EngineError =>
  new EngineError('STORE_LOCKED', `the lock file ${path} cannot be read: delete it when no engine runs on this database`, { cause })

const inUse = (database: string, { pid, host, startedAtMs }: LockHolder): EngineError =>
  new EngineError(
    'STORE_LOCKED',
    `${database} is in use by process ${pid}, running since ${new Date(startedAtMs).toISOString()} on ${host}: one engine at a time`,
  )
