import type { Arrays } from './columns.ts'

/** One array per output. */
type Bands = Arrays<Record<'upper' | 'middle' | 'lower' | 'percentB' | 'width', number>>

/**
 * Bollinger bands over a whole series: the moments window block by block, and the bands of each window at once, so that roots and divisions wait while the next
 * sums are made. False: a value was not finite.
 */
export const runBands = (x: Float64Array, size: number, deviations: number, out: Bands): boolean => {
  const inverse = 1 / size
  const sums = new Float64Array(size + 1).fill(NaN)
  const squares = new Float64Array(size + 1).fill(NaN)
  let base = NaN
  let all = 0
  for (let start = 0; start < x.length; start += size) {
    const whole = start + size <= x.length
    const last = whole ? start + size - 1 : x.length
    const first = x[start]!
    const shift = first - base
    let sum = 0
    let square = 0
    for (let i = start, n = 1; i < last; i++, n++) {
      const y = x[i]! - first
      sum += y
      square += y * y
      const part = n * shift
      const total = sums[n]! + (sum + part)
      const m2 = squares[n]! + (square + shift * (2 * sum + part)) - total * total * inverse
      put(x[i]!, base + total * inverse, deviations * Math.sqrt(m2 * inverse), i, out)
    }
    if (whole) {
      // The window that is exactly this block has no suffix before it.
      base = x[last]!
      const y = base - first
      sum += y
      square += y * y
      put(base, first + sum * inverse, deviations * Math.sqrt((square - sum * sum * inverse) * inverse), last, out)
      addSuffixes(x, start, sums, squares)
    }
    all += square
  }
  return Number.isFinite(all)
}

const put = (x: number, mean: number, reach: number, i: number, { upper, middle, lower, percentB, width }: Bands): void => {
  const span = 2 * reach
  upper[i] = mean + reach
  middle[i] = mean
  lower[i] = mean - reach
  percentB[i] = span === 0 ? 0.5 : (x - mean) / span + 0.5
  width[i] = mean === 0 ? 0 : span / mean
}

/** Sums over the suffixes of the block that begins at `start`, less its last input. */
const addSuffixes = (x: Float64Array, start: number, sums: Float64Array, squares: Float64Array): void => {
  const size = sums.length - 1
  const base = x[start + size - 1]!
  let sum = 0
  let square = 0
  for (let k = size - 1; k > 0; k--) {
    const y = x[start + k]! - base
    sums[k] = sum += y
    squares[k] = square += y * y
  }
}
