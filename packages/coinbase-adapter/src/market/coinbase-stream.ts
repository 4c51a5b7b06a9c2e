import type { Candle, CandleQuery, Clock, EpochMs, MarketEvent, StreamQuery } from '@millrace/core'
import { durationText } from '@millrace/core'
import { Observable, Subscription } from 'rxjs'
import type { Subscriber } from 'rxjs'
import { connection } from '../socket/connection.ts'
import type { ConnectionEvent, ConnectionOptions } from '../socket/connection.ts'
import { tickerEventSchema, tickerSchema, tradeSchema, tradesEventSchema } from '../wire/market-messages.ts'
import { problemOf } from '../wire/values.ts'
import type { CandlePage } from './fetch-candles.ts'
import { bucketOf } from './fetch-candles.ts'
import { createClosedCandles } from './closed-candles.ts'
import type { ClosedCandles } from './closed-candles.ts'
import { createFormingCandle } from './forming-candle.ts'
import type { FormingCandle } from './forming-candle.ts'

/** After the end of a bucket the venue gets this long to have its candle ready. */
const GRACE_MS = 1_500
/** A bucket in which trades were seen and of which the venue has no candle yet is asked for again after this long, this many times. */
const AGAIN_MS = 2_000
const LOOKS = 5
/** Quotes of one instrument come at most this often: every match has one. */
const QUOTE_EVERY_MS = 250
/** The clocks are compared at every start of a connection and this often. */
const COMPARE_EVERY_MS = 600_000

export interface StreamParts {
  readonly clock: Clock
  /** The venue's clock minus ours in ms. */
  readonly offsetMs: () => number
  readonly socket: Omit<ConnectionOptions, 'channels'>
  candles(query: CandleQuery, signal: AbortSignal): Promise<CandlePage>
  /** Asks for the venue's time and returns the new offset. */
  measure(): Promise<number>
}

interface Series {
  readonly instrument: string
  readonly timeframeMs: number
  readonly closed: ClosedCandles
  /** Start of the latest bucket in which a trade was seen. */
  tradedMs: number
  busy: boolean
  /** A look was due while another one was under way. */
  due: boolean
}

/**
 * The live stream: trades make the forming candles of the smallest timeframe, tickers the quotes, and every closed candle is the venue's own, asked for
 * when its bucket has ended. The same question closes the gap after a start and after a lost connection, so nothing is handed out twice or made up.
 */
export const coinbaseStream = (query: StreamQuery, parts: StreamParts): Observable<MarketEvent> =>
  new Observable((subscriber) => new LiveStream(query, parts, subscriber).start())

class LiveStream {
  private readonly series: readonly Series[]
  private readonly smallestMs: number
  private readonly forming = new Map<string, FormingCandle>()
  private readonly quotedMs = new Map<string, number>()
  /** Time of the last event of each instrument: a closed candle comes after prices that are newer than it, and no event is older than the one before. */
  private readonly lastMs = new Map<string, number>()
  /** Number of the last trade of each instrument: a new connection tells the recent ones again. */
  private readonly lastTrade = new Map<string, number>()
  private readonly timers = new Subscription()
  private readonly stop = new AbortController()
  private readonly query: StreamQuery
  private readonly parts: StreamParts
  private readonly subscriber: Subscriber<MarketEvent>

  constructor(query: StreamQuery, parts: StreamParts, subscriber: Subscriber<MarketEvent>) {
    this.query = query
    this.parts = parts
    this.subscriber = subscriber
    this.smallestMs = Math.min(...query.timeframesMs)
    this.series = query.instruments.flatMap((instrument) =>
      query.timeframesMs.map((timeframeMs) => ({
        instrument,
        timeframeMs,
        // Without a moment to go on from, the bucket that is forming now is the first.
        closed: createClosedCandles(instrument, query.afterMs ?? bucketOf(this.venueMs(), timeframeMs)),
        tradedMs: Number.NEGATIVE_INFINITY,
        busy: false,
        due: false,
      })),
    )
    for (const instrument of query.instruments) this.forming.set(instrument, createFormingCandle(this.smallestMs))
  }

