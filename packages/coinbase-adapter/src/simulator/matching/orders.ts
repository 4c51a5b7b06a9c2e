import { ZERO } from '../amount.ts'
import { isOver } from '../ledger/order.ts'
import type { VenueOrder } from '../ledger/order.ts'
import { uuidOf } from '../random.ts'
import type { VenueState } from '../venue-state.ts'
import { crossResting, execute, fillResting, marketTrade, triggerStops } from './matcher.ts'
import { isTrading } from '../market/products.ts'
import { refresh } from './book.ts'
import { changed, end } from './order-changes.ts'
import { rejections } from './rejection.ts'
import type { Rejection } from './rejection.ts'
import type { OrderRequest } from './terms.ts'
import { check } from './validate.ts'
import type { Checked } from './validate.ts'

/** Open orders of a product that the venue takes from one portfolio. */
const MOST_OPEN_ORDERS = 500

/** What became of an order that was sent: the order, or why not. `again` when its id had been used before. */
export type Placed = { readonly order: VenueOrder; readonly again: boolean } | { readonly rejection: Rejection }

/** Takes an order, or answers with the first one of the same client order id. */
export function place(venue: VenueState, request: OrderRequest, placedBy: string): Placed {
  const known = venue.byClientId.get(`${request.portfolio} ${request.clientOrderId}`)
  if (known) {
    const fault = venue.faults.draw(['duplicateClientOrderId'], `again ${request.clientOrderId}`)
    if (!fault) return { order: known, again: true }
    venue.faults.count('duplicateClientOrderId')
    return { rejection: rejections.duplicate }
  }
  const checked = check(venue, request)
  if ('error' in checked) return { rejection: checked }
  return { order: accept(venue, checked, placedBy), again: false }
}

function accept(venue: VenueState, { terms, boundPrice, hold }: Checked, placedBy: string): VenueOrder {
  const { clock, rates } = venue
  const order: VenueOrder = {
    ...terms,
    ...{ id: uuidOf(venue.seed, 'order', terms.portfolio, terms.clientOrderId), sequence: venue.nextSequence++, placedBy, createdMs: clock.nowMs() },
    ...{ boundPrice, makerRate: rates.maker, takerRate: rates.taker, status: 'PENDING', waiting: terms.stopPrice !== undefined },
    ...{ leaves: terms.baseSize ?? ZERO, quoteLeft: terms.quoteSize ?? ZERO, filledBase: ZERO, filledValue: ZERO, fees: ZERO, fills: 0, everFilled: 0 },
    ...{ hold, holdBefore: ZERO, lastFillMs: undefined, updatedMs: clock.nowMs(), cancelMessage: '', rejectReason: '', rejectMessage: '' },
    ...{ queueAhead: ZERO, lagMs: 0 },
  }
  venue.orders.set(order.id, order)
  venue.live.add(order.id)
  venue.byClientId.set(`${order.portfolio} ${order.clientOrderId}`, order)
  venue.ledger.hold(order.portfolio, order.side === 'BUY' ? order.quote : order.base, hold)
  const lagged = venue.faults.draw(['ordersLag'], order.clientOrderId)
  if (lagged) {
    venue.faults.count('ordersLag')
    order.lagMs = lagged.delayMs ?? Math.ceil(lagged.share * 5_000)
  }
  changed(venue, order)
  if (!failsAtOnce(venue, order)) openLater(venue, order)
  return order
}

/** The API took it, and the venue behind it does not. */
function failsAtOnce(venue: VenueState, order: VenueOrder): boolean {
  const open = venue.books.get(order.book)!.orders.filter(({ portfolio }) => portfolio === order.portfolio).length
  const fault = venue.faults.draw(['holdFailure'], order.clientOrderId)
  if (fault) venue.faults.count('holdFailure')
  else if (open < MOST_OPEN_ORDERS) return false
  order.rejectReason = fault ? 'HOLD_FAILURE' : 'TOO_MANY_OPEN_ORDERS'
  end(venue, order, 'FAILED', fault ? 'The funds could not be held' : 'Too many open orders')
  return true
}

function openLater(venue: VenueState, order: VenueOrder): void {
  const slow = venue.faults.draw(['slowOpen'], order.clientOrderId)
  if (slow) venue.faults.count('slowOpen')
  const waitMs = slow ? (slow.delayMs ?? Math.ceil(slow.share * 2_000)) : venue.lag.openMs
  if (waitMs <= 0) return open(venue, order)
  venue.later(venue.clock.nowMs() + waitMs, () => open(venue, order))
}

function open(venue: VenueState, order: VenueOrder): void {
  if (isOver(order)) return
  const book = venue.books.get(order.book)!
  if (order.endMs !== undefined) venue.later(order.endMs, () => end(venue, order, 'EXPIRED'))
  if (order.waiting) {
    order.status = 'OPEN'
    book.orders.push(order)
    changed(venue, order)
  } else execute(venue, book, order)
  triggerStops(venue, book)
}

/** What came of asking to cancel: started, or why not. */
export type CancelAnswer = { readonly success: true } | { readonly success: false; readonly reason: string }

/** Starts to cancel an order of a portfolio. That it was started does not keep it from filling. */
export function cancel(venue: VenueState, portfolio: string, orderId: string): CancelAnswer {
  const order = venue.orders.get(orderId)
  if (order === undefined || order.portfolio !== portfolio) return { success: false, reason: 'UNKNOWN_CANCEL_ORDER' }
  if (order.status === 'CANCEL_QUEUED') return { success: false, reason: 'DUPLICATE_CANCEL_REQUEST' }
  if (order.status === 'FILLED') return { success: false, reason: 'ORDER_IS_FULLY_FILLED' }
  if (isOver(order)) return { success: false, reason: 'UNKNOWN_CANCEL_ORDER' }
  const fault = venue.faults.draw(['cancelRace', 'slowCancel'], order.clientOrderId)
  if (fault?.kind === 'cancelRace' && race(venue, order)) {
    venue.faults.count('cancelRace')
    return { success: true }
  }
  const slow = fault?.kind === 'slowCancel'
  if (slow) venue.faults.count('slowCancel')
  const waitMs = slow ? (fault.delayMs ?? Math.ceil(fault.share * 2_000)) : venue.lag.cancelMs
  if (waitMs <= 0) end(venue, order, 'CANCELLED', 'User requested cancel')
  else {
    order.status = 'CANCEL_QUEUED'
    changed(venue, order)
    venue.later(venue.clock.nowMs() + waitMs, () => end(venue, order, 'CANCELLED', 'User requested cancel'))
  }
  return { success: true }
}

/** Somebody takes all of a resting order while its cancel is on the way. False when it does not rest. */
function race(venue: VenueState, order: VenueOrder): boolean {
  if (order.status !== 'OPEN' || order.waiting) return false
  const book = venue.books.get(order.book)!
  fillResting(venue, book, order, order.leaves)
  triggerStops(venue, book)
  return true
}

/** Brings every book to this moment: the market's trades since the last time, its new middle, and what that does to orders. */
export function advanceMarket(venue: VenueState): void {
  const nowMs = venue.clock.nowMs()
  for (const book of venue.books.values()) {
    if (nowMs <= book.untilMs) continue
    const fromMs = book.untilMs
    book.untilMs = nowMs
    refresh(book, nowMs)
    if (!isTrading(book.product)) continue
    for (const trade of book.market.trades(fromMs, nowMs, book.scale)) marketTrade(venue, book, trade)
    crossResting(venue, book)
    triggerStops(venue, book)
  }
}
