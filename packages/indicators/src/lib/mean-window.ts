import { SumWindow } from './sum-window.ts'

/** Mean of the last `size` inputs. A window of equal inputs has exactly that mean, so that flat prices show no crossings made of rounding. */
export class MeanWindow {
  private readonly sum: SumWindow
  private readonly size: number
  private readonly inverse: number
  private last = NaN
  private run = 0

  constructor(size: number) {
    this.size = size
    this.inverse = 1 / size
    this.sum = new SumWindow(size)
  }

  step(x: number, keep: boolean): number {
    const sum = this.sum.step(x, keep)
    const run = x === this.last ? this.run + 1 : 1
    if (keep) {
      this.last = x
      this.run = run
    }
    return run >= this.size ? x : sum * this.inverse
  }
}

/** The mean window over a whole series from index `from` on, block by block. False: a value was not finite. */
export const runMean = (x: Float64Array, size: number, out: Float64Array, from = 0): boolean => {
  const suffix = new Float64Array(size + 1).fill(NaN)
  // The window that is exactly one block has no suffix before it.
  suffix[size] = 0
  const inverse = 1 / size
  const end = x.length
  let all = 0
  for (let start = from; start < end; start += size) {
    const length = Math.min(size, end - start)
    let prefix = 0
    for (let k = 0; k < length; k++) {
      prefix += x[start + k]!
      out[start + k] = (suffix[k + 1]! + prefix) * inverse
    }
    all += prefix
    const value = x[start]!
    if ((start > from && value === x[start - 1]) || (length > 1 && value === x[start + 1])) setFlat(x, size, out, from, start, length)
    if (length === size) {
      let sum = 0
      for (let k = size - 1; k > 0; k--) suffix[k] = sum += x[start + k]!
    }
  }
  return Number.isFinite(all)
}

/** A window of equal inputs that ends in a block reaches back to its start or beyond: only equal values around the start can make one. */
const setFlat = (x: Float64Array, size: number, out: Float64Array, from: number, start: number, length: number): void => {
  const value = x[start]!
  let after = 1
  while (after < length && x[start + after] === value) after++
  let before = 0
  while (before < size - 1 && start - before > from && x[start - before - 1] === value) before++
  for (let k = size - 1 - before; k < after; k++) out[start + k] = value
}