  start(): () => void {
    const { instruments } = this.query
    const channels = [
      { name: 'market_trades', products: instruments },
      { name: 'ticker', products: instruments },
    ]
    const socket = connection({ ...this.parts.socket, channels }).subscribe((event) => this.take(event))
    for (const series of this.series) this.waitForEnd(series)
    this.after(COMPARE_EVERY_MS, () => this.compareClocks())
    return () => {
      this.stop.abort(new Error('the stream was closed'))
      socket.unsubscribe()
      this.timers.unsubscribe()
    }
  }

  private venueMs(): EpochMs {
    return (this.parts.clock.nowMs() + this.parts.offsetMs()) as EpochMs
  }

  private link(type: 'ready' | 'gap' | 'down' | 'error' | 'revised', detail: string): void {
    this.subscriber.next({ type: 'link', event: { type, detail }, atMs: this.venueMs() })
  }

  private after(ms: number, action: () => void): void {
    const { clock } = this.parts
    const timer = clock.at((clock.nowMs() + ms) as EpochMs).subscribe(() => {
      this.timers.remove(timer)
      action()
    })
    this.timers.add(timer)
  }

  private candle(instrument: string, timeframeMs: number, candle: Candle, closed: boolean, knownMs: number): void {
    const atMs = Math.max(knownMs, this.lastMs.get(instrument) ?? 0) as EpochMs
    this.lastMs.set(instrument, atMs)
    this.subscriber.next({ type: 'candle', instrument, timeframeMs, candle, closed, atMs })
  }

  private take(event: ConnectionEvent): void {
    switch (event.type) {
      case 'ready':
        this.link('ready', 'Coinbase: trades and quotes arrive')
        // What closed while nobody listened, and the candle that a lost message may have been part of.
        for (const series of this.series) void this.look(series, 1)
        void this.tellClock()
        break
      case 'gap':
      case 'down':
        this.link(event.type, event.detail)
        break
      case 'unreadable':
        this.link('gap', event.detail)
        break
      case 'message':
        if (event.channel === 'market_trades') this.takeTrades(event.events)
        else if (event.channel === 'ticker') this.takeTickers(event.events)
        break
      default:
        event satisfies never
    }
  }

  private takeTrades(events: readonly unknown[]): void {
    for (const event of events) {
      const read = tradesEventSchema.safeParse(event)
      if (!read.success) {
        this.link('gap', `market_trades: ${problemOf(read.error)}`)
        continue
      }
      const trades = read.data.trades.flatMap((row) => {
        const trade = tradeSchema.safeParse(row)
        if (trade.success) return [trade.data]
        this.link('gap', `market_trades: ${problemOf(trade.error)}`)
        return []
      })
      // Newest first in snapshots; numbers grow with time.
      trades.sort((a, b) => a.time - b.time || Number(a.trade_id) - Number(b.trade_id))
      for (const { trade_id, product_id, price, size, time } of trades) {
        const instrument = this.instrumentOf(product_id)
        if (instrument === undefined || !this.isNew(instrument, Number(trade_id))) continue
        this.takeTrade(instrument, price, size, time, read.data.type === 'snapshot')
      }
    }
  }

  /** A trade that was counted already must not be volume again. One without a readable number counts. */
  private isNew(instrument: string, number: number): boolean {
    if (number <= (this.lastTrade.get(instrument) ?? Number.NEGATIVE_INFINITY)) return false
    if (!Number.isNaN(number)) this.lastTrade.set(instrument, number)
    return true
  }

  private takeTrade(instrument: string, price: number, size: number, timeMs: EpochMs, old: boolean): void {
    for (const series of this.series) {
      if (series.instrument === instrument) series.tradedMs = Math.max(series.tradedMs, bucketOf(timeMs, series.timeframeMs))
    }
    const candle = this.forming.get(instrument)!.add({ price, size, timeMs })
    // A snapshot tells of trades that are over; what it says of the bucket at hand is kept for the next trade.
    if (old || candle === undefined) return
    this.candle(instrument, this.smallestMs, candle, false, timeMs)
  }

