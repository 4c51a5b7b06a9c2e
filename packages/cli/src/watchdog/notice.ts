import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'

/** What the watchdog found. */
export interface Found {
  /** Where the main thread stood; undefined when it would not say. */
  readonly place: string | undefined
  readonly limitMs: number
  /** Where a halted start is asked for; undefined without a database. */
  readonly haltFile: string | undefined
  readonly nowMs: number
}

/** Asks for a halted next start, and returns what is to be said. Never throws: a full disk must not keep the process that stands still alive. */
export function noticeOf({ place, limitMs, haltFile, nowMs }: Found): string {
  const where = place === undefined ? 'nobody can say where' : `in ${place}`
  const reason = `the process stood still for ${limitMs / 1000} s, ${where}: the watchdog ended it`
  if (haltFile === undefined) return reason
  try {
    writeHalt(haltFile, { reason, atMs: nowMs })
    return `${reason}; the next start will be halted (${haltFile})`
  } catch (error) {
    return `${reason}; the next start will NOT be halted, ${haltFile} could not be written: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** The file is there whole or not at all, also when the machine goes down now. */
function writeHalt(path: string, request: { readonly reason: string; readonly atMs: number }): void {
  const temporary = `${path}.${process.pid}.tmp`
  const file = openSync(temporary, 'w', 0o600)
  try {
    writeSync(file, `${JSON.stringify(request)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
}
