import { ONE, ZERO, add, atMost, compare, divide, isZero, less, mul, smaller, sub } from '../amount.ts'
import type { Amount } from '../amount.ts'
import { isOver } from '../ledger/order.ts'
import type { VenueOrder } from '../ledger/order.ts'
import type { VenueState } from '../venue-state.ts'
import { depthOf, firstAgainst, ladderOf, marketBest, oppositeOf, reaches, restingOf, takeFrom } from './book.ts'
import type { Book, Resting } from './book.ts'
import { changed, end, fill, isComplete } from './order-changes.ts'
import { print } from './tape.ts'

/** Lets an order take what it can get, then ends it, or leaves the rest in the book. */
export function execute(venue: VenueState, book: Book, order: VenueOrder): void {
  if (isOver(order)) return
  order.status = 'OPEN'
  if (order.timeInForce === 'FILL_OR_KILL' && less(available(book, order), order.leaves))
    return end(venue, order, 'CANCELLED', 'Fill or kill: not enough liquidity')
  take(venue, book, order)
  if (isOver(order)) return
  if (order.type === 'MARKET' || order.timeInForce === 'IMMEDIATE_OR_CANCEL' || order.timeInForce === 'FILL_OR_KILL') {
    return end(venue, order, isDust(book, order) ? 'FILLED' : 'CANCELLED', isDust(book, order) ? '' : 'Immediate or cancel: the rest found no liquidity')
  }
  order.queueAhead = depthOf(book, order.side).find(({ price }) => compare(price, order.limitPrice!) === 0)?.size ?? ZERO
  book.orders.push(order)
  changed(venue, order)
}

/** What is left of a market order is less than the smallest step. */
const isDust = (book: Book, order: VenueOrder): boolean =>
  order.type === 'MARKET' &&
  order.fills > 0 &&
  (order.quoteSize === undefined ? less(order.leaves, book.product.baseIncrement) : less(order.quoteLeft, book.product.quoteIncrement))

/** What others offer an order within its limit. */
function available(book: Book, order: VenueOrder): Amount {
  const own = restingOf(book, oppositeOf(order.side)).filter(({ portfolio }) => portfolio === order.portfolio)
  const ofOthers = depthOf(book, oppositeOf(order.side)).filter(({ price }) => reaches(order.side, price, order.boundPrice))
  const all = ofOthers.reduce((sum, { size }) => add(sum, size), ZERO)
  return own.filter(({ limitPrice }) => reaches(order.side, limitPrice!, order.boundPrice)).reduce((sum, { leaves }) => sub(sum, leaves), all)
}

function take(venue: VenueState, book: Book, order: VenueOrder): void {
  for (let resting = firstAgainst(book, order.side); resting !== undefined && !isOver(order); resting = firstAgainst(book, order.side)) {
    if (!reaches(order.side, resting.price, order.boundPrice)) return
    // Nobody trades with himself: what rests gives way.
    if (resting.kind === 'order' && resting.order.portfolio === order.portfolio) end(venue, resting.order, 'CANCELLED', 'Self trade prevention')
    else if (!trade(venue, book, order, resting)) return
  }
}

/** One fill of a taker against what it met first. False when it can have no more. */
function trade(venue: VenueState, book: Book, order: VenueOrder, resting: Resting): boolean {
  const size = resting.kind === 'order' ? resting.order.leaves : resting.level.size
  const { price } = resting
  const part = order.quoteSize === undefined ? { quantity: smaller(size, order.leaves) } : partByValue(order, size, price)
  if (isZero(part.quantity)) return false
  const value = 'value' in part ? part.value : mul(part.quantity, price)
  fill(venue, order, { price, quantity: part.quantity, value, liquidity: 'TAKER', ...('fee' in part ? { fee: part.fee } : {}) })
  if (resting.kind === 'order') fillMaker(venue, resting.order, part.quantity)
  else takeFrom(book, resting, part.quantity)
  if (isComplete(order)) end(venue, order, 'FILLED')
  else changed(venue, order)
  print(venue, book, { price, size: part.quantity, makerSide: oppositeOf(order.side), atMs: venue.clock.nowMs() })
  return true
}

interface Part {
  readonly quantity: Amount
  readonly value: Amount
  readonly fee?: Amount
}

