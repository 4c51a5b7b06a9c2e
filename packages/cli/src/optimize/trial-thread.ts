/** A thread that runs trials: it makes them once, then answers orders until it is ended. */
import { parentPort, workerData } from 'node:worker_threads'
import { trialsOf } from './trial-work.ts'
import type { TrialAnswer, TrialOrder, TrialWork } from './trial-work.ts'

const trials = trialsOf(workerData as TrialWork)

parentPort!.on('message', (order: TrialOrder) => {
  void answer(order).then((told) => parentPort!.postMessage(told))
})

async function answer({ id, points, window }: TrialOrder): Promise<TrialAnswer> {
  try {
    const made = await trials
    const startedMs = performance.now()
    const outcomes = points.map((point) => made.evaluate(point, window))
    return { id, outcomes, ms: performance.now() - startedMs }
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) }
  }
}
