import { Decimal } from 'decimal.js'

/**
 * The venue's own arithmetic. It shares none with the client, because it is the judge of the client's; products of amounts are exact, and what is
 * divided says how it is rounded.
 */
export type Amount = Decimal

const Exact = Decimal.clone({ precision: 120, toExpNeg: -100, toExpPos: 100, defaults: true })

/** Digits that quantities bought by value are rounded to: the venue shows up to 16. */
const DIGITS = 16

export const ZERO: Amount = new Exact(0)
export const ONE: Amount = new Exact(1)

const plain = /^\d*\.?\d+$|^\d+\.$/

/** @throws RangeError when a text is no plain decimal number */
export function amount(text: string | number): Amount {
  const value = amountOrUndefined(typeof text === 'number' ? new Exact(text).toFixed() : text)
  if (value === undefined) throw new RangeError(`expected a decimal number of at least 0 as text, received ${JSON.stringify(text)}`)
  return value
}

/** Undefined for what is no plain decimal number of at least 0, exponents and signs included. */
export function amountOrUndefined(text: unknown): Amount | undefined {
  return typeof text === 'string' && text.length <= 64 && plain.test(text) ? new Exact(text) : undefined
}

export const add = (a: Amount, b: Amount): Amount => a.plus(b)
export const sub = (a: Amount, b: Amount): Amount => a.minus(b)
export const mul = (a: Amount, b: Amount): Amount => a.times(b)
/** Rounded half up to 16 decimals, as the venue's quantities bought by value are. */
export const divide = (a: Amount, b: Amount): Amount => a.div(b).toDecimalPlaces(DIGITS, Decimal.ROUND_HALF_UP)
export const negate = (a: Amount): Amount => a.negated()
export const less = (a: Amount, b: Amount): boolean => a.lessThan(b)
export const atMost = (a: Amount, b: Amount): boolean => a.lessThanOrEqualTo(b)
export const isZero = (a: Amount): boolean => a.isZero()
export const isNegative = (a: Amount): boolean => a.lessThan(0)
export const smaller = (a: Amount, b: Amount): Amount => (a.lessThan(b) ? a : b)
export const larger = (a: Amount, b: Amount): Amount => (a.lessThan(b) ? b : a)
export const compare = (a: Amount, b: Amount): number => a.comparedTo(b)
export const isMultiple = (a: Amount, step: Amount): boolean => a.modulo(step).isZero()
export const floorTo = (a: Amount, step: Amount): Amount => a.dividedToIntegerBy(step).times(step)
export const ceilTo = (a: Amount, step: Amount): Amount => a.div(step).toDecimalPlaces(0, Decimal.ROUND_CEIL).times(step)
/** From a float of the market's own walk; never of an account. */
export const nearestTo = (value: number, step: Amount): Amount => new Exact(value).toNearest(step, Decimal.ROUND_HALF_UP)
export const text = (a: Amount): string => a.toFixed()
/** For the few fields that the venue sends as JSON numbers, and for the market's walk. */
export const toNumber = (a: Amount): number => a.toNumber()
