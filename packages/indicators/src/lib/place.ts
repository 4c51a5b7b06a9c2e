import type { Candles } from './columns.ts'

/** Where each close stands in the range of the last `size` candles, 0 to 100, `flat` without a range; block by block as in the extreme window. */
export const runPlace = (c: Candles, size: number, flat: number, out: Float64Array): void => {
  const { high, low, close, length } = c
  const highs = new Float64Array(size + 1).fill(NaN)
  const lows = new Float64Array(size + 1).fill(NaN)
  for (let start = 0; start < length; start += size) {
    const end = Math.min(start + size, length)
    let top = -Infinity
    let bottom = Infinity
    // The window that is exactly this block has no suffix before it.
    highs[size] = -Infinity
    lows[size] = Infinity
    for (let i = start, next = 1; i < end; i++, next++) {
      top = Math.max(top, high[i]!)
      bottom = Math.min(bottom, low[i]!)
      const highest = Math.max(top, highs[next]!)
      const lowest = Math.min(bottom, lows[next]!)
      out[i] = highest > lowest ? ((close[i]! - lowest) / (highest - lowest)) * 100 : highest === lowest ? flat : NaN
    }
    if (end - start < size) return
    let suffixTop = -Infinity
    let suffixBottom = Infinity
    for (let k = size - 1; k > 0; k--) {
      highs[k] = suffixTop = Math.max(suffixTop, high[start + k]!)
      lows[k] = suffixBottom = Math.min(suffixBottom, low[start + k]!)
    }
  }
}
