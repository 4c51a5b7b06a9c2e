import { amount, negate, sub } from '../amount.ts'
import type { ControlledGate } from '../faults/gate.ts'
import type { Service } from '../http/route.ts'
import { isOver } from '../ledger/order.ts'
import type { Product, ProductFlags } from '../market/products.ts'
import { limitDepth, moveTo } from '../matching/book.ts'
import type { Book } from '../matching/book.ts'
import { restLiquidity } from '../matching/hand-liquidity.ts'
import { crossResting, marketTrade, triggerStops } from '../matching/matcher.ts'
import { changed, end } from '../matching/order-changes.ts'
import { advanceMarket, place } from '../matching/orders.ts'
import type { SocketSide } from '../socket/socket-server.ts'
import type { VenueState } from '../venue-state.ts'
import { actionSchema } from './actions.ts'
import type { VenueAction } from './actions.ts'
import type { z } from 'zod'

/** What actions change. */
export interface ControlTarget {
  readonly service: Service
  readonly gate: ControlledGate
  readonly sockets: SocketSide
}

type Parsed = z.output<typeof actionSchema>
type Of<D extends Parsed['do']> = Extract<Parsed, { readonly do: D }>

/**
 * Does something to the venue, at once. Returns what an owner's order became, otherwise nothing.
 *
 * @throws z.ZodError on an action that is none, RangeError on names the venue does not know and on what its books do not allow
 */
export function applyAction(target: ControlTarget, given: VenueAction): string | undefined {
  const action = actionSchema.parse(given)
  const { venue } = target.service
  // What the market did until now comes first.
  advanceMarket(venue)
  switch (action.do) {
    case 'ownerOrder':
      return ownerOrder(target.service, action)
    case 'revokeKey':
    case 'permissions':
      changeKey(target.service, action)
      return undefined
    case 'clockOffset':
      target.service.offsetMs = action.ms
      return undefined
    case 'inject': {
      const { do: _, ...injection } = action
      target.gate.inject(injection)
      return undefined
    }
    case 'faults':
      target.gate.plan(Object.keys(action.chances).length === 0 ? undefined : action)
      return undefined
    case 'cutSockets':
      target.sockets.cut()
      return undefined
    case 'sockets':
      target.sockets.admit(action.open)
      return undefined
    case 'replayUser':
      target.sockets.replayUser(action.messages)
      return undefined
    default:
      applyToVenue(target.service, action)
      return undefined
  }
}

type VenueOnly = Exclude<
  Parsed,
  { readonly do: 'ownerOrder' | 'revokeKey' | 'permissions' | 'clockOffset' | 'inject' | 'faults' | 'cutSockets' | 'sockets' | 'replayUser' }
>

function applyToVenue(service: Service, action: VenueOnly): void {
  const { venue } = service
  switch (action.do) {
    case 'setPrice':
      return move(venue, bookOf(venue, action.product), Number(action.price))
    case 'movePrice':
      return move(venue, bookOf(venue, action.product), bookOf(venue, action.product).mid * (1 + action.by))
    case 'restLiquidity':
      return restLiquidity(venue, bookOf(venue, action.product), { side: action.side, price: amount(action.price), size: amount(action.size) })
    case 'limitDepth':
      return limitDepth(bookOf(venue, action.product), amount(action.size))
    case 'trade': {
      const print = { price: amount(action.price), size: amount(action.size), makerSide: action.makerSide, atMs: venue.clock.nowMs() }
      return marketTrade(venue, bookOf(venue, action.product), print)
    }
    case 'productState':
      return productState(venue, action)
    case 'increments':
      return increments(venue, action)
    case 'deposit':
      return venue.ledger.transfer(action.portfolio ?? service.defaultPortfolio, action.currency, amount(action.amount))
    case 'withdraw':
      return venue.ledger.transfer(action.portfolio ?? service.defaultPortfolio, action.currency, negate(amount(action.amount)))
    case 'fees':
      Object.assign(venue.rates, { maker: amount(action.maker), taker: amount(action.taker) })
      return
    case 'lag': {
      const { do: _, ...lag } = action
      Object.assign(venue.lag, Object.fromEntries(Object.entries(lag).filter(([, value]) => value !== undefined)))
      return
    }
    case 'ownerCancel':
      return ownerCancel(venue, action.orderId)
    case 'bustFill':
      return bustFill(venue, action.entryId)
  }
}

function bookOf(venue: VenueState, id: string): Book {
  const book = venue.books.get(venue.products.get(id)?.book ?? '')
  if (book === undefined) throw new RangeError(`product: expected one of ${[...venue.books.keys()].join(', ')}, received ${id}`)
  return book
}

function move(venue: VenueState, book: Book, price: number): void {
  moveTo(book, price, venue.clock.nowMs())
  crossResting(venue, book)
  triggerStops(venue, book)
}

