import { Decimal } from 'decimal.js'
import { MONEY_DECIMALS, ZERO, minOf, share, stored } from '../model/money.ts'
import type { Lot } from './position.ts'

/** Which lots a sale takes from: `fifo` the oldest first, `average` the same share of each (the average entry stays). */
export type Booking = 'fifo' | 'average'

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
  if (quantity.equals(total)) return { taken: lots.map(whole), rest: [] }
  return booking === 'fifo' ? takeOldest(lots, quantity) : takeFromEach(lots, quantity, total)
}

const whole = (lot: Lot): Taken => ({ lot, quantity: lot.quantity, cost: lot.cost, fees: lot.fees })

const remainder = (lot: Lot, part: Taken): Lot => ({ ...lot, quantity: lot.quantity.minus(part.quantity), cost: lot.cost.minus(part.cost), fees: lot.fees.minus(part.fees) })

function takeOldest(lots: readonly Lot[], quantity: Decimal): Taking {
  const taken: Taken[] = []
  const rest: Lot[] = []
  let missing = quantity
  for (const lot of lots) {
    if (missing.isZero()) rest.push(lot)
    else if (lot.quantity.lessThanOrEqualTo(missing)) {
      taken.push(whole(lot))
      missing = missing.minus(lot.quantity)
    } else {
      const part = { lot, quantity: missing, cost: share(lot.cost, missing, lot.quantity), fees: lot.fees.isZero() ? ZERO : share(lot.fees, missing, lot.quantity) }
      taken.push(part)
      rest.push(remainder(lot, part))
      missing = ZERO
    }
  }
  return { taken, rest }
}

function takeFromEach(lots: readonly Lot[], quantity: Decimal, total: Decimal): Taking {
  const ratio = quantity.dividedBy(total)
  const taken: Taken[] = []
  const rest: Lot[] = []
  let missing = quantity
  lots.forEach((lot, index) => {
    // Rounded up, so that the last lot is never asked for more than it holds.
    const wanted = index === lots.length - 1 ? missing : lot.quantity.times(ratio).toDecimalPlaces(MONEY_DECIMALS, Decimal.ROUND_UP)
    const amount = minOf(minOf(wanted, lot.quantity), missing)
    missing = missing.minus(amount)
    if (amount.isZero()) rest.push(lot)
    else if (amount.equals(lot.quantity)) taken.push(whole(lot))
    else {
      const part = { lot, quantity: amount, cost: stored(lot.cost.times(ratio)), fees: lot.fees.isZero() ? ZERO : stored(lot.fees.times(ratio)) }
      taken.push(part)
      rest.push(remainder(lot, part))
    }
  })
  return { taken, rest }
}

/** Splits a total by the quantities taken; the last part gets what is left, so that the parts sum to the total exactly. */
export function splitByQuantity(total: Decimal, taken: readonly Taken[], quantity: Decimal): readonly Decimal[] {
  if (taken.length === 1) return [total]
  if (total.isZero()) return taken.map(() => ZERO)
  const perUnit = total.dividedBy(quantity)
  let left = total
  return taken.map((part, index) => {
    if (index === taken.length - 1) return left
    const amount = stored(perUnit.times(part.quantity))
    left = left.minus(amount)
    return amount
  })
}
