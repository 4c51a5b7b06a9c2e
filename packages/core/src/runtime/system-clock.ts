import { Observable } from 'rxjs'
import type { Clock } from '../contracts/clock.ts'
import type { EpochMs } from '../model/time.ts'

/** The longest delay that `setTimeout` takes; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** A clock that goes back by more than this between two looks was set back; less is the slewing and rounding of every clock. */
const STEP_MS = 1_000

/**
 * Returns the clock of the machine. Where that is set back while the program runs, time goes on from where it was, at its pace: deadlines, cooldowns and the next look at an order
 * would wait for the moment to come a second time. Set forward, as after a sleep, it is followed.
 *
 * `at` may lie any distance ahead: it waits in pieces, and looks at the clock again before it emits, so it is never early.
 *
 * @example
 * ```ts
 * systemClock().nowMs() > 1.7e12 // => true
 * ```
 */
export function systemClock(): Clock {
  const nowMs = neverSetBack()
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

function neverSetBack(): () => EpochMs {
  let wallMs = Date.now()
  let steadyMs = performance.now()
  /** How much was taken from the machine's clock. */
  let aheadMs = 0
  return () => {
    const [wall, steady] = [Date.now(), performance.now()]
    const stepMs = wall - wallMs - (steady - steadyMs)
    if (stepMs < -STEP_MS || (aheadMs > 0 && stepMs > STEP_MS)) aheadMs = Math.max(0, aheadMs - stepMs)
    wallMs = wall
    steadyMs = steady
    return Math.floor(wall + aheadMs) as EpochMs
  }
}
