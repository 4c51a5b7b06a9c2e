import type { Decimal } from 'decimal.js'
import { exactTens, topOf } from './decimal-words.ts'

/**
 * From exact amounts to float64, correctly rounded. The mirrors of the ledger are refreshed with every fill, so text is avoided: short amounts take one exact
 * operation (Clinger), longer ones pairs of float64 (106 bits), and only what lies too close to a tie for those is left to decimal.js.
 */

interface Pair {
  readonly high: number
  readonly low: number
}

/** Relative: far above the error of a pair, far below half a unit in the last place of a float64. */
const SLACK = 2 ** -90
/** Splits a float64 into two of 26 bits. */
const SPLITTER = 134217729

/** Returns the float64 nearest to an exact amount. */
export function toFloat(amount: Decimal): number {
  const { d: words, s } = amount
  if (words === null) return amount.toNumber()
  const bottom = topOf(amount) - words.length + 1
  if (bottom > 3 || bottom < -3) return amount.toNumber()
  if (words.length <= 2) {
    const integer = words.length === 1 ? words[0]! : words[0]! * 1e7 + words[1]!
    return s * (bottom >= 0 ? integer * exactTens[7 * bottom]! : integer / exactTens[-7 * bottom]!)
  }
  if (bottom >= 0 || words.length > 5) return amount.toNumber()
  const size = quotient(pairOf(words, words.length), { high: exactTens[-7 * bottom]!, low: 0 })
  return size === size ? s * size : amount.toNumber()
}

/** Returns the float64 nearest to a / b. */
export function toFloatRatio(a: Decimal, b: Decimal): number {
  const x = a.d
  const y = b.d
  if (x === null || y === null || x[0] === 0 || y[0] === 0) return a.dividedBy(b).toNumber()
  const top = topOf(a)
  const bottom = Math.min(top - x.length, topOf(b) - y.length) + 1
  const wordsA = top - bottom + 1
  const wordsB = topOf(b) - bottom + 1
  if (wordsA > 6 || wordsB > 6) return a.dividedBy(b).toNumber()
  const size = quotient(pairOf(x, wordsA), pairOf(y, wordsB))
  return size === size ? a.s * b.s * size : a.dividedBy(b).toNumber()
}

/** The first words of an amount as one number; zeros where it has no more. */
function pairOf(words: readonly number[], count: number): Pair {
  let high = words[0]!
  let low = 0
  for (let i = 1; i < count; i++) {
    const product = high * 1e7
    low = low * 1e7 + lost(high, 1e7, product) + (words[i] ?? 0)
    high = product + low
    low -= high - product
  }
  return { high, low }
}

/** The nearest float64, or NaN when the quotient lies too close to a tie. */
function quotient(a: Pair, b: Pair): number {
  const first = a.high / b.high
  const product = first * b.high
  const second = (a.high - product - lost(first, b.high, product) + a.low - first * b.low) / b.high
  const slack = first * SLACK
  const result = first + (second + slack)
  return result === first + (second - slack) ? result : Number.NaN
}

/** What the float64 product of a and b has lost: a * b - product, exactly. */
function lost(a: number, b: number, product: number): number {
  const bigA = SPLITTER * a
  const highA = bigA - (bigA - a)
  const lowA = a - highA
  const bigB = SPLITTER * b
  const highB = bigB - (bigB - b)
  const lowB = b - highB
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB
}
