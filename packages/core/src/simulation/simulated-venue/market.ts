import type { Decimal } from 'decimal.js'
import type { CandleEvent, QuoteEvent } from '../../contracts/events.ts'
import type { Candle } from '../../model/candle.ts'
import type { Instrument } from '../../model/instrument.ts'
import { ZERO } from '../../model/money.ts'
import type { VenueOrder } from './venue-order.ts'

/**
 * What the venue has seen of one instrument: its last candle, what the last update added to it, the last quote, and the orders that work.
 * Numbers in fields, nothing allocated: this is written on every candle of a replay.
 */
export class Market {
  readonly instrument: Instrument
  readonly working: VenueOrder[] = []
  /** The finest timeframe seen; coarser candles of the same trades are left out. */
  timeframeMs = Number.POSITIVE_INFINITY
  /** The current candle so far. */
  openTime = Number.NaN
  open = Number.NaN
  high = Number.NaN
  low = Number.NaN
  close = Number.NaN
  volume = Number.NaN
  closed = false
  /** True when updates of the current candle were seen before its end. */
  forming = false
  updateAtMs = Number.NaN
  /** The last update, kept while orders work: price before it, time since which it tells, base units traded in it, its extremes. */
  lastPrice = Number.NaN
  sinceMs = Number.NaN
  traded = Number.NaN
  lowSince = Number.NaN
  highSince = Number.NaN
  bid = Number.NaN
  ask = Number.NaN
  quoteAtMs = Number.NaN
  /** Base units of own fills on the current candle. */
  used: Decimal = ZERO

  constructor(instrument: Instrument) {
    this.instrument = instrument
  }

  /** True when all that is known of the last update is one closed candle: no update inside it, no quote. */
  get whole(): boolean {
    return this.closed && !this.forming && !(this.quoteAtMs >= this.openTime)
  }

  /** Takes a candle in; false when it tells nothing new (a coarser timeframe, a repeated or an older candle). */
  advance(event: CandleEvent): boolean {
    const { candle } = event
    const { openTime } = candle
    if (event.timeframeMs !== this.timeframeMs && !this.refine(event.timeframeMs)) return false
    const same = openTime === this.openTime
    if (same ? this.closed : openTime < this.openTime) return false
    if (this.working.length > 0) this.compare(candle, same)
    if (!same) {
      this.forming = false
      if (this.used !== ZERO) this.used = ZERO
    }
    if (!event.closed) this.forming = true
    this.closed = event.closed
    this.updateAtMs = event.atMs
    this.openTime = openTime
    this.open = candle.open
    this.high = candle.high
    this.low = candle.low
    this.close = candle.close
    this.volume = candle.volume
    return true
  }

  quote(event: QuoteEvent): void {
    this.bid = event.bid
    this.ask = event.ask
    this.quoteAtMs = event.atMs
  }

  /** What a taker would pay or get: the quote when it is no older than one timeframe, else the last price; NaN when nothing was seen. */
  takerPrice(side: 'buy' | 'sell', atMs: number): number {
    return this.quotes(side, atMs) ? (side === 'buy' ? this.ask : this.bid) : this.close
  }

  /** True when there is a quote for a side that is no older than one timeframe. */
  quotes(side: 'buy' | 'sell', atMs: number): boolean {
    return (side === 'buy' ? this.ask : this.bid) > 0 && !(atMs - this.quoteAtMs > this.timeframeMs)
  }

  /** What an update adds to what was known. */
  private compare(candle: Candle, same: boolean): void {
    this.lastPrice = this.close
    if (same) {
      this.sinceMs = this.updateAtMs
      this.traded = Math.max(0, candle.volume - this.volume)
      this.lowSince = candle.low < this.low ? candle.low : candle.close
      this.highSince = candle.high > this.high ? candle.high : candle.close
    } else {
      this.sinceMs = candle.openTime
      this.traded = candle.volume
      this.lowSince = candle.low
      this.highSince = candle.high
    }
  }

  private refine(timeframeMs: number): boolean {
    if (timeframeMs > this.timeframeMs) return false
    this.timeframeMs = timeframeMs
    this.openTime = Number.NaN
    return true
  }
}
