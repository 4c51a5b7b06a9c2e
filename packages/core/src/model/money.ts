import { Decimal as BaseDecimal } from 'decimal.js'
import type { Decimal } from 'decimal.js'
import { fromPlainText, plainText } from './decimal-text.ts'
import { Money, ZERO, compare, cutTo, exactQuotient, fitsStored, fromShort, negated, productOf, sumOf, tensExponent } from './decimal-words.ts'

/**
 * All exact arithmetic of the library passes through here: 40 significant digits, half-even (the shortcuts for short amounts stand in `decimal-words.ts`).
 * Stored amounts are cut to {@link MONEY_DECIMALS} places, so that sums over accounts stay exact.
 */

import { toFloat, toFloatRatio } from './to-float.ts'

export { ZERO } from './decimal-words.ts'
export { toFloat, toFloatRatio } from './to-float.ts'

/** Decimal places of a stored amount: price (8) times quantity (8) times fee rate (4). */
export const MONEY_DECIMALS = 20

/** Anything an amount may be given as. A number is taken through its shortest text, so 0.1 is one tenth. */
export type MoneyInput = Decimal | string | number

export const ONE: Decimal = new Money(1)
const HIGHEST_FEE = new Money('1.02')

const plainNumber = /^-?\d{1,30}(\.\d{1,40})?$/

/**
 * Returns an exact amount.
 *
 * @throws RangeError on text that is no plain decimal number (exponents, NaN, infinities, blanks) and on numbers that
 * are not finite or carry more than 15 significant digits
 * @example
 * ```ts
 * decimalText(money('0.10')) // => '0.1'
 * ```
 */
export function money(input: MoneyInput): Decimal {
  if (typeof input === 'number') return fromNumber(input)
  if (typeof input === 'string') {
    if (!plainNumber.test(input)) throw new RangeError(`expected a plain decimal number, received ${JSON.stringify(input)}`)
    return fromPlainText(input) ?? new Money(input)
  }
  if (!input.isFinite()) throw new RangeError(`expected a finite amount, received ${input.toString()}`)
  return input.constructor === Money ? input : new Money(input.toFixed())
}

function fromNumber(input: number): Decimal {
  if (!Number.isFinite(input)) throw new RangeError(`expected a finite number, received ${input}`)
  const amount = new Money(input)
  if (amount.precision() > 15) throw new RangeError(`expected at most 15 significant digits, received ${input}; give it as text`)
  return amount
}

/**
 * Returns a float64 amount of the decision path as Decimal, for order translation: the one crossing from estimates to money.
 *
 * @throws RangeError when not finite
 */
export function fromEstimate(amount: number): Decimal {
  if (!Number.isFinite(amount)) throw new RangeError(`expected a finite amount, received ${amount}`)
  return fromShort(amount) ?? fromPlainText(String(amount)) ?? new Money(amount)
}

/**
 * Returns plain text: no exponent, no trailing zeros, `0` for zero of either sign.
 *
 * @example
 * ```ts
 * decimalText(money('0.00000010')) // => '0.0000001'
 * ```
 */
export function decimalText(amount: Decimal): string {
  return plainText(amount) ?? amount.toFixed()
}

/** Cuts to the stored number of decimal places, half-even. */
export const stored = (amount: Decimal): Decimal => (fitsStored(amount) ? amount : amount.toDecimalPlaces(MONEY_DECIMALS, BaseDecimal.ROUND_HALF_EVEN))

/** Quote amount of a quantity at a price. */
export const valueOf = (quantity: Decimal, price: Decimal): Decimal => stored(productOf(quantity, price))

/** Fee in quote on a value: not rounded to cents (the venue does not either). */
export const feeOf = (value: Decimal, feeRate: Decimal): Decimal => stored(productOf(value, feeRate))

/**
 * Returns the largest multiple of the increment that a quote amount buys when the fee is inside it: quote / (price * (1 + rate)), rounded down.
 *
 * @example
 * ```ts
 * decimalText(quantityFor(money('25'), money('100'), money('0.01'), money('0.001'))) // => '0.247'
 * ```
 */
export function quantityFor(quote: Decimal, price: Decimal, feeRate: Decimal, increment: Decimal): Decimal {
  const unitCost = multiply(price, add(ONE, feeRate))
  // The float quotient is nearly always right; two products prove it.
  const count = fromShort(Math.floor(toFloatRatio(quote, unitCost) / toFloat(increment)))
  const quantity = count && multiply(count, increment)
  if (quantity && atLeast(quote, multiply(quantity, unitCost)) && greater(multiply(add(quantity, increment), unitCost), quote)) return quantity
  return floorTo(quote.dividedBy(unitCost), increment)
}

/**
 * Returns the largest multiple of `increment` not above the amount, which must be >= 0.
 *
 * @example
 * ```ts
 * decimalText(floorTo(money('1.2399'), money('0.01'))) // => '1.23'
 * ```
 */
