import { SumWindow } from './sum-window.ts'

/** Mean of the last `size` inputs. A window of equal inputs has exactly that mean, so that flat prices show no crossings made of rounding. */
export class MeanWindow {
  private readonly sum: SumWindow
  private readonly size: number
  private last = NaN
  private run = 0

  constructor(size: number) {
    this.size = size
    this.sum = new SumWindow(size)
  }

  step(x: number, keep: boolean): number {
    const sum = this.sum.step(x, keep)
    const run = x === this.last ? this.run + 1 : 1
    if (keep) {
      this.last = x
      this.run = run
    }
    return run >= this.size ? x : sum / this.size
  }
}

/** The mean window over a whole series, block by block. False: a value was not finite. */
export const runMean = (x: Float64Array, size: number, out: Float64Array, from = 0): boolean => {
  const suffix = new Float64Array(size).fill(NaN)
  let last = NaN
  let run = 0
  for (let start = from; start < x.length; start += size) {
    const end = Math.min(start + size - 1, x.length)
    let prefix = 0
    let i = start
    for (; i < end; i++) {
      const value = x[i]!
      prefix += value
      run = value === last ? run + 1 : 1
      last = value
      out[i] = run >= size ? value : (suffix[i - start + 1]! + prefix) / size
    }
    if (i < x.length) {
      const value = x[i]!
      prefix += value
      run = value === last ? run + 1 : 1
      last = value
      out[i] = run >= size ? value : prefix / size
      let sum = 0
      for (let k = size - 1; k > 0; k--) suffix[k] = sum += x[start + k]!
    }
    if (!Number.isFinite(prefix)) return false
  }
  return true
}
