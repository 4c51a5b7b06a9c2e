import type { Clock } from '../../contracts/clock.ts'
import type { Order } from '../../engine/order-machine.ts'
import type { EpochMs } from '../../model/time.ts'
import { WakeTimer } from '../wake-timer.ts'

interface Look {
  atMs: number
  pauseMs: number
}

/** Tells whether something happened to an order in between. */
export const stamp = ({ state, updatedAtMs }: Order): string => `${state} ${updatedAtMs}`

/** The first look at an order after something happened, and the longest pause between two. */
const FIRST_MS = 250
const LONGEST_MS = 30_000

/** When to ask the venue for which order: soon after something happened, then ever more rarely. One timer for all. */
export class Looks {
  private readonly due = new Map<string, Look>()
  private readonly clock: Clock
  private readonly look: (clientOrderId: string) => void
  private readonly timer: WakeTimer

  constructor(clock: Clock, look: (clientOrderId: string) => void) {
    this.clock = clock
    this.look = look
    this.timer = new WakeTimer(clock, () => this.ring())
  }

  /** Something happened to the order: look soon, and then again with growing pauses. */
  soon(clientOrderId: string): void {
    this.set(clientOrderId, FIRST_MS)
  }

  /** Nothing new: look again after twice the pause. */
  later(clientOrderId: string): void {
    this.set(clientOrderId, Math.min(LONGEST_MS, 2 * (this.due.get(clientOrderId)?.pauseMs ?? FIRST_MS)))
  }

  drop(clientOrderId: string): void {
    this.due.delete(clientOrderId)
    this.setTimer()
  }

  stop(): void {
    this.due.clear()
    this.timer.stop()
  }

  private set(clientOrderId: string, pauseMs: number): void {
    this.due.set(clientOrderId, { atMs: this.clock.nowMs() + pauseMs, pauseMs })
    this.setTimer()
  }

  private setTimer(): void {
    let next = Number.POSITIVE_INFINITY
    for (const { atMs } of this.due.values()) next = Math.min(next, atMs)
    this.timer.set(next as EpochMs)
  }

  private ring(): void {
    const nowMs = this.clock.nowMs()
    for (const [clientOrderId, look] of [...this.due]) {
      if (look.atMs > nowMs) continue
      look.atMs = Number.POSITIVE_INFINITY
      this.look(clientOrderId)
    }
    this.setTimer()
  }
}
