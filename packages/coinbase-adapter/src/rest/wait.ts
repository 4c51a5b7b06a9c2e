import type { Clock } from '@millrace/core'

/** Resolves after a time on the given clock; rejects with the signal's reason when it is aborted first. */
export function waitFor(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error)
    const abort = (): void => {
      timer.unsubscribe()
      reject(signal!.reason as Error)
    }
    const timer = clock.at((clock.nowMs() + ms) as ReturnType<Clock['nowMs']>).subscribe(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    })
    signal?.addEventListener('abort', abort, { once: true })
  })
}
