import { add, atMost, divide, amount, isMultiple, isZero, larger, less, mul, ONE, sub } from '../amount.ts'
import type { Amount } from '../amount.ts'
import type { OrderTerms } from '../ledger/order.ts'
import type { Product } from '../market/products.ts'
import type { VenueState } from '../venue-state.ts'
import { firstAgainst, marketBest, reaches } from './book.ts'
import type { Book } from './book.ts'
import { rejections } from './rejection.ts'
import type { Rejection } from './rejection.ts'
import { termsOf } from './terms.ts'
import type { OrderRequest } from './terms.ts'

/** An order that was found good: what it asks for and what it sets aside. */
export interface Checked {
  readonly terms: OrderTerms
  readonly boundPrice: Amount
  readonly hold: Amount
}

/**
 * Looks at an order in the order of the venue's own checks: product, its state, side and configuration, steps of size and price, smallest and largest,
 * post-only, funds. The first that fails is the answer.
 */
export function check(venue: VenueState, request: OrderRequest): Checked | Rejection {
  const product = venue.products.get(request.productId)
  if (!product?.listed) return rejections.invalidProduct
  const refused = stateOf(product)
  if (refused) return refused
  const terms = termsOf(request, product)
  if ('error' in terms) return terms
  const book = venue.books.get(product.book)!
  const problem = modeOf(product, terms) ?? precisionOf(product, terms) ?? timeAndStopOf(venue, book, terms)
  if (problem) return problem
  const first = firstAgainst(book, terms.side)
  if (terms.type === 'MARKET' && first === undefined) return rejections.noLiquidity
  const boundPrice = terms.limitPrice ?? protectionPrice(book, terms)
  const outside = limitsOf(product, terms, terms.limitPrice ?? first?.price ?? boundPrice)
  if (outside) return outside
  if (terms.postOnly && first && reaches(terms.side, first.price, boundPrice)) return rejections.postOnlyCrosses
  return fundsOf(venue, terms, boundPrice)
}

function stateOf(product: Product): Rejection | undefined {
  if (product.status === 'delisted' || product.viewOnly) return rejections.untradable
  if (product.status !== 'online' || product.isDisabled) return rejections.halted
  if (product.tradingDisabled) return rejections.tradingDisabled
  return product.cancelOnly ? rejections.marketState : undefined
}

/** What limit-only, post-only and auction mode leave. */
function modeOf(product: Product, { type, postOnly }: OrderTerms): Rejection | undefined {
  const refused = (type === 'MARKET' && (product.limitOnly || product.postOnly || product.auctionMode)) || (product.postOnly && !postOnly)
  return refused ? rejections.marketState : undefined
}

function precisionOf(product: Product, { baseSize, quoteSize, limitPrice, stopPrice }: OrderTerms): Rejection | undefined {
  if (baseSize && !isMultiple(baseSize, product.baseIncrement)) return rejections.sizePrecision
  if (quoteSize && !isMultiple(quoteSize, product.quoteIncrement)) return rejections.quotePrecision
  if (limitPrice && !isMultiple(limitPrice, product.priceIncrement)) return rejections.pricePrecision
  return stopPrice && !isMultiple(stopPrice, product.priceIncrement) ? rejections.stopPrecision : undefined
}

function timeAndStopOf(venue: VenueState, { lastPrice }: Book, { side, endMs, stopPrice, stopDirection, limitPrice }: OrderTerms): Rejection | undefined {
  if (endMs !== undefined && endMs <= venue.clock.nowMs()) return rejections.endTimePast
  if (stopPrice === undefined) return undefined
  if (side === 'BUY' && less(limitPrice!, stopPrice)) return rejections.stopAboveLimit
  if (side === 'SELL' && less(stopPrice, limitPrice!)) return rejections.stopBelowLimit
  const triggered = stopDirection === 'STOP_DIRECTION_STOP_UP' ? atMost(stopPrice, lastPrice) : atMost(lastPrice, stopPrice)
  return triggered ? rejections.stopTriggered : undefined
}

function limitsOf(product: Product, { baseSize, quoteSize }: OrderTerms, price: Amount): Rejection | undefined {
  if (baseSize && (isZero(baseSize) || less(baseSize, product.baseMin))) return rejections.baseTooSmall
  if (baseSize && less(product.baseMax, baseSize)) return rejections.baseTooLarge
  const value = quoteSize ?? mul(baseSize!, price)
  if (less(value, product.quoteMin)) return rejections.quoteTooSmall
  return less(product.quoteMax, value) ? rejections.quoteTooLarge : undefined
}

/** Where the venue stops a market order: a share of the middle away from it. */
function protectionPrice(book: Book, { side }: OrderTerms): Amount {
  const { BUY, SELL } = marketBest(book)
  const { product } = book
  const mid = divide(add(BUY, SELL), amount(2))
  const share = side === 'BUY' ? add(ONE, product.protection) : sub(ONE, product.protection)
  return larger(mul(mid, share), product.priceIncrement)
}

function fundsOf(venue: VenueState, terms: OrderTerms, boundPrice: Amount): Checked | Rejection {
  const { portfolio, side, base, quote, baseSize, quoteSize } = terms
  const currency = side === 'BUY' ? quote : base
  if (side === 'BUY' && !venue.ledger.has(portfolio, quote)) return rejections.noAccount
  const hold = side === 'SELL' ? baseSize! : (quoteSize ?? mul(mul(baseSize!, boundPrice), add(ONE, venue.rates.taker)))
  if (less(venue.ledger.account(portfolio, currency).available, hold)) return rejections.insufficientFund
  return { terms, boundPrice, hold }
}
