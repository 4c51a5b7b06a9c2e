/** Mean, and sum of squared deviations from it, over the last `size` inputs. */
export interface Moments {
  mean: number
  m2: number
}

/**
 * Moments of the last `size` inputs: suffixes of the finished block and a running prefix, each by Welford's rule, merged by Chan's. No running difference, so
 * nothing drifts; `m2` is a sum of squares and never negative. Inputs are taken relative to one that is in all suffixes (the last of the block) or all prefixes
 * (the first), which keeps small deviations from a large mean exact; a window of equal inputs has exactly that mean and `m2` 0.
 */
export class MomentsWindow {
  /** The result of the last `step`. */
  readonly scratch: Moments = { mean: NaN, m2: NaN }
  /** Left of `at`: inputs of this block. Right of it: relative means of the suffixes of the block before. */
  private readonly means: Float64Array
  private readonly squares: Float64Array
  private readonly inverses: () => Float64Array
  private readonly size: number
  private at = 0
  private base = NaN
  private first = NaN
  private sum = 0
  private mean = 0
  private m2 = 0

  constructor(size: number) {
    const inverses = inversesTo(size)
    this.size = size
    this.means = new Float64Array(size).fill(NaN)
    this.squares = new Float64Array(size).fill(NaN)
    this.inverses = () => inverses
  }

  step(x: number, keep: boolean): Moments {
    const { means, squares, size, at, scratch } = this
    const inverses = this.inverses()
    const n = at + 1
    const whole = n === size
    const first = at === 0 ? x : this.first
    const y = x - first
    const d = y - this.mean
    const sum = this.sum + y
    const mean = sum * inverses[n]!
    const m2 = this.m2 + d * d * (at * inverses[n]!)
    if (whole) {
      scratch.mean = first + mean
      scratch.m2 = m2
    } else {
      const gap = mean - means[n]! + (first - this.base)
      const share = n * inverses[size]!
      scratch.mean = this.base + (means[n]! + gap * share)
      scratch.m2 = squares[n]! + m2 + gap * gap * (share * (size - n))
    }
    if (keep) {
      means[at] = x
      if (whole) {
        suffixes(means, squares, inverses)
        this.base = x
      }
      this.first = first
      this.at = whole ? 0 : n
      this.sum = whole ? 0 : sum
      this.mean = whole ? 0 : mean
      this.m2 = whole ? 0 : m2
    }
    return scratch
  }
}

/** 1/n for n up to `size`: a division costs as much as all the rest. */
const inversesTo = (size: number): Float64Array => Float64Array.from({ length: size + 1 }, (_, n) => 1 / n)

/** Replaces the inputs of a block by the means of its suffixes, relative to its last input. */
const suffixes = (means: Float64Array, squares: Float64Array, inverses: Float64Array): void => {
  const base = means[means.length - 1]!
  let sum = 0
  let mean = 0
  let m2 = 0
  for (let i = means.length - 1, n = 1; i > 0; i--, n++) {
    const y = means[i]! - base
    const d = y - mean
    sum += y
    means[i] = mean = sum * inverses[n]!
    squares[i] = m2 += d * d * ((n - 1) * inverses[n]!)
  }
}

/** The moments window over a whole series, block by block. False: a value was not finite. */
export const runMoments = (x: Float64Array, size: number, means: Float64Array, squares: Float64Array): boolean => {
  const suffixMeans = new Float64Array(size).fill(NaN)
  const suffixSquares = new Float64Array(size).fill(NaN)
  const inverses = inversesTo(size)
  const inverse = inverses[size]!
  let base = NaN
  for (let start = 0; start < x.length; start += size) {
    const length = Math.min(size, x.length - start)
    const first = x[start]!
    const shift = first - base
    let sum = 0
    let mean = 0
    let m2 = 0
    for (let k = 0; k < length; k++) {
      const n = k + 1
      const y = x[start + k]! - first
      const d = y - mean
      sum += y
      mean = sum * inverses[n]!
      m2 += d * d * (k * inverses[n]!)
      if (n === size) {
        means[start + k] = first + mean
        squares[start + k] = m2
      } else {
        const gap = mean - suffixMeans[n]! + shift
        const share = n * inverse
        means[start + k] = base + (suffixMeans[n]! + gap * share)
        squares[start + k] = suffixSquares[n]! + m2 + gap * gap * (share * (size - n))
      }
    }
    if (!Number.isFinite(m2)) return false
    if (length < size) break
    suffixMeans.set(x.subarray(start, start + size))
    suffixes(suffixMeans, suffixSquares, inverses)
    base = x[start + size - 1]!
  }
  return true
}
