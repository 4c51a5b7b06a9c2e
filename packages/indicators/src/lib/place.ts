import type { Candles } from './columns.ts'
import { type Hlc, wholeBlocks } from './portions.ts'

// Written out: a bundler would have to keep a property that it cannot know.
const MOST = 1.7976931348623157e308

/** Highest and lowest of each suffix of a block: of the block before, and of the one that is read, by turns. */
type Suffixes = readonly [oldTops: Float64Array, oldBottoms: Float64Array, newTops: Float64Array, newBottoms: Float64Array]

/**
 * Where each close stands in the range of the last `size` candles, 0 to 100, `flat` without a range. Extremes by blocks as in the extreme window, forwards and
 * backwards in one pass. False: a value was not finite, or too large to tell.
 */
export const runPlace = ({ high, low, close, length }: Candles, size: number, flat: number, out: Float64Array): boolean => {
  // The last entries stay as they are: the window that is exactly one block has no suffix before it.
  const tops = (): Float64Array => new Float64Array(size + 1).fill(-MOST)
  const bottoms = (): Float64Array => new Float64Array(size + 1).fill(MOST)
  const suffixes: Suffixes = [tops(), bottoms(), tops(), bottoms()]
  const columns: Hlc = [high, low, close]
  // An even number of blocks, after which old and new have changed places twice.
  const stride = wholeBlocks(2 * size)
  let check = 0
  for (let from = 0; from < length; from += stride) check += portion(suffixes, flat, columns, from, Math.min(from + stride, length), out)
  out.fill(NaN, 0, Math.min(size - 1, length))
  return check === 0
}

const portion = ([tops, bottoms, newTops, newBottoms]: Suffixes, flat: number, columns: Hlc, from: number, to: number, out: Float64Array): number => {
  const size = tops.length - 1
  const there: Suffixes = [tops, bottoms, newTops, newBottoms]
  const back: Suffixes = [newTops, newBottoms, tops, bottoms]
  let check = 0
  for (let start = from; start < to; start += 2 * size) {
    check += block(there, flat, columns, start, Math.min(start + size, to), out)
    check += block(back, flat, columns, start + size, Math.min(start + 2 * size, to), out)
  }
  return check
}

/**
 * Returns 0, or NaN if a value is not finite.
 *
 * `b - b * g + a * g` is `g ? a : b` without a branch, exactly: which of two prices is the greater is a coin toss, and a branch on it costs more than the rest.
 */
const block = (
  [oldTops, oldBottoms, newTops, newBottoms]: Suffixes,
  flat: number,
  [high, low, close]: Hlc,
  start: number,
  end: number,
  out: Float64Array,
): number => {
  let check = 0
  let top = -MOST
  let bottom = MOST
  let suffixTop = -MOST
  let suffixBottom = MOST
  for (let i = start, j = end - 1, next = 1, k = newTops.length - 2; i < end; i++, j--, next++, k--) {
    check += (high[i]! + low[i]! + close[i]!) * 0
    let g = Number(high[i]! > top)
    top = top - top * g + high[i]! * g
    g = Number(low[i]! < bottom)
    bottom = bottom - bottom * g + low[i]! * g
    g = Number(high[j]! > suffixTop)
    newTops[k] = suffixTop = suffixTop - suffixTop * g + high[j]! * g
    g = Number(low[j]! < suffixBottom)
    newBottoms[k] = suffixBottom = suffixBottom - suffixBottom * g + low[j]! * g
    g = Number(oldTops[next]! > top)
    const highest = top - top * g + oldTops[next]! * g
    g = Number(oldBottoms[next]! < bottom)
    const lowest = bottom - bottom * g + oldBottoms[next]! * g
    out[i] = highest > lowest ? ((close[i]! - lowest) / (highest - lowest)) * 100 : flat
  }
  return check
}
