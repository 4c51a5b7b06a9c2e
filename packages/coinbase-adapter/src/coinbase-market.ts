import type { CandleColumns, CandleQuery, Clock, Duration, EpochMs, Instrument, MarketEvent, MarketSource } from '@millrace/core'
import { durationMs, systemClock } from '@millrace/core'
import { Subject, merge, takeUntil } from 'rxjs'
import { createTtlLruCache } from './cache/ttl-lru-cache.ts'
import type { CacheStats } from './cache/ttl-lru-cache.ts'
import { createTokenBucket } from './limits/token-bucket.ts'
import type { BucketStats } from './limits/token-bucket.ts'
import { coinbaseStream } from './market/coinbase-stream.ts'
import { fetchCandles } from './market/fetch-candles.ts'
import type { CandlePage } from './market/fetch-candles.ts'
import { fetchInstruments } from './market/fetch-instruments.ts'
import type { InstrumentList } from './market/fetch-instruments.ts'
import { createVenueClock } from './market/server-time.ts'
import { createRestClient } from './rest/rest-client.ts'

/** Where Coinbase is and how patient the connection is; every part has a default. */
export interface CoinbaseMarketOptions {
  /** `https://api.coinbase.com` by default; http is taken for this machine only. */
  readonly baseUrl?: string
  /** The public WebSocket by default. */
  readonly socketUrl?: string
  readonly clock?: Clock
  readonly fetch?: typeof fetch
  /** 0 <= r < 1, for pauses between tries; `Math.random` by default. */
  readonly random?: () => number
  /** Longest wait for one answer in ms; 10,000 by default. */
  readonly timeoutMs?: number
  /** Silence of the WebSocket in ms after which it counts as dead; 5,000 by default: the venue sends a heartbeat every second. */
  readonly silenceMs?: number
  /** The stream ends after this much time, as in `'24h'`; without it, never. */
  readonly until?: Duration
}

/** What the connection has done so far. */
export interface CoinbaseMarketStats {
  readonly cache: CacheStats
  readonly requests: BucketStats
  /** The venue's clock minus ours in ms; undefined before it was asked. */
  readonly clockOffsetMs: number | undefined
}

/** A market source that also tells what its connection has done. */
export interface CoinbaseMarket extends MarketSource {
  stats(): CoinbaseMarketStats
  /** Forgets what is kept of answers, and sets the cache's counters back. */
  resetCache(): void
}

/** Half of what the venue is said to allow to one address. */
const PUBLIC_BUDGET = { capacity: 5, perSecond: 5 }
const CACHE = { ttlMs: 30_000, maxSize: 100 }
/** The public twins of the product endpoints: no key is needed, and answers are at most a second old. */
const PRODUCTS = '/market/products'

/**
 * Returns Coinbase's public market data: instruments, candles, and a live stream of quotes and candles. It needs no key and sends none.
 *
 * Reads go through a cache of 30 s and a budget of requests; closed candles are the venue's own, never rebuilt from trades.
 *
 * @throws RangeError when the base URL is neither https nor on this machine, or `until` is no duration
 * @example
 * ```ts
 * const market = coinbaseMarket()
 * market.describe().text // => "Coinbase's public data from api.coinbase.com; no key is used"
 * await market.close()
 * ```
 */
export function coinbaseMarket(options: CoinbaseMarketOptions = {}): CoinbaseMarket {
  const {
    baseUrl = 'https://api.coinbase.com',
    socketUrl = 'wss://advanced-trade-ws.coinbase.com',
    clock = systemClock(),
    random = Math.random,
    timeoutMs = 10_000,
    silenceMs = 5_000,
  } = options
  const untilMs = options.until === undefined ? undefined : durationMs(options.until)
  const now = (): number => clock.nowMs()
  const bucket = createTokenBucket({ ...PUBLIC_BUDGET, now })
  const stop = new AbortController()
  const http = { clock, fetch: options.fetch ?? fetch, timeoutMs, maxBody: 64 * 1024 * 1024 }
  const trouble = new Subject<MarketEvent>()
  const onRefused = (waitMs: number): void => {
    const detail = `Coinbase asks for fewer requests: none for ${waitMs} ms`
    trouble.next({ type: 'link', event: { type: 'rateLimited', detail }, atMs: clock.nowMs() })
  }
  const rest = createRestClient({ baseUrl, http, bucket, offsetMs: () => 0, random, onRefused })
  const cache = createTtlLruCache<InstrumentList | CandlePage>({ ...CACHE, now })
  const venueClock = createVenueClock(rest, clock, stop.signal)
  const problems = new Set<string>()
  async function page(query: CandleQuery, signal: AbortSignal): Promise<CandlePage> {
    const venueMs = clock.nowMs() + (await venueClock.known())
    return fetchCandles(rest, PRODUCTS, query, venueMs, signal)
  }

  function note(found: readonly string[]): void {
    for (const problem of found) if (problems.size < 20) problems.add(problem)
  }

  return {
    id: 'coinbase',
    timeline: 'wall',
    async instruments(): Promise<readonly Instrument[]> {
      const list = (await cache.get('products', () => fetchInstruments(rest, PRODUCTS, clock.nowMs(), stop.signal))) as InstrumentList
      note(list.problems)
      return list.instruments
    },
    async candles(query): Promise<CandleColumns> {
      const key = `${query.instrument}:${query.timeframeMs}:${query.fromMs}:${query.toMs}`
      const { columns, problems: found } = (await cache.get(key, () => page(query, stop.signal))) as CandlePage
      note(found)
      return columns
    },
    stream(query) {
      const live = coinbaseStream(query, {
        clock,
        offsetMs: () => venueClock.offsetMs ?? 0,
        socket: { urls: [socketUrl], clock, random, silenceMs, readyMs: 2 * silenceMs },
        candles: page,
        measure: () => venueClock.measure(),
      })
      const events = merge(live, trouble)
      return untilMs === undefined ? events : events.pipe(takeUntil(clock.at((clock.nowMs() + untilMs) as EpochMs)))
    },
    describe: () => ({ text: `Coinbase's public data from ${new URL(baseUrl).host}; no key is used`, notes: [...problems] }),
    resetCache() {
      cache.invalidate()
      cache.resetStats()
    },
    stats: () => ({ cache: cache.stats(), requests: bucket.stats(), clockOffsetMs: venueClock.offsetMs }),
    close() {
      stop.abort(new Error('the market was closed'))
      return Promise.resolve()
    },
  }
}
