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

/** The mean window over a whole series, block by block. False: a value was not finite. */
export const runMean = (x: Float64Array, size: number, out: Float64Array, from = 0): boolean => {
  const suffix = new Float64Array(size + 1).fill(NaN)
  const inverse = 1 / size
  let last = NaN
  let run = 0
  for (let start = from; start < x.length; start += size) {
    const length = Math.min(size, x.length - start)
    // The window that is exactly this block has no suffix before it.
    suffix[size] = 0
    let prefix = 0
    for (let k = 0; k < length; k++) {
      const value = x[start + k]!
      prefix += value
      let mean = (suffix[k + 1]! + prefix) * inverse
      if (value === last) {
        if (++run >= size) mean = value
      } else {
        run = 1
        last = value
      }
      out[start + k] = mean
    }
    if (!Number.isFinite(prefix)) return false
    if (length < size) break
    let sum = 0
    for (let k = size - 1; k > 0; k--) suffix[k] = sum += x[start + k]!
  }
  return true
}
