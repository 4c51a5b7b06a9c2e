import { existsSync, statSync } from 'node:fs'
import { EngineError } from '@millrace/core'
import { haltFilePath, lockHolder, readHalt, writeHalt } from '@millrace/sqlite-store'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/**
 * How a stop from outside ended. `acknowledged`: the engine has made the stop durable, nothing is sent any more.
 * `notRunning`: no engine holds the database; the next start will be halted. `unconfirmed`: neither could be seen in time.
 */
export interface PanicResult {
  readonly outcome: 'acknowledged' | 'notRunning' | 'unconfirmed'
  readonly db: string
  readonly haltFile: string
  readonly reason: string
  /** The engine that holds the database; null when none does or its lock cannot be read. */
  readonly enginePid: number | null
  /** Time of the engine's own clock; null unless it confirmed. */
  readonly acknowledgedAtMs: number | null
  readonly waitedMs: number
}

const pollMs = 50

/**
 * Asks the engine on a database to stop, from another process, and waits until that is proven: by the engine's own word in
 * the halt file, or by the absence of an engine. The request stays in force either way.
 *
 * @throws CliError exit code 3 when there is no such database: a typing error must not look like a stop
 */
export async function panic(db: string, options: { readonly reason: string; readonly timeoutMs: number }): Promise<PanicResult> {
  if (!existsSync(db) || !statSync(db).isFile()) {
    throw new CliError(exitCodes.refused, `there is no database ${db}: nothing was asked to stop. --db names the file of the run, as it was given to the run`)
  }
  const haltFile = haltFilePath(db)
  const startedMs = performance.now()
  writeHalt(db, options.reason)
  for (;;) {
    const acknowledgedAtMs = readHalt(db)?.acknowledgedAtMs
    const holder = holderOf(db)
    const waitedMs = Math.round(performance.now() - startedMs)
    const result = {
      db,
      haltFile,
      reason: options.reason,
      enginePid: typeof holder === 'object' ? holder.pid : null,
      acknowledgedAtMs: acknowledgedAtMs ?? null,
      waitedMs,
    }
    if (acknowledgedAtMs !== undefined) return { ...result, outcome: 'acknowledged' }
    // Looked at after the request was on disk: an engine that starts from now on finds it.
    if (holder === undefined) return { ...result, outcome: 'notRunning' }
    if (waitedMs >= options.timeoutMs) return { ...result, outcome: 'unconfirmed' }
    await new Promise((resolve) => setTimeout(resolve, Math.min(pollMs, options.timeoutMs - waitedMs)))
  }
}

/** The engine on the database; `unknown` when its lock cannot be read, which proves nothing. */
function holderOf(db: string): { readonly pid: number } | 'unknown' | undefined {
  try {
    return lockHolder(db)
  } catch (error) {
    if (error instanceof EngineError) return 'unknown'
    throw error
  }
}