export function floorTo(amount: Decimal, increment: Decimal): Decimal {
  const exponent = tensExponent(increment)
  return Number.isNaN(exponent) ? amount.dividedToIntegerBy(increment).times(increment) : cutTo(amount, exponent)
}

/**
 * Returns the smallest multiple of `increment` not below the amount, which must be >= 0.
 *
 * @example
 * ```ts
 * decimalText(ceilTo(money('1.2301'), money('0.01'))) // => '1.24'
 * ```
 */
export function ceilTo(amount: Decimal, increment: Decimal): Decimal {
  const floor = floorTo(amount, increment)
  return less(floor, amount) ? add(floor, increment) : floor
}

/** True when the amount is a whole number of increments. */
export function fits(amount: Decimal, increment: Decimal): boolean {
  const exponent = tensExponent(increment)
  return Number.isNaN(exponent) ? amount.modulo(increment).isZero() : cutTo(amount, exponent) === amount
}

/**
 * Returns the quotient of two amounts to so many decimal places, half up: what venues that keep quantities worked out from money do.
 *
 * @example
 * ```ts
 * decimalText(quotientTo(money('1'), money('3'), 4)) // => '0.3333'
 * ```
 */
export const quotientTo = (a: Decimal, b: Decimal, places: number): Decimal => divide(a, b).toDecimalPlaces(places, BaseDecimal.ROUND_HALF_UP)

/**
 * Returns the sum of two amounts.
 *
 * @example
 * ```ts
 * decimalText(add(money('0.1'), money('0.2'))) // => '0.3'
 * ```
 */
export const add = (a: Decimal, b: Decimal): Decimal => sumOf(a, b, 1)
export const subtract = (a: Decimal, b: Decimal): Decimal => sumOf(a, b, -1)

/**
 * Returns the product of two amounts.
 *
 * @example
 * ```ts
 * decimalText(multiply(money('0.1'), money('0.3'))) // => '0.03'
 * ```
 */
export const multiply = (a: Decimal, b: Decimal): Decimal => productOf(a, b)
export const negate = (a: Decimal): Decimal => negated(a)
/** Quotient at 40 significant digits, half-even. What was a price before it was a value is found again without long division. */
export const divide = (a: Decimal, b: Decimal): Decimal => exactQuotient(a, b, fromShort(toFloatRatio(a, b))) ?? a.dividedBy(b)
/** The part of a total that belongs to `part` of `whole`, cut to stored places: subtract it from the total to get the rest exactly. */
export const share = (total: Decimal, part: Decimal, whole: Decimal): Decimal => stored(productOf(total, part).dividedBy(whole))
export const minOf = (a: Decimal, b: Decimal): Decimal => (compare(a, b) < 0 ? a : b)
export const maxOf = (a: Decimal, b: Decimal): Decimal => (compare(a, b) > 0 ? a : b)
export const atLeast = (a: Decimal, b: Decimal): boolean => compare(a, b) >= 0
export const equal = (a: Decimal, b: Decimal): boolean => compare(a, b) === 0
export const isZero = (a: Decimal): boolean => a.d?.[0] === 0

/**
 * Tells whether an amount is above zero.
 *
 * @example
 * ```ts
 * isPositive(money('0')) // => false
 * ```
 */
export const isPositive = (a: Decimal): boolean => compare(a, ZERO) > 0
export const isNegative = (a: Decimal): boolean => compare(a, ZERO) < 0

/**
 * Tells whether the first amount is above the second.
 *
 * @example
 * ```ts
 * greater(money('2'), money('1.99')) // => true
 * ```
 */
export const greater = (a: Decimal, b: Decimal): boolean => compare(a, b) > 0

/**
 * Tells whether the first amount is below the second.
 *
 * @example
 * ```ts
 * less(money('2'), money('1.99')) // => false
 * ```
 */
export const less = (a: Decimal, b: Decimal): boolean => compare(a, b) < 0
/** Mean price of a value over a quantity at 18 significant digits, so that its text can be read back: cost and quantity are the stored truth. */
export const averagePriceOf = (value: Decimal, quantity: Decimal): Decimal => meanPrice(divide(value, quantity))
/** A mean price as the journal keeps it: a quotient may have more digits than {@link money} reads back. */
export const meanPrice = (price: Decimal): Decimal => (price.d !== null && price.d.length <= 2 ? price : price.toSignificantDigits(18))
/** What a limit buy holds: its value and a fee of at most 2 %, so that the fee of any tier is covered until the fill says what it was. */
export const holdFor = (quantity: Decimal, limitPrice: Decimal): Decimal => stored(productOf(productOf(quantity, limitPrice), HIGHEST_FEE))

/**
 * Adds amounts of decimal text, exactly.
 *
 * @throws RangeError when one is no plain decimal number
 * @example
 * ```ts
 * totalOf(['0.1', '0.2']) // => '0.3'
 * ```
 */
export const totalOf = (amounts: Iterable<string>): string => {
  let total = ZERO
  for (const amount of amounts) total = add(total, money(amount))
  return decimalText(total)
}
