import type { Candles } from './columns.ts'

/** Where each close stands in the range of the last `size` candles, 0 to 100, `flat` without a range; block by block as in the extreme window. */
export const runPlace = (c: Candles, size: number, flat: number, out: Float64Array): void => {
  const { high, low, close, length } = c
  const highs = new Float64Array(size + 1).fill(-Infinity)
  const lows = new Float64Array(size + 1).fill(Infinity)
  for (let start = 0; start < length; start += size) {
    const end = Math.min(start + size, length)
    let top = -Infinity
    let bottom = Infinity
    for (let i = start, next = 1; i < end; i++, next++) {
      if (high[i]! > top) top = high[i]!
      if (low[i]! < bottom) bottom = low[i]!
      // The last entries are never written: the window that is exactly this block has no suffix before it.
      const highest = highs[next]! > top ? highs[next]! : top
      const lowest = lows[next]! < bottom ? lows[next]! : bottom
      out[i] = highest > lowest ? ((close[i]! - lowest) / (highest - lowest)) * 100 : flat
    }
    if (end - start < size) break
    let suffixTop = -Infinity
    let suffixBottom = Infinity
    for (let k = size - 1; k > 0; k--) {
      if (high[start + k]! > suffixTop) suffixTop = high[start + k]!
      if (low[start + k]! < suffixBottom) suffixBottom = low[start + k]!
      highs[k] = suffixTop
      lows[k] = suffixBottom
    }
  }
  out.fill(NaN, 0, Math.min(size - 1, length))
}
