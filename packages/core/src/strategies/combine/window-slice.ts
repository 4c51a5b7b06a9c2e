import type { WindowView } from '../../contracts/strategy.ts'

/** The part of a window that a strategy asked for: in a combination another one may have asked for more. */
export class WindowSlice implements WindowView {
  whole: WindowView | undefined = undefined
  private readonly capacity: number

  constructor(capacity: number) {
    this.capacity = capacity
  }

  get length(): number {
    return Math.min(this.capacity, this.whole!.length)
  }

  open(back: number): number {
    return this.whole!.open(this.inside(back))
  }

  close(back: number): number {
    return this.whole!.close(this.inside(back))
  }

  high(back: number): number {
    return this.whole!.high(this.inside(back))
  }

  low(back: number): number {
    return this.whole!.low(this.inside(back))
  }

  volume(back: number): number {
    return this.whole!.volume(this.inside(back))
  }

  private inside(back: number): number {
    if (back >= this.capacity) throw new RangeError(`expected 0 <= back < ${this.length}, received ${back}: declare a larger 'window'`)
    return back
  }
}
