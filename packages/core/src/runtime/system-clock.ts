import { Observable } from 'rxjs'
import type { Clock } from '../contracts/clock.ts'
import type { EpochMs } from '../model/time.ts'

/** The longest delay that `setTimeout` takes; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

/**
 * Returns the clock of the machine.
 *
 * `at` may lie any distance ahead: it waits in pieces, and looks at the clock again before it emits, so it is never early.
 *
 * @example
 * ```ts
 * systemClock().nowMs() > 1.7e12 // => true
 * ```
 */
export function systemClock(): Clock {
  const nowMs = (): EpochMs => Date.now() as EpochMs
  return {
    nowMs,
    at: (atMs) =>
      new Observable<EpochMs>((subscriber) => {
        let timer: ReturnType<typeof setTimeout>
        const wait = (): void => {
          timer = setTimeout(check, Math.min(Math.max(0, Math.ceil(atMs - nowMs())), MAX_DELAY_MS))
        }
        const check = (): void => {
          if (nowMs() < atMs) return wait()
          subscriber.next(atMs)
          subscriber.complete()
        }
        wait()
        return () => clearTimeout(timer)
      }),
  }
}
