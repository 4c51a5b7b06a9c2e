import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { EngineError, sha256Hex, straightOn } from '@millrace/core'
import type { At } from '@millrace/core'
import { betterSqlite3 } from './driver.ts'
import { syncDirectory } from './durable-file.ts'
import { highWaterPath, readHighWater } from './high-water.ts'
import type { HighWater } from './high-water.ts'
import { inspectAs } from './inspect.ts'
import type { StoreReport } from './inspect.ts'
import { holdLock } from './lock-file.ts'
import { hasOurHeader, openFailed } from './open-database.ts'
import { databasePath } from './paths.ts'
import { metaOf } from './schema.ts'

/** What a copy of a store holds, and where it lies. */
export interface BackupReport extends StoreReport {
  readonly file: string
}

/** What was put in place of a store. */
export interface RestoreReport extends StoreReport {
  readonly db: string
  /** Entries that the store once had and the backup has not; undefined when nothing tells. */
  readonly behind: number | undefined
  /** True when the next start halts because trading was halted in what the backup lacks, or nobody knows whether it was; undefined when nothing tells what it lacks. */
  readonly halts: boolean | undefined
  /** Where the file is now that was there before; undefined when there was none. */
  readonly aside: string | undefined
}

/** For crash tests. */
export interface CopyOptions {
  readonly at?: At
}

/**
 * Copies a store while its engine runs: one view of the file in one transaction, checked in full, on disk when this returns. The engine notices nothing of it; the
 * copy stands alone and is readable by its owner only.
 *
 * @param file - must not exist yet
 * @throws EngineError `STORE_MISMATCH` when the file exists, `STORE_CORRUPT` when the copy does not stand every check, `JOURNAL_FAILED` when it cannot be written
 * @example
 * ```ts
 * sqliteStore('trader.db').open({ environment: 'paper' }).close()
 * backupStore('trader.db', 'backup.db').lastSeq // => 0
 * ```
 */
