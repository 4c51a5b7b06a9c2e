import type { Ohlcv, Pair } from '../lib/types.ts'

/** Candles as columns, with the times resampling needs. */
export interface TestColumns {
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
}

/**
 * A number generator that gives the same numbers for the same seed (mulberry32).
 *
 * @example
 * ```ts
 * random(1)() === random(1)() // => true
 * ```
 */
export const random = (seed: number): (() => number) => {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Candles whose closes come from `next(i, close before)`. */
const candlesFrom = (length: number, seed: number, next: (i: number, last: number, r: () => number) => number, spread = 0.005): TestColumns => {
  const r = random(seed)
  const column = (): Float64Array => new Float64Array(length)
  const out = { open: column(), high: column(), low: column(), close: column(), volume: column() }
  let last = next(-1, 100, r)
  for (let i = 0; i < length; i++) {
    const close = next(i, last, r)
    out.open[i] = last
    out.close[i] = close
    out.high[i] = Math.max(last, close) * (1 + r() * spread)
    out.low[i] = Math.min(last, close) * (1 - r() * spread)
    out.volume[i] = 1000 * (0.5 + r())
    last = close
  }
  return out
}

/**
 * A random walk near 100 in steps of about `volatility`.
 *
 * @example
 * ```ts
 * walk(50).close.length // => 50
 * ```
 */
export const walk = (length: number, seed = 42, volatility = 0.01): TestColumns =>
  candlesFrom(length, seed, (i, last, r) => (i < 0 ? last : last * (1 + (r() + r() + r() + r() - 2) * volatility)))

/**
 * Every candle the same: no range, no change.
 *
 * @example
 * ```ts
 * flat(3, 2).high[1] // => 2
 * ```
 */
export const flat = (length: number, price = 0.1, volume = 10): TestColumns => {
  const column = new Float64Array(length).fill(price)
  return { open: column, high: column, low: column, close: column, volume: new Float64Array(length).fill(volume) }
}

/**
 * Every candle above the one before.
 *
 * @example
 * ```ts
 * rising(3).close[2] // => 102
 * ```
 */
export const rising = (length: number): TestColumns => candlesFrom(length, 7, (i) => 100 + i, 0)

/**
 * A walk with flat stretches, repeated prices, candles without range or volume, and one price a thousand times too high.
 *
 * @example
 * ```ts
 * Math.max(...rough(300).close) // => 100000
 * ```
 */
export const rough = (length: number, seed = 5): TestColumns => {
  const out = candlesFrom(length, seed, (i, last, r) => (i % 50 > 35 ? last : i === 211 ? 1e5 : i === 212 ? 100 : Math.round((last + r() - 0.5) * 10) / 10), 0)
  for (let i = 0; i < length; i += 9) out.volume[i] = 0
  return out
}

/** All columns times `price`, volumes times `volume`, then `shift` added to the prices. */
export const transformed = (c: TestColumns, price: number, volume: number, shift: number): TestColumns => {
  const move = (x: number): number => x * price + shift
  return { open: c.open.map(move), high: c.high.map(move), low: c.low.map(move), close: c.close.map(move), volume: c.volume.map((x) => x * volume) }
}

/** The columns from `start` on. */
export const from = (c: TestColumns, start: number): TestColumns => ({
  open: c.open.slice(start),
  high: c.high.slice(start),
  low: c.low.slice(start),
  close: c.close.slice(start),
  volume: c.volume.slice(start),
})

/** The inputs of an indicator: closes, candles (one a minute, the first in minute `start`), or pairs of close and volume. */
export const inputsOf = (c: TestColumns, kind: string | undefined, start = 0): (number | Ohlcv | Pair)[] =>
  Array.from(c.close, (close, i) => {
    if (kind === 'candle') return { openTime: (start + i) * 60_000, open: c.open[i]!, high: c.high[i]!, low: c.low[i]!, close, volume: c.volume[i]! }
    return kind === 'pair' ? { x: close, y: c.volume[i]! } : close
  })
