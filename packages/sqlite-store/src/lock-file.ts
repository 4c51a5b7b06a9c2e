import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { EngineError } from '@millrace/core'
import { removeDurably, writeDurably } from './durable-file.ts'
import { databasePath } from './paths.ts'

/** The process that writes to a database. */
export interface LockHolder {
  readonly pid: number
  /** Start of that process. */
  readonly startedAtMs: number
}

interface Lock extends LockHolder {
  /** Boot and start tick of the process, where the system tells: a pid alone is used again, in a container at every start. */
  readonly birth?: string
}

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
  const lock = readLock(lockFilePath(db))
  return lock === undefined || !isAlive(lock) ? undefined : { pid: lock.pid, startedAtMs: lock.startedAtMs }
}

/**
 * Takes the lock of a database and returns what gives it back. A lock whose process is gone is taken over. The caller holds
 * the database's own write lock meanwhile, so two processes that see the same dead holder cannot both take over.
 *
 * @throws EngineError `STORE_LOCKED`
 */
export function takeLock(database: string): () => void {
  const path = `${database}.lock`
  const held = readLock(path)
  if (held !== undefined && isAlive(held)) {
    throw new EngineError(
      'STORE_LOCKED',
      `${database} is in use by process ${held.pid}, running since ${new Date(held.startedAtMs).toISOString()}: one engine at a time`,
    )
  }
  const birth = birthOf(process.pid)
  const mine = `${JSON.stringify({ ...ownHolder(), ...(birth === undefined ? {} : { birth: birth.text }), token: randomUUID() })}\n`
  writeDurably(path, mine)
  return () => {
    if (existsSync(path) && readFileSync(path, 'utf8') === mine) removeDurably(path)
  }
}

const ownHolder = (): LockHolder => ({ pid: process.pid, startedAtMs: Math.round(performance.timeOrigin) })

function readLock(path: string): Lock | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unreadable(path, error)
  }
  try {
    const lock = JSON.parse(text) as Partial<Lock>
    if (Number.isSafeInteger(lock.pid) && Number(lock.pid) > 0 && Number.isSafeInteger(lock.startedAtMs)) return lock as Lock
  } catch (cause) {
    throw unreadable(path, cause)
  }
  throw unreadable(path, undefined)
}

const unreadable = (path: string, cause: unknown): EngineError =>
  new EngineError('STORE_LOCKED', `the lock file ${path} cannot be read: delete it when no engine runs on this database`, { cause })

function isAlive(lock: Lock): boolean {
  const birth = birthOf(lock.pid)
  if (birth !== undefined) return !birth.ended && (lock.birth === undefined || lock.birth === birth.text)
  if (lock.pid === process.pid) return lock.startedAtMs === ownHolder().startedAtMs
  try {
    process.kill(lock.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** What Linux knows of a process: its boot and start tick, and whether it only waits to be reaped. */
function birthOf(pid: number): { readonly text: string; readonly ended: boolean } | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets and may hold anything; state is the third, the start tick the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { text: `${boot}/${fields[19]}`, ended: fields[0] === 'Z' || fields[0] === 'X' }
  } catch {
    return undefined
  }
}
