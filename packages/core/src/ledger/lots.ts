import { Decimal } from 'decimal.js'
import { MONEY_DECIMALS, ZERO, divide, equal, greater, isZero, minOf, multiply, share, stored, subtract } from '../model/money.ts'
import type { Lot } from './position.ts'

/** Which lots a sale takes from: `fifo` the oldest first, `average` the same share of each (the average entry stays). */
export type Booking = (typeof bookings)[number]
/** Every {@link Booking}. */
/** The ways to book a sale: see {@link Booking}. */
export const bookings = ['fifo', 'average'] as const
/** The rule of an account that does not name one. */
export const DEFAULT_BOOKING: Booking = 'fifo'

/** What a sale takes from one lot. */
export interface Taken {
  readonly lot: Lot
  readonly quantity: Decimal
  readonly cost: Decimal
  readonly fees: Decimal
}

export interface Taking {
  readonly taken: readonly Taken[]
  /** What is left of the lots, in their order. */
  readonly rest: readonly Lot[]
}

/** Takes a quantity out of lots. `total` is the sum over the lots and must not be below `quantity`. */
export function takeLots(booking: Booking, lots: readonly Lot[], quantity: Decimal, total: Decimal): Taking {
  if (equal(quantity, total)) return { taken: lots.map(whole), rest: [] }
  return booking === 'fifo' ? takeOldest(lots, quantity) : takeFromEach(lots, quantity, total)
}

const whole = (lot: Lot): Taken => ({ lot, quantity: lot.quantity, cost: lot.cost, fees: lot.fees })

const remainder = (lot: Lot, part: Taken): Lot => ({
  ...lot,
  quantity: subtract(lot.quantity, part.quantity),
  cost: subtract(lot.cost, part.cost),
  fees: subtract(lot.fees, part.fees),
})

function takeOldest(lots: readonly Lot[], quantity: Decimal): Taking {
  const taken: Taken[] = []
  const rest: Lot[] = []
  let missing = quantity
  for (const lot of lots) {
    if (isZero(missing)) rest.push(lot)
    else if (!greater(lot.quantity, missing)) {
      taken.push(whole(lot))
      missing = subtract(missing, lot.quantity)
    } else {
      const part = {
        lot,
        quantity: missing,
        cost: share(lot.cost, missing, lot.quantity),
        fees: isZero(lot.fees) ? ZERO : share(lot.fees, missing, lot.quantity),
      }
      taken.push(part)
      rest.push(remainder(lot, part))
      missing = ZERO
    }
  }
  return { taken, rest }
}

function takeFromEach(lots: readonly Lot[], quantity: Decimal, total: Decimal): Taking {
  const ratio = divide(quantity, total)
  const taken: Taken[] = []
  const rest: Lot[] = []
  let missing = quantity
  lots.forEach((lot, index) => {
    // Rounded up, so that the last lot is never asked for more than it holds.
    const wanted = index === lots.length - 1 ? missing : multiply(lot.quantity, ratio).toDecimalPlaces(MONEY_DECIMALS, Decimal.ROUND_UP)
    const amount = minOf(minOf(wanted, lot.quantity), missing)
    missing = subtract(missing, amount)
    if (isZero(amount)) rest.push(lot)
    else if (equal(amount, lot.quantity)) taken.push(whole(lot))
    else {
      const part = { lot, quantity: amount, cost: stored(multiply(lot.cost, ratio)), fees: isZero(lot.fees) ? ZERO : stored(multiply(lot.fees, ratio)) }
      taken.push(part)
      rest.push(remainder(lot, part))
    }
  })
  return { taken, rest }
}

/** Splits a total by the quantities taken; the last part gets what is left, so that the parts sum to the total exactly. */
export function splitByQuantity(total: Decimal, taken: readonly Taken[], quantity: Decimal): readonly Decimal[] {
  if (taken.length === 1) return [total]
  if (isZero(total)) return taken.map(() => ZERO)
  const perUnit = divide(total, quantity)
  let left = total
  return taken.map((part, index) => {
    if (index === taken.length - 1) return left
    const amount = stored(multiply(perUnit, part.quantity))
    left = subtract(left, amount)
    return amount
  })
}
