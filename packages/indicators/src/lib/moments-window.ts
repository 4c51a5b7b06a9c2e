/** Mean, and sum of squared deviations from it, over the last `size` inputs. */
export interface Moments {
  mean: number
  m2: number
}

/**
 * Moments of the last `size` inputs: suffixes of the finished block and a running prefix, each by Welford's rule, merged by Chan's. No running difference, so
 * nothing drifts; `m2` is a sum of squares and never negative; a window of equal inputs has exactly that mean and `m2` 0.
 */
export class MomentsWindow {
  /** The result of the last `step`. */
  readonly scratch: Moments = { mean: NaN, m2: NaN }
  /** Left of `at`: inputs of this block. Right of it: means of the suffixes of the block before. */
  private readonly means: Float64Array
  private readonly squares: Float64Array
  private readonly size: number
  private at = 0
  private mean = 0
  private m2 = 0

  constructor(size: number) {
    this.size = size
    this.means = new Float64Array(size).fill(NaN)
    this.squares = new Float64Array(size).fill(NaN)
  }

  step(x: number, keep: boolean): Moments {
    const { means, squares, size, at, scratch } = this
    const n = at + 1
    const d = x - this.mean
    const mean = this.mean + d / n
    const m2 = this.m2 + (d * d * at) / n
    if (n === size) {
      scratch.mean = mean
      scratch.m2 = m2
    } else {
      const gap = mean - means[n]!
      const share = n / size
      scratch.mean = means[n]! + gap * share
      scratch.m2 = squares[n]! + m2 + gap * gap * share * (size - n)
    }
    if (keep) {
      means[at] = x
      const whole = n === size
      if (whole) suffixes(means, squares)
      this.at = whole ? 0 : n
      this.mean = whole ? 0 : mean
      this.m2 = whole ? 0 : m2
    }
    return scratch
  }
}

/** Replaces the inputs of a block by the means of its suffixes. */
export const suffixes = (means: Float64Array, squares: Float64Array): void => {
  let mean = 0
  let m2 = 0
  for (let i = means.length - 1, n = 1; i > 0; i--, n++) {
    const d = means[i]! - mean
    means[i] = mean += d / n
    squares[i] = m2 += (d * d * (n - 1)) / n
  }
}

/** The moments window over a whole series, block by block. False: a value was not finite. */
export const runMoments = (x: Float64Array, size: number, means: Float64Array, squares: Float64Array): boolean => {
  const suffixMeans = new Float64Array(size).fill(NaN)
  const suffixSquares = new Float64Array(size).fill(NaN)
  for (let start = 0; start < x.length; start += size) {
    const end = Math.min(start + size, x.length)
    let mean = 0
    let m2 = 0
    for (let i = start, n = 1; i < end; i++, n++) {
      const d = x[i]! - mean
      mean += d / n
      m2 += (d * d * (n - 1)) / n
      if (n === size) {
        means[i] = mean
        squares[i] = m2
      } else {
        const gap = mean - suffixMeans[n]!
        const share = n / size
        means[i] = suffixMeans[n]! + gap * share
        squares[i] = suffixSquares[n]! + m2 + gap * gap * share * (size - n)
      }
    }
    if (!Number.isFinite(m2)) return false
    if (end - start === size) {
      suffixMeans.set(x.subarray(start, end))
      suffixes(suffixMeans, suffixSquares)
    }
  }
  return true
}
