import { wholeBlocks } from './portions.ts'
import { SumWindow } from './sum-window.ts'

/** Mean of the last `size` inputs. A window of equal inputs has exactly that mean, so that flat prices show no crossings made of rounding. */
export class MeanWindow {
  private readonly sum: SumWindow
  private readonly size: number = 0
  private readonly inverse: number = NaN
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
  const stride = wholeBlocks(size)
  let all = 0
  let equal = 0
  for (let start = from; start < x.length; start += stride) {
    const end = Math.min(start + stride, x.length)
    all += portion(suffix, x, start, end, out)
    equal += equals(x, size, from, start, end)
  }
  if (equal > 0) setFlat(x, size, out, from)
  return Number.isFinite(all)
}

/** Returns the sum of the inputs: NaN or infinite, if one of them is. */
const portion = (suffix: Float64Array, x: Float64Array, from: number, to: number, out: Float64Array): number => {
  const size = suffix.length - 1
  const inverse = 1 / size
  let all = 0
  for (let start = from; start < to; start += size) {
    const end = Math.min(start + size, to)
    let prefix = 0
    for (let i = start, k = 1; i < end; i++, k++) {
      prefix += x[i]!
      out[i] = (suffix[k]! + prefix) * inverse
    }
    all += prefix
    if (end - start < size) break
    let sum = 0
    for (let i = end - 1, k = size - 1; k > 0; i--, k--) suffix[k] = sum += x[i]!
  }
  return all
}

/** How many blocks have equal inputs at their start: a window of equal inputs holds the first of its last block and a neighbour of that. */
const equals = (x: Float64Array, size: number, from: number, begin: number, end: number): number => {
  let equal = 0
  for (let i = begin; i < end; i += size) equal += Number(i > from && x[i] === x[i - 1]) + Number(i + 1 < x.length && x[i] === x[i + 1])
  return equal
}

const setFlat = (x: Float64Array, size: number, out: Float64Array, from: number): void => {
  let run = 1
  for (let i = from + 1; i < x.length; i++) {
    run = x[i] === x[i - 1] ? run + 1 : 1
    if (run >= size) out[i] = x[i]!
  }
}
