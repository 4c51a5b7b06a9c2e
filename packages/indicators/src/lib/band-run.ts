import type { Arrays } from './columns.ts'
import { wholeBlocks } from './portions.ts'

type Outputs = readonly [upper: Float64Array, middle: Float64Array, lower: Float64Array, percentB: Float64Array, width: Float64Array]

/**
 * Bollinger bands over a whole series: the moments window block by block, and the bands of each window at once, so that roots and divisions wait while the next
 * sums are made. False: a value was not finite.
 */
export const runBands = (
  x: Float64Array,
  size: number,
  deviations: number,
  out: Arrays<Record<'upper' | 'middle' | 'lower' | 'percentB' | 'width', number>>,
): boolean => {
  const outputs: Outputs = [out.upper, out.middle, out.lower, out.percentB, out.width]
  const sums = new Float64Array(size + 1).fill(NaN)
  const squares = sums.slice()
  const stride = wholeBlocks(size)
  let all = 0
  for (let from = 0; from < x.length; from += stride) all += portion(sums, squares, deviations, x, from, Math.min(from + stride, x.length), outputs)
  return Number.isFinite(all)
}

/** Returns the sum of the squares: NaN or infinite, if an input is. */
const portion = (sums: Float64Array, squares: Float64Array, deviations: number, x: Float64Array, from: number, to: number, outputs: Outputs): number => {
  const [upper, middle, lower, percentB, width] = outputs
  const size = sums.length - 1
  const inverse = 1 / size
  let base = from === 0 ? NaN : x[from - 1]!
  let all = 0
  for (let start = from; start < to; start += size) {
    const whole = start + size <= to
    const last = whole ? start + size - 1 : to
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
      put(x[i]!, base + total * inverse, deviations * Math.sqrt(m2 * inverse), i, upper, middle, lower, percentB, width)
    }
    if (whole) {
      // The window that is exactly this block has no suffix before it.
      base = x[last]!
      const y = base - first
      sum += y
      square += y * y
      put(base, first + sum * inverse, deviations * Math.sqrt((square - sum * sum * inverse) * inverse), last, upper, middle, lower, percentB, width)
      addSuffixes(x, start, sums, squares)
    }
    all += square
  }
  return all
}

// The arrays one by one: taking a tuple apart for every input would cost more than the bands.
const put = (
  x: number,
  mean: number,
  reach: number,
  i: number,
  upper: Float64Array,
  middle: Float64Array,
  lower: Float64Array,
  percentB: Float64Array,
  width: Float64Array,
): void => {
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
  for (let i = start + size - 1, k = size - 1; k > 0; i--, k--) {
    const y = x[i]! - base
    sums[k] = sum += y
    squares[k] = square += y * y
  }
}
