/** Candles as columns, and in the shapes that peers ask for. */
export interface BenchData {
  readonly length: number
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
  /** The same columns as plain arrays. */
  readonly plain: { readonly high: number[]; readonly low: number[]; readonly close: number[] }
  readonly candles: readonly { readonly open: number; readonly high: number; readonly low: number; readonly close: number; readonly volume: number }[]
}

/** A seeded geometric random walk (mulberry32), the same for every library. */
export const benchData = (length: number): BenchData => {
  let a = 42
  const random = (): number => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const column = (): Float64Array => new Float64Array(length)
  const out = { open: column(), high: column(), low: column(), close: column(), volume: column() }
  let last = 100
  for (let i = 0; i < length; i++) {
    const close = last * (1 + (random() + random() + random() + random() - 2) * 0.01)
    out.open[i] = last
    out.close[i] = close
    out.high[i] = Math.max(last, close) * (1 + random() * 0.005)
    out.low[i] = Math.min(last, close) * (1 - random() * 0.005)
    out.volume[i] = 1000 * (0.5 + random())
    last = close > 1e5 ? close * 0.999 : close < 0.1 ? close * 1.001 : close
  }
  const plain = once(() => ({ high: Array.from(out.high), low: Array.from(out.low), close: Array.from(out.close) }))
  const candles = once(() => Array.from(out.close, (close, i) => ({ open: out.open[i]!, high: out.high[i]!, low: out.low[i]!, close, volume: out.volume[i]! })))
  return {
    length,
    ...out,
    // Made when asked for: a million objects that nobody uses would be walked in every collection.
    get plain() {
      return plain()
    },
    get candles() {
      return candles()
    },
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}
