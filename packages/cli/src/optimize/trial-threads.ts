import { Worker } from 'node:worker_threads'
import { durationText } from '@millrace/core'
import type { TrialOutcome, TrialWindow } from '@millrace/core'
import type { ThreadData, TrialAnswer, TrialOrder, TrialWork } from './trial-work.ts'

/** What came of a chunk of trials. */
export interface ChunkDone {
  readonly outcomes: readonly TrialOutcome[]
  /** Time of the work itself. */
  readonly ms: number
}

/** Threads that run trials over the same candles in shared memory. */
export interface TrialThreads {
  readonly count: number
  /** Runs trials on the next free thread; waits while there is none. */
  run(points: readonly number[], window: TrialWindow): Promise<ChunkDone>
  /** Ends the threads at once; what is under way rejects. */
  close(): Promise<void>
}

const fromSource = import.meta.url.endsWith('.ts')
const entry = new URL(fromSource ? './trial-thread.ts' : './trial-thread.js', import.meta.url)
const execArgv = fromSource ? ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning'] : []

interface Pending {
  readonly order: TrialOrder
  readonly resolve: (done: ChunkDone) => void
  readonly reject: (error: Error) => void
}

/** The trial in hand ended its thread, or did not come back; the message says which, without its subject. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost'
}

/** How long one trial may take. */
export const TRIAL_LIMIT_MS = 600_000

/**
 * Starts threads: `count` of them, each with the same work. A thread that ends by itself, or works on one trial for longer than the limit, fails what it had in hand
 * with a ThreadLost; the next order has a new one.
 */
export function startTrialThreads(work: TrialWork, count: number, limitMs = TRIAL_LIMIT_MS): TrialThreads {
  const queue: Pending[] = []
  const lanes = Array.from({ length: count }, () => lane(work, limitMs, () => next()))
  let orders = 0
  let closed = false
  const next = (): void => {
    for (const each of lanes) {
      if (queue.length === 0) return
      if (each.idle()) each.take(queue.shift()!)
    }
  }
  return {
    count,
    run: (points, window) =>
      new Promise((resolve, reject) => {
        if (closed) throw new Error('the threads have ended')
        queue.push({ order: { id: orders++, points, window }, resolve, reject })
        next()
      }),
    async close() {
      closed = true
      for (const { reject } of queue.splice(0)) reject(new Error('the threads have ended'))
      await Promise.all(lanes.map((each) => each.end()))
    },
  }
}

interface Lane {
  idle(): boolean
  take(pending: Pending): void
  end(): Promise<unknown>
}

/** A thread of the lane: begun again with the next order when it has ended by itself, or stood still for too long and was ended. */
function lane(work: TrialWork, limitMs: number, freed: () => void): Lane {
  let pending: Pending | undefined
  let ended = false
  let watch: NodeJS.Timeout | undefined
  const settle = (): Pending | undefined => {
    clearInterval(watch)
    const done = pending
    pending = undefined
    return done
  }
  const start = (): Running => {
    const beats = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(entry, { workerData: { ...work, beats } satisfies ThreadData, execArgv })
    const lose = (why: string): void => {
      if (running?.worker !== worker) return
      running = undefined
      // What ends a thread before its first trial is no trial's fault.
      const lost = ended
        ? new Error('the threads have ended')
        : Atomics.load(beats, 0) === 0
          ? new Error(`a thread ended before its first trial: ${why}`)
          : new ThreadLost(why)
      settle()?.reject(lost)
      freed()
    }
    worker.on('message', (answer: TrialAnswer) => {
      const done = settle()!
      if ('failure' in answer) done.reject(new Error(answer.failure))
      else done.resolve(answer)
      freed()
    })
    worker.on('error', (error) => lose(`ended its thread: ${error instanceof Error ? error.message : String(error)}`))
    worker.on('exit', (code) => lose(`ended its thread, with exit code ${code}`))
    return { worker, beats, lose }
  }
  let running: Running | undefined = start()
  return {
    idle: () => pending === undefined,
    take(taken) {
      const { worker, beats, lose } = (running ??= start())
      pending = taken
      watch = stillness(beats, limitMs, () => {
        lose(`did not end within ${durationText(limitMs)}`)
        void worker.terminate()
      })
      worker.postMessage(taken.order)
    },
    async end() {
      ended = true
      await running?.worker.terminate()
    },
  }
}

interface Running {
  readonly worker: Worker
  readonly beats: Int32Array
  readonly lose: (why: string) => void
}

/** To start a thread, load its modules and make its trials takes a while, whatever the limit of one trial is. */
const PREPARATION_MS = 60_000

/** Tells when a count has stood still for so long. */
function stillness(beats: Int32Array, limitMs: number, still: () => void): NodeJS.Timeout {
  let [last, sinceMs] = [Atomics.load(beats, 0), performance.now()]
  return setInterval(
    () => {
      const now = Atomics.load(beats, 0)
      if (now !== last) [last, sinceMs] = [now, performance.now()]
      else if (performance.now() - sinceMs >= (now === 0 ? Math.max(PREPARATION_MS, limitMs) : limitMs)) still()
    },
    Math.min(1_000, limitMs / 4),
  )
}