/** How much of a level an order by quote gets: the fee is inside what it spends. */
function partByValue(order: VenueOrder, size: Amount, price: Amount): Part {
  const affordable = divide(order.quoteLeft, add(ONE, order.takerRate))
  const whole = mul(size, price)
  if (less(whole, affordable)) return { quantity: size, value: whole }
  return { quantity: divide(affordable, price), value: affordable, fee: sub(order.quoteLeft, affordable) }
}

function fillMaker(venue: VenueState, order: VenueOrder, quantity: Amount): void {
  fill(venue, order, { price: order.limitPrice!, quantity, value: mul(quantity, order.limitPrice!), liquidity: 'MAKER' })
  if (isComplete(order)) end(venue, order, 'FILLED')
  else changed(venue, order)
}

/** Somebody takes so much of an order in the book. */
export function fillResting(venue: VenueState, book: Book, order: VenueOrder, quantity: Amount): void {
  fillMaker(venue, order, quantity)
  print(venue, book, { price: order.limitPrice!, size: quantity, makerSide: order.side, atMs: venue.clock.nowMs() })
}

/** Orders of a side in the order in which they are served: best price first, then what came first. */
const inLine = (book: Book, side: VenueOrder['side']): VenueOrder[] =>
  restingOf(book, side).toSorted((a, b) => compare(a.limitPrice!, b.limitPrice!) * (side === 'BUY' ? -1 : 1) || a.sequence - b.sequence)

/** After the market moved: what rests is filled at its own price by the market's levels that now cross it. */
export function crossResting(venue: VenueState, book: Book): void {
  for (const side of ['BUY', 'SELL'] as const) {
    for (const order of inLine(book, side)) {
      if (!reaches(side, marketBest(book)[oppositeOf(side)], order.limitPrice!)) break
      meetMarket(venue, book, order)
    }
  }
  for (const level of [...book.hand]) {
    const best = ladderOf(book)[oppositeOf(level.side)][0]
    if (best && reaches(level.side, best.price, level.price)) book.hand = book.hand.filter((each) => each !== level)
  }
}

function meetMarket(venue: VenueState, book: Book, order: VenueOrder): void {
  const side = oppositeOf(order.side)
  for (let level = ladderOf(book)[side][0]; level && !isOver(order) && reaches(order.side, level.price, order.limitPrice!); level = ladderOf(book)[side][0]) {
    const quantity = smaller(level.size, order.leaves)
    takeFrom(book, { kind: 'market', price: level.price, level }, quantity)
    fillResting(venue, book, order, quantity)
  }
}

/** A trade of the market: orders that were in line before its maker get their part at their own price, the rest is printed. */
export function marketTrade(
  venue: VenueState,
  book: Book,
  { price, size, makerSide, atMs }: { price: Amount; size: Amount; makerSide: VenueOrder['side']; atMs: number },
): void {
  // What is left for those at the trade's own price, and for the rest of the market.
  let [left, reached] = [size, size]
  for (const order of inLine(book, makerSide)) {
    // The taker stops at the trade's price; it would have met better prices first.
    if (!reaches(oppositeOf(makerSide), order.limitPrice!, price)) break
    const same = compare(order.limitPrice!, price) === 0
    const ahead = same ? smaller(order.queueAhead, reached) : ZERO
    order.queueAhead = sub(order.queueAhead, ahead)
    const quantity = smaller(sub(same ? reached : left, ahead), order.leaves)
    if (isZero(quantity)) continue
    left = sub(left, quantity)
    if (!same) reached = left
    fillMaker(venue, order, quantity)
    print(venue, book, { price: order.limitPrice!, size: quantity, makerSide, atMs })
  }
  if (!isZero(left)) print(venue, book, { price, size: left, makerSide, atMs })
  triggerStops(venue, book)
}

/** Stop orders whose price the last trade reached go into the book as limit orders. */
export function triggerStops(venue: VenueState, book: Book): void {
  // What they trade may trigger the next one.
  for (let hit = firstHit(book); hit !== undefined; hit = firstHit(book)) {
    hit.waiting = false
    book.orders = book.orders.filter((order) => order !== hit)
    execute(venue, book, hit)
  }
}

const firstHit = (book: Book): VenueOrder | undefined =>
  book.orders
    .filter((order) => order.waiting && order.status === 'OPEN')
    .find(({ stopDirection, stopPrice }) =>
      stopDirection === 'STOP_DIRECTION_STOP_UP' ? atMost(stopPrice!, book.lastPrice) : atMost(book.lastPrice, stopPrice!),
    )
