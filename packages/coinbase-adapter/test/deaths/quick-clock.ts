import type { EpochMs } from '@millrace/core'
import { Observable } from 'rxjs'

/** Both processes reckon time the same way, so that they agree on it without a word. */
export interface QuickTime {
  /** Virtual time at a moment of the machine's clock, both in ms. */
  readonly virtualMs: number
  readonly machineMs: number
  /** Virtual seconds in one of the machine's. */
  readonly speed: number
}

const LONGEST_WAIT_MS = 1_000_000

/** The machine's clock, faster. */
export function quickClock({ virtualMs, machineMs, speed }: QuickTime): { nowMs(): EpochMs; at(atMs: number): Observable<EpochMs> } {
  const nowMs = (): EpochMs => Math.floor(virtualMs + (Date.now() - machineMs) * speed) as EpochMs
  return {
    nowMs,
    at: (atMs) =>
      new Observable<EpochMs>((subscriber) => {
        let timer: ReturnType<typeof setTimeout>
        const wait = (): void => {
          timer = setTimeout(check, Math.min(Math.max(0, Math.ceil((atMs - nowMs()) / speed)), LONGEST_WAIT_MS))
        }
        const check = (): void => {
          if (nowMs() < atMs) return wait()
          subscriber.next(atMs as EpochMs)
          subscriber.complete()
        }
        wait()
        return () => clearTimeout(timer)
      }),
  }
}
