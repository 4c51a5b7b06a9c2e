import type { Amount } from '../amount.ts'
import { candleOfTrade, merged } from '../market/candles.ts'
import type { Candle } from '../market/candles.ts'
import type { Side } from '../ledger/order.ts'
import type { VenueState } from '../venue-state.ts'
import type { Book, TapeTrade } from './book.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** Trades kept for whoever asks for the last ones; the venue shows 100. */
const TAPE_KEPT = 400

export interface Print {
  readonly price: Amount
  readonly size: Amount
  readonly makerSide: Side
  readonly atMs: number
}

/** Writes a trade on the public tape and into its minute. What waits for the last price is looked at by the caller. */
export function print(venue: VenueState, book: Book, { price, size, makerSide, atMs }: Print): void {
  const trade: TapeTrade = { tradeId: String(book.nextTrade++), product: book.product.id, price, size, makerSide, atMs }
  book.tape.push(trade)
  if (book.tape.length > TAPE_KEPT) book.tape = book.tape.slice(-TAPE_KEPT / 2)
  const minute = Math.floor(atMs / MINUTE_MS) * MINUTE_MS
  book.minutes.put(merged(book.minutes.get(minute), candleOfTrade(minute, price, size))!)
  book.lastPrice = price
  venue.events.next({ type: 'trade', trade })
}

/** Returns the candle of a minute, past or present. */
const minuteOf = (book: Book, minuteMs: number): Candle | undefined => merged(book.market.past(minuteMs, MINUTE_MS), book.minutes.get(minuteMs))

/** Returns the candle of a bucket of whole minutes; undefined when nobody traded in it. */
export function bucketOf(venue: VenueState, book: Book, startMs: number, lengthMs: number): Candle | undefined {
  let candle: Candle | undefined
  const endMs = Math.min(startMs + lengthMs, venue.clock.nowMs() + 1)
  for (let atMs = startMs; atMs < endMs;) {
    // Whole hours before the start never change and are remembered.
    if (atMs % HOUR_MS === 0 && atMs + HOUR_MS <= Math.min(endMs, venue.startMs)) {
      candle = merged(candle, book.market.pastHour(atMs))
      atMs += HOUR_MS
    } else {
      candle = merged(candle, minuteOf(book, atMs))
      atMs += MINUTE_MS
    }
  }
  return candle && { ...candle, startMs }
}
