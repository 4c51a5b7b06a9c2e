import { Decimal as BaseDecimal } from 'decimal.js'
import type { Decimal } from 'decimal.js'

/**
 * Sums, products and comparisons of short amounts, on the words of decimal.js itself: `d` holds base-10^7 digits (the first and the last not zero), `e` the
 * exponent of the first decimal digit, `s` the sign. An order takes about 200 such operations, and the general ones copy and round each operand; here nothing
 * is rounded, because whatever might not fit into the precision is handed back to decimal.js. `money.prop.ts` holds both to be equal.
 */

/** 40 significant digits, half-even. */
export const Money = BaseDecimal.clone({ precision: 40, rounding: BaseDecimal.ROUND_HALF_EVEN, toExpNeg: -9e15, toExpPos: 9e15, defaults: true })

export const ZERO: Decimal = new Money(0)

export const BASE = 1e7
/** Words that never hold more than 40 digits, whatever they are. */
const SAFE_WORDS = 5

/** Powers of ten that float64 holds exactly. */
export const exactTens = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22] as const

/** The power of 10^7 that the first word counts. */
export const topOf = (x: Decimal): number => Math.floor(x.e / 7)

const digitsOf = (word: number): number => (word < 10 ? 1 : word < 100 ? 2 : word < 1e3 ? 3 : word < 1e4 ? 4 : word < 1e5 ? 5 : word < 1e6 ? 6 : 7)

/** A Decimal of given words. Its constructor would parse or copy. */
const Raw = function (this: { constructor: unknown; s: number; e: number; d: number[] }, s: number, e: number, d: number[]): void {
  this.constructor = Money
  this.s = s
  this.e = e
  this.d = d
} as unknown as { new (s: number, e: number, d: number[]): Decimal; prototype: unknown }
Raw.prototype = Money.prototype

/** Room for words, at its exact size: an array that grows reserves for 17. What is written into it is an integer by `| 0`, or it becomes an array of doubles. */
export function zeros(count: number): number[] {
  switch (count) {
    case 1:
      return [0]
    case 2:
      return [0, 0]
    case 3:
      return [0, 0, 0]
    case 4:
      return [0, 0, 0, 0]
    case 5:
      return [0, 0, 0, 0, 0]
    default:
      return Array.from({ length: count }, () => 0)
  }
}

/** Makes an amount of words, which it may keep; `top` is the power of 10^7 that the first counts, `carry` a word before it. */
export function fromWords(sign: number, given: number[], top: number, carry: number): Decimal {
  let words = given
  if (carry !== 0) {
    words = [carry | 0, ...given]
    top++
  }
  let first = 0
  let end = words.length
  while (end > 0 && words[end - 1] === 0) end--
  if (end === 0) return ZERO
  while (words[first] === 0) first++
  if (first > 0 || end < words.length) words = words.slice(first, end)
  return new Raw(sign, 7 * (top - first) + digitsOf(words[0]!) - 1, words)
}

/** a + b, or a - b when `sign` is -1. */
export function sumOf(a: Decimal, b: Decimal, sign: 1 | -1): Decimal {
  const x = a.d
  const y = b.d
  if (x === null || y === null) return sign === 1 ? a.plus(b) : a.minus(b)
  if (y[0] === 0) return a
  if (x[0] === 0) return sign === 1 ? b : negated(b)
  const topA = topOf(a)
  const topB = topOf(b)
  const top = Math.max(topA, topB)
  const bottom = Math.min(topA - x.length, topB - y.length) + 1
  if (top - bottom >= SAFE_WORDS) return sign === 1 ? a.plus(b) : a.minus(b)
  if (a.s === sign * b.s) return addWords(a.s, x, topA, y, topB, 1, top, bottom)
  const order = compareSizes(a, b)
  if (order === 0) return ZERO
  return order > 0 ? addWords(a.s, x, topA, y, topB, -1, top, bottom) : addWords(-a.s, y, topB, x, topA, -1, top, bottom)
}

/** -a, with the words of a. */
export const negated = (a: Decimal): Decimal => (a.d === null || a.d[0] === 0 ? a.negated() : new Raw(-a.s, a.e, a.d))

/** x + factor * y. */
function addWords(sign: number, x: readonly number[], topX: number, y: readonly number[], topY: number, factor: 1 | -1, top: number, bottom: number): Decimal {
  const words = zeros(top - bottom + 1)
  let carry = 0
  for (let at = bottom; at <= top; at++) {
    const i = topX - at
    const j = topY - at
    let word = carry
    if (i >= 0 && i < x.length) word += x[i]!
    if (j >= 0 && j < y.length) word = factor === 1 ? word + y[j]! : word - y[j]!
    carry = 0
    if (word >= BASE) {
      word -= BASE
      carry = 1
    } else if (word < 0) {
      word += BASE
      carry = -1
    }
    words[top - at] = word
  }
  return fromWords(sign, words, top, carry)
}

export function productOf(a: Decimal, b: Decimal): Decimal {
  const x = a.d
  const y = b.d
  if (x === null || y === null || x.length + y.length > SAFE_WORDS) return a.times(b)
  if (x[0] === 0 || y[0] === 0) return ZERO
  // At most four columns: the words are kept apart until it is known how many there are.
  const third = columnOf(x, y, 3)
  const carry3 = Math.floor(third / BASE)
  const second = columnOf(x, y, 2) + carry3
  const carry2 = Math.floor(second / BASE)
  const first = columnOf(x, y, 1) + carry2
  const carry1 = Math.floor(first / BASE)
  const highest = x[0]! * y[0]! + carry1
  const carry = Math.floor(highest / BASE)
  const top = topOf(a) + topOf(b) + 1
  return packed(a.s * b.s, top, carry, highest - carry * BASE, first - carry1 * BASE, second - carry2 * BASE, third - carry3 * BASE)
}

