import type { KernelEvent } from '../contracts/events.ts'

export interface Pending {
  readonly timeMs: number
  /** Among events of one moment: answers of the venue before timers. */
  readonly rank: 0 | 1
  readonly seq: number
  readonly event: KernelEvent
}

const before = (a: Pending, b: Pending): boolean => a.timeMs < b.timeMs || (a.timeMs === b.timeMs && (a.rank < b.rank || (a.rank === b.rank && a.seq < b.seq)))

/** What lies ahead: answers and timers by time, then kind, then arrival. A binary heap; market events come from outside. */
export class TotalOrder {
  /** Time of the next event; Infinity when there is none. */
  nextMs = Number.POSITIVE_INFINITY
  private readonly heap: Pending[] = []
  private seq = 0

  push(timeMs: number, rank: 0 | 1, event: KernelEvent): void {
    const { heap } = this
    const added: Pending = { timeMs, rank, seq: this.seq++, event }
    let hole = heap.length
    heap.push(added)
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (!before(added, heap[parent]!)) break
      heap[hole] = heap[parent]!
      hole = parent
    }
    heap[hole] = added
    this.nextMs = heap[0]!.timeMs
  }

  shift(): KernelEvent {
    const { heap } = this
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) this.sink(last)
    this.nextMs = heap.length > 0 ? heap[0]!.timeMs : Number.POSITIVE_INFINITY
    return first.event
  }

  /** All that lies ahead; events are never changed, so they are shared. */
  snapshot(): readonly Pending[] {
    return [...this.heap]
  }

  /** Puts what lay ahead elsewhere in here. */
  restore(ahead: readonly Pending[]): void {
    this.heap.length = 0
    for (const pending of ahead) {
      this.heap.push(pending)
      this.seq = Math.max(this.seq, pending.seq + 1)
    }
    this.nextMs = ahead.length > 0 ? ahead[0]!.timeMs : Number.POSITIVE_INFINITY
  }

  private sink(moved: Pending): void {
    const { heap } = this
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, moved)) break
      heap[hole] = heap[child]!
      hole = child
    }
    heap[hole] = moved
  }
}
