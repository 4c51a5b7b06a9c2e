import { url as debuggerUrl } from 'node:inspector'
import { Worker } from 'node:worker_threads'
import { exitCodes } from '../exit-codes.ts'

/** What the watching thread is given. */
export interface WatchdogData {
  /** [0] counts up as long as the main thread gets round; [1] is 1 while a debugger is attached to it. */
  readonly beats: Int32Array
  readonly limitMs: number
  readonly everyMs: number
  readonly exitCode: number
}

/** What the watching thread is told later. */
export interface WatchdogOrder {
  /** Where a halted start is asked for. */
  readonly haltFile: string
}

/** A thread that ends the process when the main one hangs. */
export interface Watchdog {
  /** From now on a hang makes the next start on this database a halted one. */
  guard(haltFile: string): void
  stop(): Promise<void>
}

/** Starts a watchdog; undefined = none. */
export type StartWatchdog = (limitMs: number | undefined) => Watchdog

const none: Watchdog = { guard: () => undefined, stop: () => Promise.resolve() }

/**
 * Watches the main thread from a second one. Code that never returns cannot be interrupted from within: when the event loop has stood still for the limit, the
 * process ends with exit code 5, and says where it was. Under a debugger it does not, since a breakpoint stands still as well, also when that one came later (SIGUSR1).
 */
export function startWatchdog(limitMs: number | undefined): Watchdog {
  if (limitMs === undefined) return none
  const beats = new Int32Array(new SharedArrayBuffer(8))
  const beat = (): void => {
    Atomics.store(beats, 1, debuggerUrl() === undefined ? 0 : 1)
    Atomics.add(beats, 0, 1)
  }
  beat()
  const everyMs = Math.min(1_000, Math.max(20, limitMs / 10))
  const heart = setInterval(beat, everyMs / 2)
  heart.unref()
  const workerData: WatchdogData = { beats, limitMs, everyMs, exitCode: exitCodes.halted }
  const worker = new Worker(workerUrl(), { workerData })
  worker.unref()
  return {
    guard(haltFile) {
      worker.postMessage({ haltFile } satisfies WatchdogOrder)
    },
    async stop() {
      clearInterval(heart)
      await worker.terminate()
    },
  }
}

/** Beside this file in the sources, and beside the bundle in a build. */
const workerUrl = (): URL => new URL(import.meta.url.endsWith('.ts') ? './watchdog-worker.ts' : './watchdog-worker.js', import.meta.url)
