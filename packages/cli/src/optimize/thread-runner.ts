import { ChunkPacer } from '@millrace/core'
import type { SweepRunner } from '@millrace/core'
import { allRun, runOrLose } from './run-or-lose.ts'
import { sharedSeries } from './trial-work.ts'
import type { TrialWork } from './trial-work.ts'
import { startTrialThreads } from './trial-threads.ts'

/** Runs trials on threads of this process, the candles in shared memory. */
export function threadRunner(work: TrialWork, count: number, limitMs?: number): SweepRunner {
  const threads = startTrialThreads({ ...work, series: sharedSeries(work.series) }, count, limitMs)
  const pacer = new ChunkPacer()
  return {
    name: `${count} threads`,
    async run(points, window, { signal, onTrial }) {
      let next = 0
      let failed = false
      const lane = async (): Promise<void> => {
        while (next < points.length && !failed) {
          signal?.throwIfAborted()
          const from = next
          next += pacer.next(points.length - from, count)
          const { outcomes, ms } = await runOrLose(threads, work.task.parameters, points.slice(from, next), window)
          if (allRun(outcomes)) pacer.took(outcomes.length, ms)
          outcomes.forEach((outcome, i) => onTrial(from + i, outcome))
        }
      }
      const watched = async (): Promise<void> => {
        try {
          await lane()
        } catch (error) {
          failed = true
          throw error
        }
      }
      const cancelled = Promise.withResolvers<never>()
      const onAbort = (): void => cancelled.reject(signal!.reason as Error)
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        await Promise.race([Promise.all(Array.from({ length: Math.min(count, points.length) }, watched)), cancelled.promise])
      } finally {
        // A sequential search runs thousands of short lists under one signal.
        signal?.removeEventListener('abort', onAbort)
      }
    },
    close: () => threads.close(),
  }
}
