import { compare, isZero, smaller, sub } from '../amount.ts'
import type { Amount } from '../amount.ts'
import { isOver } from '../ledger/order.ts'
import type { Side } from '../ledger/order.ts'
import type { VenueState } from '../venue-state.ts'
import { oppositeOf, reaches, restingOf } from './book.ts'
import type { Book } from './book.ts'
import { fillResting, triggerStops } from './matcher.ts'

export interface HandLiquidity {
  readonly side: Side
  readonly price: Amount
  readonly size: Amount
}

/** Puts liquidity into the book; orders of accounts that it meets are filled at their own prices first. */
export function restLiquidity(venue: VenueState, book: Book, { side, price, size }: HandLiquidity): void {
  let left = size
  const met = restingOf(book, oppositeOf(side))
    .filter((order) => reaches(side, order.limitPrice!, price))
    .toSorted((a, b) => compare(a.limitPrice!, b.limitPrice!) * (side === 'BUY' ? 1 : -1) || a.sequence - b.sequence)
  for (const order of met) {
    const quantity = smaller(left, order.leaves)
    if (isZero(quantity) || isOver(order)) continue
    left = sub(left, quantity)
    fillResting(venue, book, order, quantity)
  }
  if (!isZero(left)) book.hand.push({ side, price, size: left, sequence: venue.nextSequence++ })
  triggerStops(venue, book)
}
