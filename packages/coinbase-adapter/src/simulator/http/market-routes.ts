import { add, amount, divide, sub, text, toNumber } from '../amount.ts'
import { candleRow, granularities } from '../market/candles.ts'
import type { Product } from '../market/products.ts'
import { bestOf, depthOf } from '../matching/book.ts'
import type { Book, TapeTrade } from '../matching/book.ts'
import { bucketOf } from '../matching/tape.ts'
import { dayOf } from '../matching/day.ts'
import type { VenueState } from '../venue-state.ts'
import { productRow } from '../wire/product-row.ts'
import { micros } from '../wire/times.ts'
import { HttpProblem, invalid, notFound, ok } from './answer.ts'
import type { Answer } from './answer.ts'
import { wholeNumber } from './paging.ts'
import type { Route, RouteRequest, Service } from './route.ts'

/** Candles that one request may ask for. */
const MOST_CANDLES = 350
const MOST_LEVELS = 1000
const MOST_TRADES = 100

function bookFor(venue: VenueState, id: string): Book {
  const product = venue.products.get(id)
  const book = product?.listed ? venue.books.get(product.book) : undefined
  if (book === undefined) throw notFound(`Product ${id} not supported`)
  return book
}

function rowOf({ venue, oldDialect }: Service, product: Product): Readonly<Record<string, unknown>> {
  const book = venue.books.get(product.book)!
  const row = productRow(product, book, dayOf(venue, book))
  if (!oldDialect) return row
  const { price_increment: _, ...rest } = row
  return rest
}

function products({ service, query }: RouteRequest): Answer {
  const { venue } = service
  const ids = query.getAll('product_ids')
  const type = query.get('product_type')
  const all = [...venue.products.values()].filter(({ id, listed }) => listed && (ids.length === 0 || ids.includes(id)))
  const listed = type === null || type === 'SPOT' || type === 'UNKNOWN_PRODUCT_TYPE' ? all : []
  const offset = wholeNumber(query, 'offset') ?? 0
  const rows = listed.slice(offset, offset + (wholeNumber(query, 'limit') ?? listed.length))
  const body = rows.map((each) => rowOf(service, each))
  return ok({ products: body, num_products: listed.length, pagination: null })
}

function product({ service, id }: RouteRequest): Answer {
  bookFor(service.venue, id)
  return ok(rowOf(service, service.venue.products.get(id)!))
}

function candles({ service: { venue }, query, id }: RouteRequest): Answer {
  const book = bookFor(venue, id)
  const seconds = granularities[query.get('granularity') ?? '']
  if (seconds === undefined) throw invalid(`granularity: expected one of ${Object.keys(granularities).join(', ')}`)
  const [start, end] = [wholeNumber(query, 'start'), wholeNumber(query, 'end')]
  if (start === undefined || end === undefined || end < start) throw invalid('start and end argument is invalid')
  const first = Math.ceil(start / seconds)
  const last = Math.floor(end / seconds)
  const limit = wholeNumber(query, 'limit') ?? MOST_CANDLES
  if ((end - start) / seconds + 1 > MOST_CANDLES || limit > MOST_CANDLES)
    throw invalid('start and end argument is invalid - number of candles requested should be less than 350')
  const rows: Record<string, string>[] = []
  // Newest first, and no row for a bucket in which nobody traded.
  for (let bucket = last; bucket >= first && rows.length < limit; bucket--) {
    const candle = bucketOf(venue, book, bucket * seconds * 1000, seconds * 1000)
    if (candle !== undefined) rows.push(candleRow(candle))
  }
  return ok({ candles: rows })
}

const tradeRow = ({ tradeId, product: id, price, size, atMs, makerSide }: TapeTrade): Record<string, string> => ({
  trade_id: tradeId,
  product_id: id,
  price: text(price),
  size: text(size),
  time: micros(atMs),
  side: makerSide,
})

function ticker({ service: { venue }, query, id }: RouteRequest): Answer {
  const book = bookFor(venue, id)
  const limit = wholeNumber(query, 'limit') ?? MOST_TRADES
  if (limit > 1000) throw new HttpProblem(500, 'INTERNAL', 'internal server error')
  const trades = book.tape.slice(-Math.min(limit, MOST_TRADES)).toReversed()
  const priceOf = (side: 'BUY' | 'SELL'): string => text(bestOf(book, side)?.price ?? amount(0))
  return ok({
    trades: trades.map((trade) => ({ ...tradeRow(trade), bid: '', ask: '', exchange: 'coinbase' })),
    best_bid: priceOf('BUY'),
    best_ask: priceOf('SELL'),
  })
}

const levels = (rows: readonly { readonly price: ReturnType<typeof amount>; readonly size: ReturnType<typeof amount> }[]): Record<string, string>[] =>
  rows.map(({ price, size }) => ({ price: text(price), size: text(size) }))

function productBook({ service: { venue }, query }: RouteRequest): Answer {
  const id = query.get('product_id') ?? ''
  const book = bookFor(venue, id)
  const limit = Math.min(wholeNumber(query, 'limit') ?? MOST_LEVELS, MOST_LEVELS)
  const [bids, asks] = [depthOf(book, 'BUY').slice(0, limit), depthOf(book, 'SELL').slice(0, limit)]
  const pricebook = { product_id: id, bids: levels(bids), asks: levels(asks), time: micros(venue.clock.nowMs()) }
  const [bid, ask] = [bids[0]?.price, asks[0]?.price]
  if (bid === undefined || ask === undefined) return ok({ pricebook })
  const [middle, spread] = [divide(add(bid, ask), amount(2)), sub(ask, bid)]
  return ok({
    pricebook,
    last: text(book.lastPrice),
    mid_market: text(middle),
    spread_bps: ((toNumber(spread) / toNumber(middle)) * 10_000).toFixed(3),
    spread_absolute: text(spread),
  })
}

function bestBidAsk({ service: { venue }, query }: RouteRequest): Answer {
  const asked = query.getAll('product_ids')
  const ids = asked.length > 0 ? asked : [...venue.products.values()].filter(({ listed }) => listed).map(({ id }) => id)
  const pricebooks = ids.map((id) => {
    const book = bookFor(venue, id)
    const [bid, ask] = [bestOf(book, 'BUY'), bestOf(book, 'SELL')]
    return { product_id: id, bids: levels(bid ? [bid] : []), asks: levels(ask ? [ask] : []), time: micros(venue.clock.nowMs()) }
  })
  return ok({ pricebooks })
}

function time({ service }: RouteRequest): Answer {
  const nowMs = service.venue.clock.nowMs() + service.offsetMs
  return ok({
    iso: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    epochSeconds: String(Math.floor(nowMs / 1000)),
    epochMillis: String(Math.floor(nowMs)),
  })
}

const twins: readonly Omit<Route, 'permission'>[] = [
  { method: 'GET', path: '/products', answer: products },
  { method: 'GET', path: '/products/*', answer: product },
  { method: 'GET', path: '/products/*/candles', answer: candles },
  { method: 'GET', path: '/products/*/ticker', answer: ticker },
  { method: 'GET', path: '/product_book', answer: productBook },
]

/** Everything about the market: open under `/market`, and for keys that may view without it. */
export const marketRoutes: readonly Route[] = [
  { method: 'GET', path: '/time', answer: time },
  ...twins.map((route): Route => ({ ...route, path: `/market${route.path}` })),
  ...twins.map((route): Route => ({ ...route, permission: 'canView' })),
  { method: 'GET', path: '/best_bid_ask', permission: 'canView', answer: bestBidAsk },
]
