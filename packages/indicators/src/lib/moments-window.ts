/** Mean, and sum of squared deviations from it, over the last `size` inputs. */
export interface Moments {
  mean: number
  m2: number
}

/**
 * Moments of the last `size` inputs: sums over suffixes of the finished block and over a prefix of the current one, merged as Chan does. Never a running
 * difference, so nothing drifts and an outlier is gone after `size` inputs.
 *
 * The sums are of inputs less one of them: less the last of the block for suffixes, less the first for prefixes. As that one is part of the window, its own
 * deviation bounds what cancels in `squares - sum^2 / size` to a factor `size`: `m2` keeps its precision whatever the mean and cannot become negative.
 * A window of equal inputs has exactly that mean and `m2` 0.
 */
export class MomentsWindow {
  /** The result of the last `step`. */
  readonly scratch: Moments = { mean: NaN, m2: NaN }
  /** Left of `at`: inputs of this block. Right of it: sums over the suffixes of the block before. */
  private readonly sums: Float64Array
  private readonly squares: Float64Array
  private readonly size: number
  private readonly inverse: number
  private at = 0
  private base = NaN
  private first = NaN
  private sum = 0
  private square = 0

  constructor(size: number) {
    this.size = size
    this.inverse = 1 / size
    this.sums = new Float64Array(size).fill(NaN)
    this.squares = new Float64Array(size).fill(NaN)
  }

  step(x: number, keep: boolean): Moments {
    const { sums, squares, size, inverse, at, scratch } = this
    const n = at + 1
    const whole = n === size
    const first = at === 0 ? x : this.first
    const y = x - first
    const sum = this.sum + y
    const square = this.square + y * y
    // The window that is exactly this block has no suffix before it.
    const base = whole ? first : this.base
    const shift = first - base
    const part = n * shift
    const total = (whole ? 0 : sums[n]!) + (sum + part)
    scratch.mean = base + total * inverse
    scratch.m2 = (whole ? 0 : squares[n]!) + (square + shift * (2 * sum + part)) - total * total * inverse
    if (keep) {
      sums[at] = x
      if (whole) {
        this.base = x
        suffixes(sums, squares)
      }
      this.first = first
      this.at = whole ? 0 : n
      this.sum = whole ? 0 : sum
      this.square = whole ? 0 : square
    }
    return scratch
  }
}

/** Replaces the inputs of a block by sums over its suffixes, less its last input. */
const suffixes = (sums: Float64Array, squares: Float64Array): void => {
  const last = sums.length - 1
  const base = sums[last]!
  let sum = 0
  let square = 0
  for (let i = last; i > 0; i--) {
    const y = sums[i]! - base
    sums[i] = sum += y
    squares[i] = square += y * y
  }
}

/** Results are handed on in portions of about this many, while they are still at hand for the processor. */
const PORTION = 512

/**
 * The moments window over a whole series, block by block; `done(from, to)` is told of each finished portion. False: a value was not finite.
 */
export const runMoments = (x: Float64Array, size: number, means: Float64Array, m2s: Float64Array, done: (from: number, to: number) => void): boolean => {
  const sums = new Float64Array(size + 1).fill(NaN)
  const squares = new Float64Array(size + 1).fill(NaN)
  sums[size] = 0
  squares[size] = 0
  const inverse = 1 / size
  let base = NaN
  let all = 0
  let from = 0
  for (let start = 0; start < x.length; start += size) {
    const length = Math.min(size, x.length - start)
    const partial = Math.min(length, size - 1)
    const first = x[start]!
    const shift = first - base
    let sum = 0
    let square = 0
    for (let k = 0; k < partial; k++) {
      const n = k + 1
      const y = x[start + k]! - first
      sum += y
      square += y * y
      const part = n * shift
      const total = sums[n]! + (sum + part)
      means[start + k] = base + total * inverse
      m2s[start + k] = squares[n]! + (square + shift * (2 * sum + part)) - total * total * inverse
    }
    all += square
    if (length === size) {
      const end = start + size - 1
      base = x[end]!
      const y = base - first
      sum += y
      square += y * y
      means[end] = first + sum * inverse
      m2s[end] = square - sum * sum * inverse
      all += square
      sum = 0
      square = 0
      for (let k = size - 1; k > 0; k--) {
        const z = x[start + k]! - base
        sums[k] = sum += z
        squares[k] = square += z * z
      }
    }
    if (start + length - from >= PORTION || length < size) {
      done(from, start + length)
      from = start + length
    }
  }
  if (from < x.length) done(from, x.length)
  return Number.isFinite(all)
}
