/**
 * tanh, exp and log from + - * / alone. The language leaves the `Math` versions "implementation-approximated",
 * so they may change in the last bit with the engine; a journal must replay to the same bytes on every Node version, so kernel code uses these.
 * They are written with the tail sums of the classical expansions; `transcendental.test.ts` pins vectors bit for bit and measures the accuracy.
 */

/** ln 2 in two parts: the first has 32 trailing zero bits, so that k * LN2_HIGH is exact for every exponent. */
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const INVERSE_LN2 = 1.4426950408889634

/** 2 ** k for k in -1074..1023, by exact doubling. */
const powersOfTwo = /* @__PURE__ */ makePowersOfTwo()

function makePowersOfTwo(): Float64Array {
  const table = new Float64Array(2098)
  let power = 5e-324
  for (let i = 0; i < table.length; i++, power *= 2) table[i] = power
  return table
}

/** value * 2 ** k in one or two exact steps (two when the result would leave the normal range on the way). */
function scale(value: number, k: number): number {
  if (k > 1023) return value * powersOfTwo[2097]! * powersOfTwo[k - 1023 + 1074]!
  if (k < -1022) return value * powersOfTwo[k + 54 + 1074]! * 5.551115123125783e-17
  return value * powersOfTwo[k + 1074]!
}

/**
 * r * coth(r / 2) - 2 = r^2/6 - r^4/360 + r^6/15120 - …: the series with the coefficients 2 B(2n) / (2n)!, to r^12, for |r| <= ln(2)/2
 * (the first term left out is below 1e-17). With R = 2 + this, exp(r) = (R + r) / (R - r) and tanh(r / 2) = r / R.
 */
function cothTail(r: number): number {
  const t = r * r
  const t2 = t * t
  const low = 0.16666666666666666 - t * 0.002777777777777778
  const middle = 0.00006613756613756614 - t * 0.0000016534391534391535
  const high = 4.17535139757362e-8 - t * 1.0568380277374986e-9
  return t * (low + t2 * (middle + t2 * high))
}

/**
 * Returns the hyperbolic tangent, in -1..1; NaN for NaN. The same bits on every engine; error below 4 units in the last place.
 *
 * @example
 * ```ts
 * tanh(0.1).toFixed(4) // => '0.0997'
 * ```
 */
export function tanh(x: number): number {
  const y = x < 0 ? -2 * x : 2 * x
  return y <= 0.34657359027997264 ? (2 * x) / (2 + cothTail(2 * x)) : tanhAfar(x, y)
}

/** Apart, so that the rest is short enough to be inlined. `y` is 2 |x|. */
function tanhAfar(x: number, y: number): number {
  if (!(y < 44)) return x > 0 ? 1 : x < 0 ? -1 : x
  // exp(y) = 2^k * (R + r) / (R - r), so that (exp(y) - 1) / (exp(y) + 1) needs one division.
  const k = Math.floor(y * INVERSE_LN2 + 0.5)
  const r = y - k * LN2_HIGH - k * LN2_LOW
  const R = 2 + cothTail(r)
  const grown = (R + r) * powersOfTwo[k + 1074]!
  const result = (grown - (R - r)) / (grown + (R - r))
  return x < 0 ? -result : result
}

/**
 * Returns e to the power x: 0 below -745.2, Infinity above 709.8. The same bits on every engine; error below 1 unit in the last place.
 *
 * @example
 * ```ts
 * exp(1).toFixed(12) // => '2.718281828459'
 * ```
 */
export function exp(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Infinity : x
  if (x < -745.1332191019411) return 0
  const k = Math.floor(x * INVERSE_LN2 + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const c = r - cothTail(r)
  return scale(1 - (low - (r * c) / (2 - c) - high), k)
}

/** The positions of the bits of an exponent, largest first. */
const exponentSteps: readonly number[] = [512, 256, 128, 64, 32, 16, 8, 4, 2, 1]

/**
 * Returns the natural logarithm: -Infinity for 0, NaN below. The same bits on every engine; error below 1 unit in the last place.
 *
 * @example
 * ```ts
 * log(2) // => 0.6931471805599453
 * ```
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN
  if (x === Infinity) return x
  // x = 2^k * m with m in sqrt(1/2)..sqrt(2): exact halvings and doublings. Subnormal numbers are lifted first.
  let k = x < 2.2250738585072014e-308 ? -54 : 0
  let m = k === 0 ? x : x * 18014398509481984
  for (let i = x > 3e-10 && x < 4e9 ? 5 : 0; i < exponentSteps.length; i++) {
    const step = exponentSteps[i]!
    const power = powersOfTwo[step + 1074]!
    if (m >= power) {
      m /= power
      k += step
    } else if (m * power < 2) {
      m *= power
      k -= step
    }
  }
  if (m < 1) {
    m *= 2
    k -= 1
  }
  if (m > 1.4142135623730951) {
    m /= 2
    k += 1
  }
  const f = m - 1
  const s = f / (2 + f)
  const halfSquare = 0.5 * f * f
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + atanhTail(s * s)) + k * LN2_LOW) - f)
}

/** 2/3 z + 2/5 z^2 + … + 2/21 z^10: what 2 atanh(s) / s has beyond its first term, z = s^2 <= 0.0295. */
function atanhTail(z: number): number {
  const z2 = z * z
  const z4 = z2 * z2
  const a = 0.6666666666666666 + z * 0.4
  const b = 0.2857142857142857 + z * 0.2222222222222222
  const c = 0.18181818181818182 + z * 0.15384615384615385
  const d = 0.13333333333333333 + z * 0.11764705882352941
  const e = 0.10526315789473684 + z * 0.09523809523809523
  return z * (a + z2 * b + z4 * (c + z2 * d + z4 * e))
}
