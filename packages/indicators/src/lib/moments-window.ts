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
