import { PORTION } from './portions.ts'

/**
 * Recursive average `value += weight (x - value)`, seeded with the mean of its first `seed` inputs after `skip` ignored ones; NaN before.
 * In this order of operations a flat input gives exactly that input.
 */
export class EmaLine {
  readonly weight: number = NaN
  value = NaN
  private readonly seed: number = 0
  private readonly skip: number = 0
  private first = NaN
  private sum = 0
  private count = 0

  constructor(weight: number, seed: number, skip = 0) {
    this.weight = weight
    this.seed = seed
    this.skip = skip
  }

  step(x: number, keep: boolean): number {
    const last = this.value
    if (last !== last) return this.start(x, keep)
    const next = last + this.weight * (x - last)
    if (keep) this.value = next
    return next
  }

  private start(x: number, keep: boolean): number {
    const count = this.count + 1
    const taken = count - this.skip
    const first = taken === 1 ? x : this.first
    const sum = taken > 1 ? this.sum + (x - first) : 0
    const value = taken === this.seed ? first + sum / taken : NaN
    if (keep) {
      this.count = count
      this.first = first
      this.sum = sum
      this.value = value
    }
    return value
  }
}

/** An exponential average of `period`: weight 2/(period+1). */
export const emaLine = (period: number, skip = 0): EmaLine => new EmaLine(2 / (period + 1), period, skip)

/** A Wilder average of `period`: weight 1/period. */
export const wilderLine = (period: number): EmaLine => new EmaLine(1 / period, period)

/** The next value of an average over the output of another, which is NaN at first. */
export const feed = (line: EmaLine, x: number, keep: boolean): number => (x === x ? line.step(x, keep) : NaN)

/** The steps of a warm average over a series, from index `start` on. False: a value was not finite. */
export const runEma = (line: EmaLine, x: Float64Array, start: number, out: Float64Array): boolean => {
  for (let from = start; from < x.length; from += PORTION) line.value = portion(line.weight, line.value, x, from, Math.min(from + PORTION, x.length), out)
  return start >= x.length || Number.isFinite(line.value)
}

const portion = (weight: number, value: number, x: Float64Array, from: number, to: number, out: Float64Array): number => {
  let last = value
  for (let i = from; i < to; i++) out[i] = last += weight * (x[i]! - last)
  return last
}
