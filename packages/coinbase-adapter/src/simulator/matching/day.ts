import { merged } from '../market/candles.ts'
import type { Candle } from '../market/candles.ts'
import type { VenueState } from '../venue-state.ts'
import type { Book } from './book.ts'
import { bucketOf } from './tape.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** The last 24 hours of a product, as of the last full minute. */
export function dayOf(venue: VenueState, book: Book): Candle | undefined {
  const minute = Math.floor(venue.clock.nowMs() / MINUTE_MS)
  if (book.day?.minute === minute) return book.day.candle
  let candle: Candle | undefined
  const hour = Math.floor(venue.clock.nowMs() / HOUR_MS) * HOUR_MS
  for (let back = 24; back >= 0; back--) candle = merged(candle, bucketOf(venue, book, hour - back * HOUR_MS, HOUR_MS))
  book.day = { minute, candle }
  return candle
}
