import type { Json } from './json.ts'

/** Moments that one ring remembers: no limit of a rule or breaker may be larger. */
export const TIME_RING_SIZE = 1_000

/** The last moments at which something happened, oldest dropped first. Times never go back, so every question is a look at sorted numbers. */
export class TimeRing {
  private readonly times: number[] = []
  /** Where the oldest stands once the ring is full. */
  private start = 0

  /** A moment before the newest counts as the newest: the journal's order is the order of things. */
  push(ms: number): void {
    const time = Math.max(ms, this.nthNewest(1))
    if (this.times.length < TIME_RING_SIZE) {
      this.times.push(time)
      return
    }
    this.times[this.start] = time
    this.start = this.start + 1 === TIME_RING_SIZE ? 0 : this.start + 1
  }

  /** Time of the n-th newest, 1 = the newest; -Infinity when there were fewer. */
  nthNewest(n: number): number {
    const { length } = this.times
    return n >= 1 && n <= length ? this.at(length - n) : Number.NEGATIVE_INFINITY
  }

  /** How many lie after a moment, of those remembered. */
  countAfter(ms: number): number {
    let low = 0
    let high = this.times.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.at(middle) > ms) high = middle
      else low = middle + 1
    }
    return this.times.length - low
  }

  clear(): void {
    this.times.length = 0
    this.start = 0
  }

  /** Oldest first. */
  snapshot(): Json {
    return this.times.map((_, i) => this.at(i))
  }

  restore(state: Json): void {
    this.clear()
    for (const ms of state as readonly number[]) this.push(ms)
  }

  private at(index: number): number {
    const slot = this.start + index
    return this.times[slot >= this.times.length ? slot - this.times.length : slot]!
  }
}
