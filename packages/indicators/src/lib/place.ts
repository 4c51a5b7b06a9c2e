import type { Candles } from './columns.ts'

const MOST = Number.MAX_VALUE

/**
 * Where each close stands in the range of the last `size` candles, 0 to 100, `flat` without a range. Extremes by blocks as in the extreme window, forwards and
 * backwards in one pass. False: a value was not finite, or too large to tell.
 *
 * `b - b * g + a * g` is `g ? a : b` without a branch, exactly: which of two prices is the greater is a coin toss, and a branch on it costs more than the rest.
 */
export const runPlace = ({ high, low, close, length }: Candles, size: number, flat: number, out: Float64Array): boolean => {
  // The last entries stay as they are: the window that is exactly one block has no suffix before it.
  let oldTops = new Float64Array(size + 1).fill(-MOST)
  let oldBottoms = new Float64Array(size + 1).fill(MOST)
  let newTops = oldTops.slice()
  let newBottoms = oldBottoms.slice()
  let check = 0
  for (let start = 0; start < length; start += size) {
    const end = Math.min(start + size, length)
    let top = -MOST
    let bottom = MOST
    let suffixTop = -MOST
    let suffixBottom = MOST
    for (let i = start, j = end - 1, next = 1; i < end; i++, j--, next++) {
      const x = close[i]!
      check += (high[i]! + low[i]! + x) * 0
      let g = Number(high[i]! > top)
      top = top - top * g + high[i]! * g
      g = Number(low[i]! < bottom)
      bottom = bottom - bottom * g + low[i]! * g
      g = Number(high[j]! > suffixTop)
      newTops[size - next] = suffixTop = suffixTop - suffixTop * g + high[j]! * g
      g = Number(low[j]! < suffixBottom)
      newBottoms[size - next] = suffixBottom = suffixBottom - suffixBottom * g + low[j]! * g
      g = Number(oldTops[next]! > top)
      const highest = top - top * g + oldTops[next]! * g
      g = Number(oldBottoms[next]! < bottom)
      const lowest = bottom - bottom * g + oldBottoms[next]! * g
      out[i] = highest > lowest ? ((x - lowest) / (highest - lowest)) * 100 : flat
    }
    const tops = oldTops
    oldTops = newTops
    newTops = tops
    const bottoms = oldBottoms
    oldBottoms = newBottoms
    newBottoms = bottoms
  }
  out.fill(NaN, 0, Math.min(size - 1, length))
  return check === 0
}
