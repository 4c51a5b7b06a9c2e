/** Follows the one counter that a connection has over all its channels. */
export interface SequenceTracker {
  /** `ok` the next number; `duplicate` one that was there, or an older one; `gap` when numbers between are missing. */
  take(sequence: number): 'ok' | 'duplicate' | 'gap'
  readonly last: number
}

/**
 * Returns a tracker for a new connection, whose first number is 0.
 *
 * @example
 * ```ts
 * const tracker = createSequenceTracker()
 * const seen = [0, 1, 1, 3].map((n) => tracker.take(n))
 * seen // => ['ok', 'ok', 'duplicate', 'gap']
 * ```
 */
export function createSequenceTracker(): SequenceTracker {
  let last = -1
  return {
    take(sequence) {
      if (sequence <= last) return 'duplicate'
      const next = sequence === last + 1
      last = sequence
      return next ? 'ok' : 'gap'
    },
    get last() {
      return last
    },
  }
}
