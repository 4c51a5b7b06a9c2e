import type { Subscription } from 'rxjs'
import type { Clock } from '../contracts/clock.ts'
import type { EpochMs } from '../model/time.ts'

/** One alarm at a time for the next thing that is due in wall time. */
export class WakeTimer {
  private subscription: Subscription | undefined
  private atMs = Number.POSITIVE_INFINITY
  private readonly clock: Clock
  private readonly ring: () => void

  constructor(clock: Clock, ring: () => void) {
    this.clock = clock
    this.ring = ring
  }

  /** Moves the alarm; Infinity takes it off. */
  set(atMs: number): void {
    if (atMs === this.atMs) return
    this.stop()
    this.atMs = atMs
    if (atMs === Number.POSITIVE_INFINITY) return
    this.subscription = this.clock.at(atMs as EpochMs).subscribe(() => {
      this.atMs = Number.POSITIVE_INFINITY
      this.ring()
    })
  }

  stop(): void {
    this.subscription?.unsubscribe()
    this.atMs = Number.POSITIVE_INFINITY
  }
}
