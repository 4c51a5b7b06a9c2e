import { Observable } from 'rxjs'
import type { Subscription } from 'rxjs'
import type { Clock } from '../contracts/clock.ts'
import type { MarketEvent } from '../contracts/events.ts'
import type { EpochMs } from '../model/time.ts'

/** Event seconds per wall second, or as fast as the consumer takes them. */
export type Speed = number | 'max'

export interface Pace {
  readonly speed: Speed
  readonly clock: Clock
  /** The event time that belongs to `wallMs`. */
  readonly fromMs: EpochMs
  /** When `fromMs` is due on the wall clock; the moment of subscription when absent. */
  readonly wallMs?: EpochMs
}

/** How long events are given out in one go before timers, signals and other I/O get their turn. */
const SLICE_MS = 10
/** Events between two looks at the clock at full speed: a look costs as much as a small event. */
const EVENTS_PER_LOOK = 16

/**
 * Turns a pull-based series of events into an Observable that gives each one out when it is due: never in the subscribing call, never after
 * unsubscribing, in order, and in slices, so that a run at full speed still hears a Ctrl-C. Never errors: a series that throws ends with a link event.
 */
export function paced(series: () => Iterable<MarketEvent>, pace: Pace): Observable<MarketEvent> {
  return new Observable((subscriber) => {
    const iterator = series()[Symbol.iterator]()
    const wallMs = pace.wallMs ?? pace.clock.nowMs()
    let waiting: MarketEvent | undefined
    let last: MarketEvent | undefined
    let timer: Subscription | undefined
    let cancelYield = (): void => {}

    function pull(): MarketEvent | undefined {
      try {
        const next = iterator.next()
        return next.done === true ? undefined : next.value
      } catch (error) {
        subscriber.next({ type: 'link', event: { type: 'down', detail: `the market failed: ${String(error)}` }, atMs: last?.atMs ?? pace.fromMs })
        return undefined
      }
    }

    function run(): void {
      const sliceEnd = performance.now() + SLICE_MS
      for (let given = 1; !subscriber.closed; given++) {
        const event = waiting ?? pull()
        waiting = undefined
        if (event === undefined) return subscriber.complete()
        if (pace.speed !== 'max') {
          const due = wallMs + Math.ceil((event.atMs - pace.fromMs) / pace.speed)
          if (due > pace.clock.nowMs()) {
            waiting = event
            timer = pace.clock.at(due as EpochMs).subscribe(run)
            return
          }
        }
        last = event
        subscriber.next(event)
        if ((pace.speed !== 'max' || given % EVENTS_PER_LOOK === 0) && performance.now() >= sliceEnd) return soon()
      }
    }

    /** Where there is a pace, the clock alone decides when: under a simulated one, how fast the machine is changes nothing. */
    function soon(): void {
      if (subscriber.closed) return
      if (pace.speed === 'max') cancelYield = yieldToHost(run)
      else timer = pace.clock.at(pace.clock.nowMs()).subscribe(run)
    }

    soon()
    return () => {
      cancelYield()
      timer?.unsubscribe()
      iterator.return?.()
    }
  })
}

/** Runs a function after the host has looked at timers and I/O; returns what cancels it. Browsers have no `setImmediate`. */
function yieldToHost(callback: () => void): () => void {
  if (typeof setImmediate === 'function') {
    const handle = setImmediate(callback)
    return () => clearImmediate(handle)
  }
  const handle = setTimeout(callback, 0)
  return () => clearTimeout(handle)
}