const open: ProductFlags = {
  ...{ status: 'online', isDisabled: false, tradingDisabled: false, cancelOnly: false, limitOnly: false, postOnly: false, viewOnly: false, auctionMode: false },
}

const states: Readonly<Record<Of<'productState'>['state'], Partial<ProductFlags>>> = {
  online: {},
  cancelOnly: { cancelOnly: true },
  limitOnly: { limitOnly: true },
  postOnly: { postOnly: true },
  tradingDisabled: { tradingDisabled: true },
  halted: { status: 'offline' },
  auction: { auctionMode: true },
  delisted: { status: 'delisted', isDisabled: true },
  removed: { status: 'delisted', isDisabled: true },
}

/** The twins of a book have one state. */
const twinsOf = (venue: VenueState, book: Book): Product[] => [...venue.products.values()].filter((product) => product.book === book.product.id)

/** Puts a product and its twin into a state; one that is delisted loses its orders. */
export function productState(venue: VenueState, { product: id, state }: Pick<Of<'productState'>, 'product' | 'state'>): void {
  const book = bookOf(venue, id)
  for (const product of twinsOf(venue, book)) {
    Object.assign(product, open, states[state], { listed: state !== 'removed' })
    venue.events.next({ type: 'product', product })
  }
  if (state !== 'delisted' && state !== 'removed') return
  for (const order of [...book.orders]) end(venue, order, 'CANCELLED', 'The product was delisted')
}

/** Changes the steps of a product and its twin; what already stands in the book stays. */
export function increments(venue: VenueState, { product: id, ...steps }: Omit<Of<'increments'>, 'do'> & { readonly do?: 'increments' }): void {
  for (const product of twinsOf(venue, bookOf(venue, id))) {
    if (steps.price !== undefined) product.priceIncrement = amount(steps.price)
    if (steps.base !== undefined) product.baseIncrement = amount(steps.base)
    if (steps.quote !== undefined) product.quoteIncrement = amount(steps.quote)
    if (steps.baseMin !== undefined) product.baseMin = amount(steps.baseMin)
    if (steps.quoteMin !== undefined) product.quoteMin = amount(steps.quoteMin)
    venue.events.next({ type: 'product', product })
  }
  moveTo(bookOf(venue, id), bookOf(venue, id).mid, venue.clock.nowMs())
}

function changeKey({ keys }: Service, action: Of<'revokeKey'> | Of<'permissions'>): void {
  const key = keys.get(action.key)
  if (key === undefined) throw new RangeError(`key: expected one of ${[...keys.keys()].join(', ')}, received ${action.key}`)
  if (action.do === 'revokeKey') {
    key.revoked = true
    return
  }
  const { canView = key.canView, canTrade = key.canTrade, canTransfer = key.canTransfer } = action
  Object.assign(key, { canView, canTrade, canTransfer })
}

function ownerOrder({ venue, defaultPortfolio }: Service, { product, side, portfolio, baseSize, quoteSize, limitPrice }: Of<'ownerOrder'>): string {
  const size = quoteSize === undefined ? { base_size: baseSize } : { quote_size: quoteSize }
  const configuration = limitPrice === undefined ? { market_market_ioc: size } : { limit_limit_gtc: { ...size, limit_price: limitPrice, post_only: false } }
  const clientOrderId = `owner-${venue.nextSequence}`
  const placed = place(venue, { clientOrderId, portfolio: portfolio ?? defaultPortfolio, productId: product, side, configuration }, 'owner')
  if ('rejection' in placed) throw new RangeError(`the venue refused the owner's order: ${placed.rejection.error}, ${placed.rejection.preview}`)
  return placed.order.id
}

function ownerCancel(venue: VenueState, orderId: string): void {
  const order = venue.orders.get(orderId)
  if (order === undefined || isOver(order)) throw new RangeError(`orderId: expected an order that is not over, received ${orderId}`)
  end(venue, order, 'CANCELLED', 'User requested cancel')
}

function bustFill(venue: VenueState, entryId: string): void {
  const fill = venue.fills.find((each) => each.entryId === entryId)
  if (fill === undefined) throw new RangeError(`entryId: expected a fill's, received ${entryId}`)
  const { portfolio, side, base, quote, quantity, value, fee } = fill
  venue.ledger.reverse({ portfolio, side, base, quote, quantity, value, fee })
  venue.fills.splice(venue.fills.indexOf(fill), 1)
  const order = venue.orders.get(fill.orderId)!
  order.filledBase = sub(order.filledBase, quantity)
  order.filledValue = sub(order.filledValue, value)
  order.fees = sub(order.fees, fee)
  order.fills -= 1
  changed(venue, order)
}
