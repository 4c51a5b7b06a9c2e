// The plain loops everything is compared with: outputs reused, running sums, no checks, no promises about drift. They say what the machine can do.

/** Simple average by a running sum. */
export const handSma = (x: Float64Array, p: number, out: Float64Array): void => {
  let sum = 0
  for (let i = 0; i < p; i++) sum += x[i]!
  out[p - 1] = sum / p
  const r = 1 / p
  for (let i = p; i < x.length; i++) {
    sum += x[i]! - x[i - p]!
    out[i] = sum * r
  }
}

export const handEma = (x: Float64Array, p: number, out: Float64Array): void => {
  const k = 2 / (p + 1)
  const rest = 1 - k
  let e = 0
  for (let i = 0; i < p; i++) e += x[i]! / p
  for (let i = p; i < x.length; i++) out[i] = e = k * x[i]! + rest * e
}

export const handRsi = (x: Float64Array, p: number, out: Float64Array): void => {
  const w = 1 / p
  const rest = 1 - w
  let gain = 0
  let loss = 0
  for (let i = 1; i < x.length; i++) {
    const d = x[i]! - x[i - 1]!
    const a = Math.abs(d)
    gain = rest * gain + w * ((d + a) * 0.5)
    loss = rest * loss + w * ((a - d) * 0.5)
    out[i] = (100 * gain) / (gain + loss)
  }
}

export const handMacd = (x: Float64Array, fast: number, slow: number, signal: number, out: readonly [Float64Array, Float64Array, Float64Array]): void => {
  const [lines, signals, histogram] = out
  const kf = 2 / (fast + 1)
  const ks = 2 / (slow + 1)
  const kg = 2 / (signal + 1)
  const rf = 1 - kf
  const rs = 1 - ks
  const rg = 1 - kg
  let f = x[0]!
  let s = x[0]!
  let g = 0
  for (let i = 1; i < x.length; i++) {
    f = kf * x[i]! + rf * f
    s = ks * x[i]! + rs * s
    const line = f - s
    g = kg * line + rg * g
    lines[i] = line
    signals[i] = g
    histogram[i] = line - g
  }
}

/** Sums shifted by the first price; off by 4e-5 after a million candles. */
export const handBollinger = (x: Float64Array, p: number, k: number, out: readonly [Float64Array, Float64Array, Float64Array]): void => {
  const [upper, middle, lower] = out
  const shift = x[0]!
  const r = 1 / p
  let sum = 0
  let squares = 0
  for (let i = 0; i < x.length; i++) {
    const d = x[i]! - shift
    sum += d
    squares += d * d
    if (i >= p) {
      const old = x[i - p]! - shift
      sum -= old
      squares -= old * old
    }
    const mean = sum * r
    const reach = k * Math.sqrt(squares * r - mean * mean)
    middle[i] = mean + shift
    upper[i] = mean + shift + reach
    lower[i] = mean + shift - reach
  }
}

export const handAtr = (h: Float64Array, l: Float64Array, c: Float64Array, p: number, out: Float64Array): void => {
  const w = 1 / p
  const rest = 1 - w
  let atr = 0
  for (let i = 1; i < c.length; i++) {
    const top = Math.max(h[i]!, c[i - 1]!)
    const bottom = Math.min(l[i]!, c[i - 1]!)
    out[i] = atr = rest * atr + w * (top - bottom)
  }
}

/** Extremes by blocks (van Herk), then two running means of three. */
export const handStochastic = (
  h: Float64Array,
  l: Float64Array,
  c: Float64Array,
  p: number,
  out: readonly [Float64Array, Float64Array],
  scratch: readonly Float64Array[],
): void => {
  const [k, d] = out
  const [prefixHigh, prefixLow, suffixHigh, suffixLow, raw] = scratch as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  const n = c.length
  for (let start = 0; start < n; start += p) {
    const end = Math.min(start + p, n)
    prefixHigh[start] = h[start]!
    prefixLow[start] = l[start]!
    for (let i = start + 1; i < end; i++) {
      prefixHigh[i] = Math.max(prefixHigh[i - 1]!, h[i]!)
      prefixLow[i] = Math.min(prefixLow[i - 1]!, l[i]!)
    }
    suffixHigh[end - 1] = h[end - 1]!
    suffixLow[end - 1] = l[end - 1]!
    for (let i = end - 2; i >= start; i--) {
      suffixHigh[i] = Math.max(suffixHigh[i + 1]!, h[i]!)
      suffixLow[i] = Math.min(suffixLow[i + 1]!, l[i]!)
    }
  }
  for (let i = p - 1; i < n; i++) {
    const top = Math.max(prefixHigh[i]!, suffixHigh[i - p + 1]!)
    const bottom = Math.min(prefixLow[i]!, suffixLow[i - p + 1]!)
    raw[i] = (100 * (c[i]! - bottom)) / (top - bottom)
  }
  for (let i = p + 1; i < n; i++) k[i] = (raw[i]! + raw[i - 1]! + raw[i - 2]!) / 3
  for (let i = p + 3; i < n; i++) d[i] = (k[i]! + k[i - 1]! + k[i - 2]!) / 3
}

export const handAdx = (h: Float64Array, l: Float64Array, c: Float64Array, p: number, out: Float64Array): void => {
  const w = 1 / p
  const rest = 1 - w
  let plus = 0
  let minus = 0
  let range = 0
  let adx = 0
  for (let i = 1; i < c.length; i++) {
    const up = h[i]! - h[i - 1]!
    const down = l[i - 1]! - l[i]!
    range = rest * range + w * (Math.max(h[i]!, c[i - 1]!) - Math.min(l[i]!, c[i - 1]!))
    plus = rest * plus + w * (up > down && up > 0 ? up : 0)
    minus = rest * minus + w * (down > up && down > 0 ? down : 0)
    adx = rest * adx + w * ((100 * Math.abs(plus - minus)) / (plus + minus))
    out[i] = adx
  }
}

/** Streaming limits: classes with their state in one typed array. */
export class HandSma {
  private readonly s = new Float64Array(2)
  private readonly ring: Float64Array
  private at = 0

  constructor(period: number) {
    this.ring = new Float64Array(period)
  }

  update(x: number): number {
    const { ring, s } = this
    s[0] = s[0]! + x - ring[this.at]!
    ring[this.at] = x
    this.at = this.at + 1 === ring.length ? 0 : this.at + 1
    return s[0] / ring.length
  }
}

export class HandRsi {
  private readonly s = new Float64Array(3)
  private readonly w: number

  constructor(period: number) {
    this.w = 1 / period
  }

  update(x: number): number {
    const { s, w } = this
    const d = x - s[2]!
    const a = Math.abs(d)
    s[2] = x
    s[0] = (1 - w) * s[0]! + w * ((d + a) * 0.5)
    s[1] = (1 - w) * s[1]! + w * ((a - d) * 0.5)
    return (100 * s[0]) / (s[0] + s[1])
  }
}

export class HandMacd {
  private readonly s = new Float64Array(3)

  update(x: number): number {
    const { s } = this
    s[0] = s[0]! + (2 / 13) * (x - s[0]!)
    s[1] = s[1]! + (2 / 27) * (x - s[1]!)
    const line = s[0] - s[1]
    s[2] = s[2]! + 0.2 * (line - s[2]!)
    return line - s[2]
  }
}
