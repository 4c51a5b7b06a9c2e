import { readFileSync, statSync } from 'node:fs'
import type { At, HaltRequests } from '@millrace/core'
import { removeDurably, writeDurably } from './durable-file.ts'
import { databasePath } from './paths.ts'

/** A stop that somebody outside the engine asked for. */
export interface HaltRequest {
  readonly reason: string
  readonly atMs: number
  /** When the engine made the stop durable, in its own time; undefined until then. */
  readonly acknowledgedAtMs?: number
}

/**
 * Returns where a stop from outside is asked for: the database's path with `.halt`.
 *
 * @throws EngineError `JOURNAL_FAILED` when the folder does not exist
 * @example
 * ```ts
 * haltFilePath('/tmp/trader.db').endsWith('trader.db.halt') // => true
 * ```
 */
export const haltFilePath = (db: string): string => `${databasePath(db)}.halt`

/** Returns the stop asked for, or undefined. A file made by hand counts whatever is in it, so `touch trader.db.halt` works; the path: {@link haltFilePath}. */
export function readHalt(db: string): HaltRequest | undefined {
  return readHaltFile(haltFilePath(db))
}

/** Asks the engine on this database to stop, or to start halted: on disk when this returns; the path: {@link haltFilePath}. */
export function writeHalt(db: string, reason: string): void {
  writeHaltFile(haltFilePath(db), { reason, atMs: Date.now() })
}

/** Takes the request of {@link writeHalt} back, after a re-arm. */
export function clearHalt(db: string): void {
  removeDurably(haltFilePath(db))
}

// One system call when there is no file, so it can be asked before each order.
function readHaltFile(path: string): HaltRequest | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  const text = readText(path)
  return parseRequest(text) ?? { reason: text === '' ? 'no reason given' : text.slice(0, 200), atMs: Math.trunc(found.mtimeMs) }
}

/** The halt file of an open store, at a path already known. */
export const haltRequests = (path: string, at: At): HaltRequests => ({
  requested: () => readHaltFile(path),
  acknowledge(gateClosedAtMs) {
    const request = readHaltFile(path)
    if (request !== undefined && request.acknowledgedAtMs === undefined)
      at('halt:acknowledge', () => writeHaltFile(path, { ...request, acknowledgedAtMs: gateClosedAtMs }))
  },
  clear: () => at('halt:clear', () => removeDurably(path)),
})

function writeHaltFile(path: string, request: HaltRequest): void {
  writeDurably(path, `${JSON.stringify(request)}\n`)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    // Not readable by us: it stands there, which is all it has to do.
    return ''
  }
}

function parseRequest(text: string): HaltRequest | undefined {
  try {
    const request = JSON.parse(text) as Partial<HaltRequest> | null
    return typeof request?.reason === 'string' && typeof request.atMs === 'number' ? (request as HaltRequest) : undefined
  } catch {
    return undefined
  }
}
