import { amount, text } from '../amount.ts'
import { candleRow } from '../market/candles.ts'
import type { Product } from '../market/products.ts'
import { bestOf, depthOf } from '../matching/book.ts'
import type { Book, TapeTrade } from '../matching/book.ts'
import { dayOf } from '../matching/day.ts'
import { bucketOf } from '../matching/tape.ts'
import type { VenueState } from '../venue-state.ts'
import { changeOf } from '../wire/product-row.ts'
import { micros } from '../wire/times.ts'
import { say } from './connection.ts'
import type { Connection, Speaker } from './connection.ts'

type Row = Readonly<Record<string, unknown>>

const FIVE_MINUTES_MS = 300_000
/** Candles, and trades, that a subscription begins with. */
const CANDLES_AT_FIRST = 10
const TRADES_AT_FIRST = 100

/** Channels of market data, by their subscribe names. */
export const marketChannels: ReadonlySet<string> = new Set(['candles', 'market_trades', 'ticker', 'ticker_batch', 'level2', 'status'])

/** Books of the products a connection asked for on a channel. */
export function booksOf(venue: VenueState, connection: Connection, channel: string): Book[] {
  return [...(connection.channels.get(channel) ?? [])].map((id) => venue.books.get(id)).filter((book) => book !== undefined)
}

/** Sends what a subscription begins with. */
export function sayMarketSnapshot(speaker: Speaker, connection: Connection, channel: string, books: readonly Book[]): void {
  const { venue } = speaker
  switch (channel) {
    case 'candles':
      return say(speaker, connection, channel, [{ type: 'snapshot', candles: books.flatMap((book) => lastCandles(venue, book, CANDLES_AT_FIRST)) }])
    case 'market_trades':
      return say(speaker, connection, channel, [
        { type: 'snapshot', trades: books.flatMap(({ tape }) => tape.slice(-TRADES_AT_FIRST).toReversed().map(tradeRow)) },
      ])
    case 'ticker':
    case 'ticker_batch':
      return say(speaker, connection, channel, [{ type: 'snapshot', tickers: books.map((book) => tickerRow(venue, book, channel === 'ticker')) }])
    case 'level2':
      for (const book of books) sayLevels(speaker, connection, book, 'snapshot')
      return
    default:
      return say(speaker, connection, 'status', [{ type: 'snapshot', products: statusRows(venue, connection) }])
  }
}

export const tradeRow = ({ tradeId, product, price, size, makerSide, atMs }: TapeTrade): Row => ({
  trade_id: tradeId,
  product_id: product,
  price: text(price),
  size: text(size),
  side: makerSide,
  time: micros(atMs),
})

export function lastCandles(venue: VenueState, book: Book, count: number): Row[] {
  const last = Math.floor(venue.clock.nowMs() / FIVE_MINUTES_MS) * FIVE_MINUTES_MS
  return Array.from({ length: count }, (_, back) => bucketOf(venue, book, last - back * FIVE_MINUTES_MS, FIVE_MINUTES_MS)).flatMap((candle) =>
    candle === undefined ? [] : [{ ...candleRow(candle), product_id: book.product.id }],
  )
}

/** The year's figures are those of the day: the market of a simulation has no other year. */
export function tickerRow(venue: VenueState, book: Book, withBest: boolean): Row {
  const day = dayOf(venue, book)
  const [low, high] = [text(day?.low ?? book.lastPrice), text(day?.high ?? book.lastPrice)]
  const [bid, ask] = withBest ? [bestOf(book, 'BUY'), bestOf(book, 'SELL')] : []
  return {
    type: 'ticker',
    product_id: book.product.id,
    price: text(book.lastPrice),
    volume_24_h: text(day?.volume ?? amount(0)),
    ...{ low_24_h: low, high_24_h: high, low_52_w: low, high_52_w: high },
    price_percent_chg_24_h: changeOf(day),
    ...(withBest
      ? {
          ...{ best_bid: bid ? text(bid.price) : '', best_bid_quantity: bid ? text(bid.size) : '' },
          ...{ best_ask: ask ? text(ask.price) : '', best_ask_quantity: ask ? text(ask.size) : '' },
        }
      : {}),
  }
}

/** Tells a book: all of it, or what changed since it was last told. The channel answers under another name than it is asked for by. */
export function sayLevels(speaker: Speaker, connection: Connection, book: Book, type: 'snapshot' | 'update'): void {
  const updates = (['BUY', 'SELL'] as const).flatMap((side) => {
    const key = `${book.product.id} ${side}`
    const before = type === 'snapshot' ? new Map<string, string>() : (connection.told.get(key) ?? new Map<string, string>())
    const now = new Map(depthOf(book, side).map(({ price, size }) => [text(price), text(size)]))
    connection.told.set(key, now)
    const gone = [...before.keys()].filter((price) => !now.has(price)).map((price): readonly [string, string] => [price, '0'])
    const fresh = [...now].filter(([price, size]) => before.get(price) !== size)
    return [...fresh, ...gone].map(([price_level, new_quantity]) => ({
      side: side === 'BUY' ? 'bid' : 'offer',
      event_time: micros(speaker.venue.clock.nowMs()),
      price_level,
      new_quantity,
    }))
  })
  if (updates.length > 0 || type === 'snapshot') say(speaker, connection, 'l2_data', [{ type, product_id: book.product.id, updates }])
}

export const statusRow = (product: Product): Row => ({
  product_type: 'SPOT',
  id: product.id,
  base_currency: product.base,
  quote_currency: product.quote,
  base_increment: text(product.baseIncrement),
  quote_increment: text(product.quoteIncrement),
  display_name: `${product.base}/${product.quote}`,
  status: product.status,
  status_message: '',
  min_market_funds: text(product.quoteMin),
})

function statusRows(venue: VenueState, connection: Connection): Row[] {
  const asked = connection.channels.get('status') ?? new Set()
  return [...venue.products.values()].filter(({ id, book, listed }) => listed && id === book && (asked.size === 0 || asked.has(id))).map(statusRow)
}
