/** Refuses sign-ins for a while after too many wrong ones, from whatever address they come. */
export interface Lockout {
  /** Ms until the next try is looked at; 0 = now. */
  waitMs(): number
  failed(): void
  succeeded(): void
  /** Wrong tries since the start. */
  readonly failures: number
}

/** Wrong tries in a row before the first pause. */
export const freeTries = 5
const firstPauseMs = 30_000
const longestPauseMs = 15 * 60_000

/** @param now - ms, on a clock that does not jump */
export function createLockout(now: () => number): Lockout {
  let inARow = 0
  let failures = 0
  let untilMs = Number.NEGATIVE_INFINITY
  return {
    get failures() {
      return failures
    },
    waitMs: () => Math.max(0, untilMs - now()),
    failed() {
      failures++
      inARow++
      if (inARow >= freeTries) untilMs = now() + Math.min(longestPauseMs, firstPauseMs * 2 ** (inARow - freeTries))
    },
    succeeded() {
      inARow = 0
    },
  }
}
