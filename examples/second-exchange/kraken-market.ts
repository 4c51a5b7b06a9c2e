// A second exchange in a hundred and fifty lines: Kraken's public candles as a market source, without a key. It passes `liveMarketContract` over a fake venue.
// Facts: https://docs.kraken.com/api-reference/market-data/get-ohlc-data and …/get-tradable-asset-pairs
import { candleColumns, money } from '@millrace/core'
import type { Candle, CandleColumns, CandleQuery, Clock, EpochMs, Instrument, MarketEvent, MarketSource, StreamQuery } from '@millrace/core'
import { Observable, Subject } from 'rxjs'
import { z } from 'zod'

export interface KrakenMarketOptions {
  readonly clock: Clock
  /** Brought by tests; the platform's when left out. */
  readonly fetch?: typeof fetch
  readonly baseUrl?: string
  /** How long to wait between two looks at the venue; 15 s when left out. */
  readonly pollMs?: number
}

const decimal = z.string().regex(/^\d+(\.\d+)?$/)
const row = z.tuple([z.int(), decimal, decimal, decimal, decimal, decimal, decimal, z.int()])
const answerOf = <T extends z.ZodType>(result: T) => z.object({ error: z.array(z.string()), result: result.optional() })
const pairs = answerOf(
  z.record(
    z.string(),
    z.object({
      altname: z.string(),
      wsname: z.string().optional(),
      tick_size: decimal,
      lot_decimals: z.int(),
      ordermin: decimal,
      costmin: decimal.optional(),
      status: z.string(),
    }),
  ),
)
const candleRows = answerOf(z.record(z.string(), z.union([z.array(row), z.int()])))

/** Kraken's own names for two currencies. */
const ours: Readonly<Record<string, string>> = { XBT: 'BTC', XDG: 'DOGE' }
const theirs: Readonly<Record<string, string>> = { BTC: 'XBT', DOGE: 'XDG' }
const intervals = new Set([1, 5, 15, 30, 60, 240, 1_440])

/** Returns Kraken's public market data: instruments, the last 720 candles of each length, and closed candles as they come. */
export function krakenMarket({ clock, fetch: ask = fetch, baseUrl = 'https://api.kraken.com', pollMs = 15_000 }: KrakenMarketOptions): MarketSource {
  const stop = new AbortController()
  const closed = new Subject<void>()

  async function get<T extends z.ZodType>(path: string, schema: T): Promise<NonNullable<z.output<ReturnType<typeof answerOf<T>>>['result']>> {
    const reply = await ask(`${baseUrl}/0/public/${path}`, { signal: AbortSignal.any([stop.signal, AbortSignal.timeout(10_000)]) })
    if (!reply.ok) throw new Error(`Kraken answered ${reply.status} to ${path}`)
    const { error, result } = answerOf(schema).parse(await reply.json())
    if (error.length > 0 || result === undefined) throw new Error(`Kraken refused ${path}: ${error.join(', ')}`)
    return result as NonNullable<typeof result>
  }

  async function instruments(): Promise<readonly Instrument[]> {
    const listed = Object.values(await get('AssetPairs', pairs.shape.result.unwrap()))
    return listed.flatMap(({ wsname, tick_size, lot_decimals, ordermin, costmin = '0', status }): Instrument[] => {
      const [base, quote] = (wsname ?? '').split('/').map((name) => ours[name] ?? name)
      if (!base || !quote) return [] // filtered, not guessed
      const baseIncrement = money(lot_decimals === 0 ? 1 : `0.${'1'.padStart(lot_decimals, '0')}`)
      return [
        {
          ...{ id: `${base}-${quote}`, base, quote, priceIncrement: money(tick_size), baseIncrement, quoteIncrement: money('0.01') },
          ...{ minBase: money(ordermin), minQuote: money(costmin), maxBase: money('1000000000'), asOfMs: clock.nowMs() },
          state: status === 'online' ? 'online' : status === 'cancel_only' ? 'cancelOnly' : status === 'post_only' ? 'postOnly' : 'halted',
        },
      ]
    })
  }

  /** The venue's last entry still forms: every other one is over. */
  async function closedCandles(instrument: string, timeframeMs: number, sinceMs: number): Promise<readonly Candle[]> {
    const minutes = timeframeMs / 60_000
    if (!intervals.has(minutes)) throw new RangeError(`expected candles of ${[...intervals].join(', ')} minutes, received ${minutes}`)
    const pair = instrument.split('-').map((name) => theirs[name] ?? name)
    const result = await get(`OHLC?pair=${pair.join('')}&interval=${minutes}&since=${Math.floor(sinceMs / 1_000) - 1}`, candleRows.shape.result.unwrap())
    const rows = Object.values(result).find((each) => Array.isArray(each)) ?? []
    return rows.slice(0, -1).map(([seconds, open, high, low, close, , volume]) => ({
      openTime: (seconds * 1_000) as EpochMs,
      ...{ open: Number(open), high: Number(high), low: Number(low), close: Number(close), volume: Number(volume) },
    }))
  }

  async function candles({ instrument, timeframeMs, fromMs, toMs }: CandleQuery): Promise<CandleColumns> {
    const found = await closedCandles(instrument, timeframeMs, fromMs)
    return candleColumns(found.filter(({ openTime }) => openTime >= fromMs && openTime + timeframeMs <= toMs))
  }

  const stream = ({ instruments: ids, timeframesMs, afterMs = clock.nowMs() }: StreamQuery): Observable<MarketEvent> =>
    new Observable((subscriber) => {
      if (stop.signal.aborted) return subscriber.complete()
      // The start of the first candle that was not given out yet, by instrument and length: what was missed is asked for again.
      const series = ids.flatMap((instrument) =>
        timeframesMs.map((timeframeMs) => ({ instrument, timeframeMs, fromMs: Math.ceil(afterMs / timeframeMs) * timeframeMs })),
      )
      let troubled = true
      async function look(): Promise<void> {
        try {
          for (const each of series) {
            const { instrument, timeframeMs } = each
            for (const candle of await closedCandles(instrument, timeframeMs, each.fromMs)) {
              if (candle.openTime < each.fromMs || subscriber.closed) continue
              each.fromMs = candle.openTime + timeframeMs
              subscriber.next({ type: 'candle', instrument, timeframeMs, candle, closed: true, atMs: each.fromMs as EpochMs })
            }
          }
          if (troubled) subscriber.next({ type: 'link', event: { type: 'ready', detail: 'Kraken answers' }, atMs: clock.nowMs() })
          troubled = false
        } catch (error) {
          troubled = true
          if (!stop.signal.aborted) subscriber.next({ type: 'link', event: { type: 'error', detail: String(error) }, atMs: clock.nowMs() })
        }
        if (!subscriber.closed) timer = clock.at((clock.nowMs() + pollMs) as EpochMs).subscribe(() => void look())
      }
      let timer = clock.at(clock.nowMs()).subscribe(() => void look())
      const ending = closed.subscribe(() => subscriber.complete())
      return () => {
        timer.unsubscribe()
        ending.unsubscribe()
      }
    })

  return {
    ...{ id: 'kraken', timeline: 'wall', instruments, candles, stream },
    describe: () => ({ text: `Kraken's public candles from ${new URL(baseUrl).host}, looked at every ${pollMs / 1_000} s; no key is used`, notes: [] }),
    async close() {
      stop.abort(new Error('the market was closed'))
      closed.next()
    },
  }
}
