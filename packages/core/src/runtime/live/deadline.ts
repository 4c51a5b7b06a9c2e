import type { Clock } from '../../contracts/clock.ts'
import { errorText } from '../../model/error-text.ts'
import type { EpochMs } from '../../model/time.ts'

/** What a call came to by its deadline; a failure is told, never thrown. */
export type Answer<T> = { readonly value: T } | { readonly failure: string }

/**
 * Runs a call with a deadline on the given clock. When it passes, the call is told to stop and counts as failed; what it says afterwards goes to `late`.
 */
export function withDeadline<T>(clock: Clock, ms: number, call: (signal: AbortSignal) => Promise<T>, late?: (value: T) => void): Promise<Answer<T>> {
  const controller = new AbortController()
  return new Promise((resolve) => {
    let over = false
    const timer = clock.at((clock.nowMs() + ms) as EpochMs).subscribe(() => {
      end({ failure: `no answer within ${ms} ms` })
      controller.abort(new Error('the deadline has passed'))
    })
    function end(answer: Answer<T>): void {
      if (over) return
      over = true
      timer.unsubscribe()
      resolve(answer)
    }
    start(call, controller.signal).then(
      (value) => (over ? late?.(value) : end({ value })),
      (error: unknown) => end({ failure: errorText(error) }),
    )
  })
}

/** An adapter that throws at once has failed like one that rejects. */
const start = async <T>(call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> => call(signal)