export function backupStore(db: string, file: string, { at = straightOn }: CopyOptions = {}): BackupReport {
  const target = databasePath(file)
  if (existsSync(target)) throw new EngineError('STORE_MISMATCH', `${target} exists: a backup never takes the place of another file`)
  const left = LOGS.map((suffix) => `${target}${suffix}`).find((log) => (statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0)
  if (left !== undefined) throw new EngineError('STORE_MISMATCH', `${left} exists: SQLite would play the log of an older file into the backup. Delete it`)
  const unfinished = `${target}.${process.pid}.tmp`
  try {
    copyInto(db, unfinished)
    const report = inspectAs(unfinished, db)
    at('backup:in-place', () => renameSync(unfinished, target))
    syncDirectory(target)
    return { ...report, file: target }
  } catch (error) {
    throw openFailed(db, error)
  } finally {
    rmSync(unfinished, { force: true })
  }
}

/** What SQLite reads with a file that has one beside it. */
const LOGS = ['-wal', '-journal'] as const

/** One view of a file, its log included, in a file that stands alone and is on disk when this returns. */
function copyInto(path: string, file: string): void {
  if (!hasOurHeader(path)) throw new EngineError('STORE_CORRUPT', `${path} is not a Millrace store. The file was not changed`)
  // SQLite fills an empty file, and leaves its mode as it is.
  closeSync(openSync(file, 'w', 0o600))
  const db = betterSqlite3({ readOnly: true })(path)
  try {
    db.exec(`VACUUM INTO '${file.replaceAll(`'`, `''`)}'`)
  } finally {
    db.close()
  }
  sync(file)
}

/**
 * Puts a backup in the place of a store that no engine runs on. What is put there is checked in full first, with the log of the backup, when it has one; what was there
 * is kept beside it, log included. Its high-water file stays, so the next start says how many entries the backup lacks.
 *
 * @param options - `replace`: there may be a store, of the same id, or damaged
 * @throws EngineError `STORE_LOCKED` while an engine runs on it, `STORE_MISMATCH` when there is a store and `replace` is not given, or one with another id, `STORE_CORRUPT`
 * when the backup does not stand every check, `JOURNAL_FAILED` when a file cannot be written
 * @example
 * ```ts
 * sqliteStore('ours.db').open({ environment: 'paper' }).close()
 * backupStore('ours.db', 'ours-backup.db')
 * restoreStore('ours-backup.db', 'ours.db', { replace: true }).behind // => 0
 * ```
 */
export function restoreStore(file: string, db: string, { replace = false, at = straightOn }: CopyOptions & { readonly replace?: boolean } = {}): RestoreReport {
  const path = databasePath(db)
  const incoming = `${path}.${process.pid}.tmp`
  let unlock: (() => void) | undefined
  try {
    copyInto(file, incoming)
    const report = inspectAs(incoming, file)
    unlock = holdLock(path)
    if (existsSync(path)) refuseOther(path, report.storeId, replace)
    const mark = ownMark(path, report.storeId)
    const aside = putAside(path, at)
    at('restore:in-place', () => renameSync(incoming, path))
    syncDirectory(path)
    return { ...report, db: path, ...lackOf(mark, report.lastSeq), aside }
  } catch (error) {
    throw openFailed(path, error)
  } finally {
    rmSync(incoming, { force: true })
    unlock?.()
  }
}

/** That of another store would refuse the next start. */
function ownMark(path: string, storeId: string): HighWater | undefined {
  const mark = readHighWater(path)
  if (mark !== undefined && mark.store !== sha256Hex(storeId))
    throw new EngineError(
      'STORE_MISMATCH',
      `${highWaterPath(path)} belongs to another store than the backup, which has store id ${storeId}: put it aside to restore without knowing what the backup lacks`,
    )
  return mark
}

function lackOf(mark: HighWater | undefined, lastSeq: number): Pick<RestoreReport, 'behind' | 'halts'> {
  if (mark === undefined) return { behind: undefined, halts: undefined }
  const behind = Math.max(0, mark.seq - lastSeq)
  return { behind, halts: behind > 0 && mark.halted !== false }
}

/** A damaged file may go, whatever it was; a whole one of another store would be lost money. */
function refuseOther(path: string, storeId: string, replace: boolean): void {
  if (!replace) throw new EngineError('STORE_MISMATCH', `${path} exists: say that it is to be replaced, and it is kept beside the restored one`)
  const id = storeIdOf(path)
  if (id !== undefined && id !== storeId)
    throw new EngineError('STORE_MISMATCH', `${path} has store id ${id}, the backup has ${storeId}: it is not a backup of this store`)
}

function storeIdOf(path: string): string | undefined {
  let db: ReturnType<ReturnType<typeof betterSqlite3>> | undefined
  try {
    if (!hasOurHeader(path)) return undefined
    db = betterSqlite3({ readOnly: true })(path)
    return metaOf(db, 'storeId')
  } catch {
    // So damaged that it does not even say whose it is: that is what backups are for.
    return undefined
  } finally {
    db?.close()
  }
}

/** What a log is called whose database is gone. */
const ORPHANED = { '-wal': '-log', '-journal': '-rollback' } as const

/**
 * The logs first: left where they are, SQLite would play them into the restored file. Where somebody deleted the database and not the log, the log gets a name that makes
 * it no other one's.
 *
 * @returns where the database is now; undefined when there was none
 */
function putAside(path: string, at: At): string | undefined {
  const found = existsSync(path)
  const aside = freeName(`${path}.before-restore`)
  at('restore:log-aside', () => {
    for (const suffix of LOGS)
      if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, found ? `${aside}${suffix}` : freeName(`${path}.before-restore${ORPHANED[suffix]}`))
    rmSync(`${path}-shm`, { force: true })
  })
  if (!found) return undefined
  at('restore:file-aside', () => renameSync(path, aside))
  return aside
}

function freeName(first: string): string {
  let name = first
  for (let n = 2; existsSync(name); n++) name = `${first}-${n}`
  return name
}

function sync(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
