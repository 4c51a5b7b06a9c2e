import { Observable } from 'rxjs'
import type { Subscriber } from 'rxjs'
import type { Clock } from '../contracts/clock.ts'
import type { EpochMs } from '../model/time.ts'

/** A clock that stands still until it is moved. */
export interface SimulatedClock extends Clock {
  /** Moves on by so many milliseconds and fires what is due on the way. */
  advance(ms: number): void
  /** Moves to a moment, never back. */
  set(nowMs: number): void
  at(atMs: number): Observable<EpochMs>
  /** Timers that wait. */
  readonly pending: number
  /** When the next one is due; Infinity when none waits. */
  readonly nextMs: number
}

interface Timer {
  readonly atMs: EpochMs
  readonly order: number
  readonly subscriber: Subscriber<EpochMs>
}

/**
 * Returns a clock for tests. Timers fire in order of time, then of scheduling, each at its own moment; a timer scheduled by another one is
 * sorted in and fires in the same move when it is due. A moment already past fires at the next move.
 *
 * @throws RangeError from `advance` and `set` when asked to go back
 * @example
 * ```ts
 * const clock = simulatedClock(1000)
 * const seen: number[] = []
 * clock.at(1500).subscribe((ms) => seen.push(ms))
 * clock.advance(500)
 * seen[0] // => 1500
 * ```
 */
export function simulatedClock(startMs: number): SimulatedClock {
  let now = startMs as EpochMs
  let order = 0
  const timers = new Set<Timer>()

  function nextDue(untilMs: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of timers) {
      if (timer.atMs <= untilMs && (next === undefined || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.order < next.order))) next = timer
    }
    return next
  }

  function set(nowMs: number): void {
    if (!(nowMs >= now)) throw new RangeError(`expected a time at or after ${now}, received ${nowMs}: a clock never goes back`)
    for (let timer = nextDue(nowMs); timer !== undefined; timer = nextDue(nowMs)) {
      timers.delete(timer)
      if (timer.atMs > now) now = timer.atMs
      timer.subscriber.next(timer.atMs)
      timer.subscriber.complete()
    }
    if (nowMs > now) now = nowMs as EpochMs
  }

  return {
    nowMs: () => now,
    set,
    advance: (ms) => set(now + ms),
    get pending() {
      return timers.size
    },
    get nextMs() {
      return nextDue(Number.POSITIVE_INFINITY)?.atMs ?? Number.POSITIVE_INFINITY
    },
    at: (atMs) =>
      new Observable<EpochMs>((subscriber) => {
        const timer: Timer = { atMs: atMs as EpochMs, order: order++, subscriber }
        timers.add(timer)
        return () => timers.delete(timer)
      }),
  }
}
