import { ONE, ZERO, add, isZero, mul, sub } from '../amount.ts'
import type { Amount } from '../amount.ts'
import { isOver } from '../ledger/order.ts'
import type { Fill, OrderStatus, VenueOrder } from '../ledger/order.ts'
import { hexOf, uuidOf } from '../random.ts'
import type { VenueState } from '../venue-state.ts'
import { forgetOld } from './visible.ts'

/** Notes the order's state of this moment and tells of it. */
export function changed(venue: VenueState, order: VenueOrder): void {
  const nowMs = venue.clock.nowMs()
  order.updatedMs = nowMs
  const versions = venue.versions.get(order.id) ?? []
  venue.versions.set(order.id, versions)
  const copy = { ...order }
  versions.push({ visibleMs: nowMs + Math.max(venue.lag.ordersMs, order.lagMs), order: copy })
  forgetOld(venue, versions)
  venue.events.next({ type: 'order', order: copy })
}

/** What an order has to have set aside for what is left of it. */
function neededHold(order: VenueOrder): Amount {
  if (order.side === 'SELL') return order.leaves
  if (order.quoteSize !== undefined) return order.quoteLeft
  return mul(mul(order.leaves, order.boundPrice), add(ONE, order.takerRate))
}

/** Ends an order: what it had set aside is free again. */
export function end(venue: VenueState, order: VenueOrder, status: Extract<OrderStatus, 'FILLED' | 'CANCELLED' | 'EXPIRED' | 'FAILED'>, message = ''): void {
  if (isOver(order)) return
  order.status = status
  if (status === 'CANCELLED') order.cancelMessage = message
  if (status === 'FAILED') order.rejectMessage = message
  releaseTo(venue, order, ZERO)
  const book = venue.books.get(order.book)!
  book.orders = book.orders.filter((each) => each !== order)
  changed(venue, order)
}

function releaseTo(venue: VenueState, order: VenueOrder, hold: Amount): void {
  const currency = order.side === 'BUY' ? order.quote : order.base
  venue.ledger.hold(order.portfolio, currency, sub(hold, order.hold))
  order.hold = hold
}

export interface FillTerms {
  readonly price: Amount
  readonly quantity: Amount
  readonly value: Amount
  readonly liquidity: 'MAKER' | 'TAKER'
  /** The rest of an order by quote: its fee is what is left over, so that exactly the quote is spent. */
  readonly fee?: Amount
}

/** Books a fill of an order and what follows for the order; telling of it is left to the caller. */
export function fill(venue: VenueState, order: VenueOrder, { price, quantity, value, liquidity, ...terms }: FillTerms): void {
  const nowMs = venue.clock.nowMs()
  const fee = terms.fee ?? mul(value, liquidity === 'MAKER' ? order.makerRate : order.takerRate)
  const spent = order.side === 'BUY' ? add(value, fee) : quantity
  order.holdBefore = order.hold
  order.leaves = sub(order.leaves, order.quoteSize === undefined ? quantity : ZERO)
  order.quoteLeft = sub(order.quoteLeft, order.quoteSize === undefined ? ZERO : spent)
  const { portfolio, side, base, quote } = order
  venue.ledger.settle({ portfolio, side, base, quote, quantity, value, fee })
  order.hold = sub(order.hold, spent)
  releaseTo(venue, order, neededHold(order))
  order.filledBase = add(order.filledBase, quantity)
  order.filledValue = add(order.filledValue, value)
  order.fees = add(order.fees, fee)
  order.fills += 1
  order.everFilled += 1
  order.lastFillMs = nowMs
  venue.fills.push({
    entryId: hexOf(venue.seed, 'entry', order.id, order.everFilled),
    tradeId: uuidOf(venue.seed, 'trade', order.id, order.everFilled),
    orderId: order.id,
    ...{ portfolio, product: order.product, base, quote, side, price, quantity, value, fee, liquidity, atMs: nowMs },
    sizeInQuote: order.quoteSize !== undefined,
    visibleMs: nowMs + fillLag(venue, order),
  } satisfies Fill)
}

function fillLag(venue: VenueState, order: VenueOrder): number {
  const fault = venue.faults.draw(['fillsLag'], `${order.clientOrderId} ${order.everFilled}`)
  if (fault === undefined) return venue.lag.fillsMs
  venue.faults.count('fillsLag')
  return venue.lag.fillsMs + (fault.delayMs ?? Math.ceil(fault.share * 5_000))
}

/** True when nothing is left to fill. */
export const isComplete = (order: VenueOrder): boolean => isZero(order.quoteSize === undefined ? order.leaves : order.quoteLeft)
