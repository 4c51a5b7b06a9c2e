import type { Parameter, TrialOutcome, TrialWindow } from '@millrace/core'
import { chunkText } from './chunk-text.ts'
import { ThreadLost } from './trial-threads.ts'
import type { ChunkDone, TrialThreads } from './trial-threads.ts'

/** Runs a chunk. One that ends its thread is run again trial by trial, on new threads: the trials that end theirs by themselves are lost, and the others have their results. */
export async function runOrLose(
  threads: Pick<TrialThreads, 'run'>,
  parameters: readonly Parameter[],
  points: readonly number[],
  window: TrialWindow,
): Promise<ChunkDone> {
  const startedMs = performance.now()
  try {
    return await threads.run(points, window)
  } catch (error) {
    if (!(error instanceof ThreadLost)) throw error
    const outcomes: TrialOutcome[] = []
    if (points.length === 1) outcomes.push({ lost: `${chunkText(parameters, points)} ${error.message}` })
    else for (const point of points) outcomes.push(...(await runOrLose(threads, parameters, [point], window)).outcomes)
    return { outcomes, ms: performance.now() - startedMs }
  }
}

/** False for a chunk with lost trials: how long they took says nothing of the next ones. */
export const allRun = (outcomes: readonly TrialOutcome[]): boolean => outcomes.every((outcome) => !('lost' in outcome))
