/** A thread that runs trials: it makes them once, then answers orders until it is ended. */
import { parentPort, workerData } from 'node:worker_threads'
import { trialsOf } from './trial-work.ts'
import type { ThreadData, TrialAnswer, TrialOrder } from './trial-work.ts'

const { beats, ...work } = workerData as ThreadData
const trials = trialsOf(work)

parentPort!.on('message', (order: TrialOrder) => {
  void answer(order).then((told) => parentPort!.postMessage(told))
})

async function answer({ id, points, window }: TrialOrder): Promise<TrialAnswer> {
  try {
    const made = await trials
    const startedMs = performance.now()
    const outcomes = points.map((point) => {
      Atomics.add(beats, 0, 1)
      return made.evaluate(point, window)
    })
    return { id, outcomes, ms: performance.now() - startedMs }
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) }
  }
}