  private takeTickers(events: readonly unknown[]): void {
    const atMs = this.venueMs()
    for (const event of events) {
      const read = tickerEventSchema.safeParse(event)
      if (!read.success) {
        this.link('gap', `ticker: ${problemOf(read.error)}`)
        continue
      }
      for (const row of read.data.tickers) {
        const ticker = tickerSchema.safeParse(row)
        // A book with one empty side has no quote, which is no fault of the message.
        if (!ticker.success || ticker.data.best_bid > ticker.data.best_ask) continue
        const instrument = this.instrumentOf(ticker.data.product_id)
        if (instrument === undefined || atMs - (this.quotedMs.get(instrument) ?? Number.NEGATIVE_INFINITY) < QUOTE_EVERY_MS) continue
        this.quotedMs.set(instrument, atMs)
        this.lastMs.set(instrument, Math.max(atMs, this.lastMs.get(instrument) ?? 0))
        this.subscriber.next({ type: 'quote', instrument, bid: ticker.data.best_bid, ask: ticker.data.best_ask, atMs })
      }
    }
  }

  /** Market channels answer for a USDC book with its USD name. */
  private instrumentOf(product: string): string | undefined {
    if (this.forming.has(product)) return product
    const alias = product.endsWith('-USD') ? `${product}C` : undefined
    return alias !== undefined && this.forming.has(alias) ? alias : undefined
  }

  private compareClocks(): void {
    this.after(COMPARE_EVERY_MS, () => this.compareClocks())
    void this.tellClock()
  }

  /** Ours minus the venue's: a rule may hold entries back while they differ too much. */
  private async tellClock(): Promise<void> {
    try {
      const skewMs = -(await this.parts.measure())
      if (this.stop.signal.aborted) return
      this.subscriber.next({ type: 'link', event: { type: 'clock', detail: `our clock minus Coinbase's: ${skewMs} ms`, skewMs }, atMs: this.venueMs() })
    } catch (error) {
      if (!this.stop.signal.aborted) this.link('error', `the venue's time: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  private waitForEnd(series: Series): void {
    const venueMs = this.venueMs()
    // From the middle of the grace time on the next end is meant, or a timer that rings a little early would ring twice.
    const endMs = bucketOf(venueMs - GRACE_MS / 2, series.timeframeMs) + series.timeframeMs
    this.after(endMs + GRACE_MS - venueMs, () => {
      this.waitForEnd(series)
      void this.look(series, 1)
    })
  }

  /** Asks for the candles that closed since the last look and hands them out. */
  private async look(series: Series, attempt: number): Promise<void> {
    if (this.stop.signal.aborted) return
    if (series.busy) {
      series.due = true
      return
    }
    series.busy = true
    series.due = false
    let again = false
    try {
      const { instrument, timeframeMs, closed } = series
      // A bucket that ended just now may not be complete at every edge of the venue.
      const toMs = (this.venueMs() - GRACE_MS) as EpochMs
      const { columns, problems } = await this.parts.candles({ instrument, timeframeMs, fromMs: closed.fromMs, toMs }, this.stop.signal)
      if (this.stop.signal.aborted) return
      const { candles, revisions } = closed.take(columns)
      for (const problem of problems) this.link('gap', `candles: ${problem}`)
      for (const revision of revisions) this.link('revised', revision)
      for (const candle of candles) this.candle(instrument, timeframeMs, candle, true, candle.openTime + timeframeMs)
      again = this.isLate(series)
    } catch (error) {
      if (this.stop.signal.aborted) return
      again = true
      this.link('error', `candles of ${series.instrument} ${durationText(series.timeframeMs)}: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      series.busy = false
    }
    if (series.due) void this.look(series, 1)
    else if (again && attempt < LOOKS) this.after(AGAIN_MS, () => void this.look(series, attempt + 1))
  }

  /** True when trades were seen in a bucket that is over, and the venue has no candle of it yet. */
  private isLate({ closed, timeframeMs, tradedMs }: Series): boolean {
    return tradedMs + timeframeMs <= this.venueMs() && tradedMs > closed.lastMs
  }
}