/** The sum of the products of words that count the same power of 10^7: at most two products, below 2^53. */
function columnOf(x: readonly number[], y: readonly number[], place: number): number {
  let sum = 0
  for (let i = Math.max(0, place - y.length + 1); i < x.length && i <= place; i++) sum += x[i]! * y[place - i]!
  return sum
}

/** Makes an amount of five words, zeros at both ends left out; `top` is the power of 10^7 that the first counts. */
function packed(sign: number, top: number, a: number, b: number, c: number, d: number, e: number): Decimal {
  if (a === 0) return b === 0 && c === 0 && d === 0 && e === 0 ? ZERO : packed(sign, top - 1, b, c, d, e, 0)
  return new Raw(sign, 7 * top + digitsOf(a) - 1, wordsOf(a, b, c, d, e))
}

/** An array of just the words, none of them a double. */
function wordsOf(a: number, b: number, c: number, d: number, e: number): number[] {
  if (e !== 0) return [a | 0, b | 0, c | 0, d | 0, e | 0]
  if (d !== 0) return [a | 0, b | 0, c | 0, d | 0]
  if (c !== 0) return [a | 0, b | 0, c | 0]
  return b !== 0 ? [a | 0, b | 0] : [a | 0]
}

/** Returns a / b when that is `guess`, exactly. */
export function exactQuotient(a: Decimal, b: Decimal, guess: Decimal | undefined): Decimal | undefined {
  if (guess === undefined || b.d === null || guess.d.length + b.d.length > SAFE_WORDS) return undefined
  return compare(productOf(guess, b), a) === 0 ? guess : undefined
}

/** Compares without signs: below 0, 0 or above 0. */
function compareSizes(a: Decimal, b: Decimal): number {
  if (a.e !== b.e) return a.e - b.e
  const x = a.d
  const y = b.d
  const shared = Math.min(x.length, y.length)
  for (let i = 0; i < shared; i++) if (x[i] !== y[i]) return x[i]! - y[i]!
  return x.length - y.length
}

/** Below 0, 0 or above 0 as `a` is less than, equal to or greater than `b`; NaN when one of them is NaN. */
export function compare(a: Decimal, b: Decimal): number {
  if (a.d === null || b.d === null) return a.comparedTo(b)
  const signA = a.d[0] === 0 ? 0 : a.s
  const signB = b.d[0] === 0 ? 0 : b.s
  if (signA !== signB) return signA - signB
  return signA === 0 ? 0 : signA * compareSizes(a, b)
}

/** Cuts off whatever stands below 10^exponent, towards zero. */
export function cutTo(a: Decimal, exponent: number): Decimal {
  const words = a.d
  const top = topOf(a)
  // Of the word that 10^exponent lies in, only its upper digits stay.
  const last = top - Math.floor(exponent / 7)
  if (words === null || last >= words.length) return a
  if (last < 0) return ZERO
  const unit = exactTens[exponent - 7 * Math.floor(exponent / 7)]!
  const kept = (words[last]! - (words[last]! % unit)) | 0
  if (last === words.length - 1 && kept === words[last]) return a
  const cut = words.slice(0, last + 1)
  cut[last] = kept
  return fromWords(a.s, cut, top, 0)
}

/** The exponent of an amount that is a power of ten, as increments nearly always are; NaN of any other. */
export function tensExponent(a: Decimal): number {
  const words = a.d
  if (words === null || words.length !== 1 || a.s < 0) return Number.NaN
  return words[0] === exactTens[a.e - 7 * topOf(a)] ? a.e : Number.NaN
}

/** True when the amount has no more than 20 decimals. */
export function fitsStored(a: Decimal): boolean {
  const words = a.d
  if (words === null) return false
  const below = words.length - 1 - topOf(a)
  return below < 3 || (below === 3 && words[words.length - 1]! % 10 === 0)
}

/** Returns the amount that the shortest text of a number gives, when that has at most 15 digits and 14 decimals; undefined of all others. */
export function fromShort(value: number): Decimal | undefined {
  const size = Math.abs(value)
  if (!(size < 1e15) || size === 0) return undefined
  for (let places = 0; places <= 14; places++) {
    const unit = exactTens[places]!
    const digits = Math.round(size * unit)
    if (digits >= 1e15) return undefined
    // One correctly rounded division: of all texts with up to 15 digits only this one reads as the value.
    if (digits / unit === size) return fromDigits(value < 0 ? -1 : 1, digits, places)
  }
  return undefined
}

function fromDigits(sign: number, digits: number, places: number): Decimal {
  const unit = exactTens[places]!
  const whole = Math.floor(digits / unit)
  const fraction = (digits - whole * unit) * exactTens[14 - places]!
  const upper = Math.floor(fraction / BASE)
  const high = Math.floor(whole / BASE)
  const over = Math.floor(high / BASE)
  return packed(sign, 2, over, high - over * BASE, whole - high * BASE, upper, fraction - upper * BASE)
}
