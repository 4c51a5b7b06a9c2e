import { Observable } from 'rxjs'

/** The time the venue lives by. The library's own clocks have this form, so that client and venue can share one. */
export interface VenueClock {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs(): number
  /** Emits once at or after a moment and completes. Unsubscribing cancels. */
  at(atMs: number): Observable<number>
}

/** The longest delay that `setTimeout` takes; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** Returns the clock of the machine. */
export function machineClock(): VenueClock {
  const nowMs = (): number => Date.now()
  return {
    nowMs,
    at: (atMs) =>
      new Observable<number>((subscriber) => {
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
