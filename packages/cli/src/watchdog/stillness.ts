/** Says from counts of a heart, read at regular moments, when it has stood still for too long. */
export interface Stillness {
  /**
   * True once the count has been the same for the limit.
   *
   * @param excused - somebody holds the heart on purpose: with a debugger
   */
  seen(count: number, nowMs: number, excused?: boolean): boolean
}

/**
 * A machine that slept, or a watcher that got no time itself, says nothing of the one that is watched: after a pause of the watcher's own the time counts anew.
 *
 * @param everyMs - how often `seen` is called
 */
export function stillness(limitMs: number, everyMs: number): Stillness {
  let last: number | undefined
  let sinceMs = 0
  let lookedMs = 0
  return {
    seen(count, nowMs, excused = false) {
      const moved = excused || count !== last || nowMs - lookedMs > 3 * everyMs
      lookedMs = nowMs
      last = count
      if (moved) sinceMs = nowMs
      return nowMs - sinceMs >= limitMs
    },
  }
}
