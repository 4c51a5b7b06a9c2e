/**
 * Recursive average `e += weight (x - e)`, seeded with the mean of its first `seed` inputs after `skip` ignored ones; NaN before.
 * In this order of operations a flat input gives exactly that input.
 */
export class EmaLine {
  private readonly weight: number
  private readonly seed: number
  private readonly skip: number
  private e = NaN
  private first = NaN
  private sum = 0
  private count = 0

  constructor(weight: number, seed: number, skip = 0) {
    this.weight = weight
    this.seed = seed
    this.skip = skip
  }

  step(x: number, keep: boolean): number {
    const e = this.e
    if (e !== e) return this.start(x, keep)
    const next = e + this.weight * (x - e)
    if (keep) this.e = next
    return next
  }

  private start(x: number, keep: boolean): number {
    const count = this.count + 1
    const taken = count - this.skip
    const first = taken === 1 ? x : this.first
    const sum = taken > 1 ? this.sum + (x - first) : 0
    const e = taken === this.seed ? first + sum / taken : NaN
    if (keep) {
      this.count = count
      this.first = first
      this.sum = sum
      this.e = e
    }
    return e
  }
}

/** An exponential average of `period`: weight 2/(period+1). */
export const emaLine = (period: number, skip = 0): EmaLine => new EmaLine(2 / (period + 1), period, skip)

/** A Wilder average of `period`: weight 1/period. */
export const wilderLine = (period: number): EmaLine => new EmaLine(1 / period, period)

/** The next value of an average over the output of another, which is NaN at first. */
export const feed = (line: EmaLine, x: number, keep: boolean): number => (x === x ? line.step(x, keep) : NaN)
