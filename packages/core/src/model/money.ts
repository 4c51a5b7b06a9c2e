import { Decimal as BaseDecimal } from 'decimal.js'
import type { Decimal } from 'decimal.js'

/**
 * All exact arithmetic of the library passes through here and through `ledger/`: 40 significant digits, half-even.
 * Stored amounts are cut to {@link MONEY_DECIMALS} places, so that sums over accounts stay exact.
 */
const Money = BaseDecimal.clone({ precision: 40, rounding: BaseDecimal.ROUND_HALF_EVEN, toExpNeg: -9e15, toExpPos: 9e15, defaults: true })

/** Decimal places of a stored amount: price (8) times quantity (8) times fee rate (4). */
export const MONEY_DECIMALS = 20

/** Anything an amount may be given as. A number is taken through its shortest text, so 0.1 is one tenth. */
export type MoneyInput = Decimal | string | number

export const ZERO: Decimal = new Money(0)
export const ONE: Decimal = new Money(1)

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
    return new Money(input)
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
  return new Money(amount)
}

/** Returns plain text: no exponent, no trailing zeros, `0` for zero of either sign. */
export function decimalText(amount: Decimal): string {
  const text = amount.toFixed()
  return text === '-0' ? '0' : text
}

/** Powers of ten that float64 holds exactly. */
const exactTens = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22] as const

/**
 * Returns the float64 nearest to an exact amount.
 *
 * Amounts of up to 15 digits take Clinger's exact path (one integer below 2^53 times or over a power of ten up to 10^22, so one
 * correctly rounded operation), because the mirrors of the ledger are refreshed with every fill; longer ones go through text.
 */
export function toFloat(amount: Decimal): number {
  const { d: words, e, s } = amount
  // decimal.js keeps base-10^7 words, the first without leading zeros, and the exponent of the first digit.
  if (words === null || words.length > 2) return amount.toNumber()
  const first = words[0]!
  const integer = words.length === 1 ? first : first * 1e7 + words[1]!
  const digits = first < 10 ? 1 : first < 100 ? 2 : first < 1e3 ? 3 : first < 1e4 ? 4 : first < 1e5 ? 5 : first < 1e6 ? 6 : 7
  const unit = e - (digits - 1) - 7 * (words.length - 1)
  if (unit > 22 || unit < -22) return amount.toNumber()
  const size = unit >= 0 ? integer * exactTens[unit]! : integer / exactTens[-unit]!
  return s < 0 ? -size : size
}

/** Cuts to the stored number of decimal places, half-even. */
export const stored = (amount: Decimal): Decimal => amount.toDecimalPlaces(MONEY_DECIMALS, BaseDecimal.ROUND_HALF_EVEN)

/** Quote amount of a quantity at a price. */
export const valueOf = (quantity: Decimal, price: Decimal): Decimal => stored(quantity.times(price))

/** Fee in quote on a value: not rounded to cents (the venue does not either). */
export const feeOf = (value: Decimal, feeRate: Decimal): Decimal => stored(value.times(feeRate))

/** Quantity that a quote amount buys when the fee is inside it, before rounding to the base increment: quote / (price * (1 + rate)). */
export const quantityFor = (quote: Decimal, price: Decimal, feeRate: Decimal): Decimal => quote.dividedBy(price.times(ONE.plus(feeRate)))

/** Largest multiple of `increment` not above the amount. */
export const floorTo = (amount: Decimal, increment: Decimal): Decimal => amount.dividedToIntegerBy(increment).times(increment)

/** Smallest multiple of `increment` not below the amount. */
export function ceilTo(amount: Decimal, increment: Decimal): Decimal {
  const floor = floorTo(amount, increment)
  return floor.lessThan(amount) ? floor.plus(increment) : floor
}

/** True when the amount is a whole number of increments. */
export const fits = (amount: Decimal, increment: Decimal): boolean => amount.modulo(increment).isZero()

export const add = (a: Decimal, b: Decimal): Decimal => a.plus(b)
export const subtract = (a: Decimal, b: Decimal): Decimal => a.minus(b)
export const multiply = (a: Decimal, b: Decimal): Decimal => a.times(b)
export const negate = (a: Decimal): Decimal => a.negated()
/** Quotient at 40 significant digits, half-even. */
export const divide = (a: Decimal, b: Decimal): Decimal => a.dividedBy(b)
/** The part of a total that belongs to `part` of `whole`, cut to stored places: subtract it from the total to get the rest exactly. */
export const share = (total: Decimal, part: Decimal, whole: Decimal): Decimal => stored(total.times(part).dividedBy(whole))
export const minOf = (a: Decimal, b: Decimal): Decimal => (a.lessThan(b) ? a : b)
export const maxOf = (a: Decimal, b: Decimal): Decimal => (a.greaterThan(b) ? a : b)
export const atLeast = (a: Decimal, b: Decimal): boolean => a.greaterThanOrEqualTo(b)
export const isZero = (a: Decimal): boolean => a.isZero()
export const isPositive = (a: Decimal): boolean => a.greaterThan(ZERO)
export const isNegative = (a: Decimal): boolean => a.lessThan(ZERO)
export const greater = (a: Decimal, b: Decimal): boolean => a.greaterThan(b)
export const less = (a: Decimal, b: Decimal): boolean => a.lessThan(b)
/** Mean price of a value over a quantity at 18 significant digits, for display: cost and quantity are the stored truth. */
export const averagePriceOf = (value: Decimal, quantity: Decimal): Decimal => value.dividedBy(quantity).toSignificantDigits(18)
/** What a limit buy holds: its value and a fee of at most 2 %, so that the fee of any tier is covered until the fill says what it was. */
export const holdFor = (quantity: Decimal, limitPrice: Decimal): Decimal => stored(quantity.times(limitPrice).times('1.02'))
