import type { StreamQuery } from '../../contracts/market-source.ts'
import type { KernelSnapshot } from '../../contracts/kernel.ts'
import type { EventLoop, LoopSnapshot } from '../../engine/event-loop.ts'
import type { EpochMs } from '../../model/time.ts'
import { MINUTE_MS } from '../../model/time.ts'

/** Everything a run is at one moment, to go on from it a second time. */
export interface Checkpoint {
  /** All events up to here are in it, and none later. */
  readonly atMs: EpochMs
  readonly kernel: KernelSnapshot
  readonly loop: LoopSnapshot
  readonly stream: StreamQuery
}

/** Checkpoints that a run keeps at most. */
const KEPT = 24

/** Between the first ones: so close that their number has reached its bound after four hours, and a long run needs no more memory than a short one. */
const FIRST_SPACING_MS = 10 * MINUTE_MS

/**
 * The checkpoints of a run, in memory: one every ten minutes of event time. When there are too many every second one goes and the spacing doubles, so a run of any
 * length keeps at most 24, evenly spread.
 */
export class Checkpoints {
  private list: Checkpoint[] = []
  private spacingMs = FIRST_SPACING_MS
  private nextMs = Number.NEGATIVE_INFINITY

  /** Called before an event is handled: takes a checkpoint when one is due and the moment before is complete. */
  look(loop: EventLoop, stream: StreamQuery, eventMs: EpochMs): void {
    if (eventMs < this.nextMs) return
    const { nowMs } = loop.kernel.state
    // Events of one moment belong together.
    if (eventMs <= nowMs) return
    this.list.push({ atMs: nowMs, kernel: loop.kernel.moment(), loop: loop.snapshot(), stream: { ...stream, afterMs: nowMs } })
    if (this.list.length > KEPT) {
      this.list = this.list.filter((_, i) => i % 2 === 0)
      this.spacingMs *= 2
    }
    this.nextMs = eventMs + this.spacingMs
  }

  /** Those before a moment, the last one first; then ever further apart. */
  before(atMs: number): readonly Checkpoint[] {
    const found: Checkpoint[] = []
    const last = this.list.findLastIndex((checkpoint) => checkpoint.atMs < atMs)
    for (let back = 0; last - back >= 0; back = 2 * back + 1) found.push(this.list[last - back]!)
    return found
  }

  get size(): number {
    return this.list.length
  }
}
