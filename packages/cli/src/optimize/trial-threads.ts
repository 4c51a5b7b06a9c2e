import { Worker } from 'node:worker_threads'
import type { TrialOutcome, TrialWindow } from '@millrace/core'
import type { TrialAnswer, TrialOrder, TrialWork } from './trial-work.ts'

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
  /** True when a thread has ended by itself: it does not come back. */
  broken(): boolean
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

/** Starts threads: `count` of them, each with the same work. A thread that ends by itself fails what it had in hand. */
export function startTrialThreads(work: TrialWork, count: number): TrialThreads {
  const queue: Pending[] = []
  const lanes = Array.from({ length: count }, () => lane(work, () => next()))
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
    broken: () => lanes.some((each) => each.broken()),
    async close() {
      closed = true
      for (const { reject } of queue.splice(0)) reject(new Error('the threads have ended'))
      await Promise.all(lanes.map((each) => each.end()))
    },
  }
}

interface Lane {
  idle(): boolean
  broken(): boolean
  take(pending: Pending): void
  end(): Promise<unknown>
}

function lane(work: TrialWork, freed: () => void): Lane {
  const worker = new Worker(entry, { workerData: work, execArgv })
  let pending: Pending | undefined
  let broken: Error | undefined
  const fail = (error: Error): void => {
    broken ??= error
    pending?.reject(broken)
    pending = undefined
    // What still waits is told the same by its turn.
    freed()
  }
  worker.on('message', (answer: TrialAnswer) => {
    const done = pending!
    pending = undefined
    if ('failure' in answer) done.reject(new Error(answer.failure))
    else done.resolve(answer)
    freed()
  })
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => fail(new Error(`a thread ended (exit code ${code})`)))
  return {
    idle: () => pending === undefined,
    broken: () => broken !== undefined,
    take(taken) {
      if (broken !== undefined) return taken.reject(broken)
      pending = taken
      worker.postMessage(taken.order)
    },
    end: () => worker.terminate(),
  }
}
