import type { CandleColumns, CandleQuery, EpochMs, Instrument, MarketEvent, MarketSource } from '@millrace/core'
import { defer, fromEvent, map, merge, of, takeUntil } from 'rxjs'
import { createTtlLruCache } from './cache/ttl-lru-cache.ts'
import type { CacheStats } from './cache/ttl-lru-cache.ts'
import type { BucketStats } from './limits/token-bucket.ts'
import type { CoinbaseMarketOptions } from './market/public-link.ts'
import { coinbaseStream } from './market/coinbase-stream.ts'
import { fetchCandles } from './market/fetch-candles.ts'
import type { CandlePage } from './market/fetch-candles.ts'
import { fetchInstruments } from './market/fetch-instruments.ts'
import type { InstrumentList } from './market/fetch-instruments.ts'
import { publicLink } from './market/public-link.ts'
import type { PublicLink } from './market/public-link.ts'

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
export const coinbaseMarket = (options: CoinbaseMarketOptions = {}): CoinbaseMarket => marketOver(publicLink(options))

/** The market over a link that an exchange may share. */
export function marketOver({ clock, random, silenceMs, rest, bucket, venueClock, stop, trouble, urls, untilMs }: PublicLink): CoinbaseMarket {
  const now = (): number => clock.nowMs()
  const cache = createTtlLruCache<InstrumentList | CandlePage>({ ...CACHE, now })
  const problems = new Set<string>()
  const closed = defer(() => (stop.signal.aborted ? of(undefined) : fromEvent(stop.signal, 'abort')))
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
        socket: { urls: [urls.marketSocket], clock, random, silenceMs, readyMs: 2 * silenceMs },
        candles: page,
        measure: () => venueClock.measure(),
      })
      const news = trouble.pipe(map((event): MarketEvent => ({ type: 'link', event, atMs: clock.nowMs() })))
      const events = merge(live, news).pipe(takeUntil(closed))
      return untilMs === undefined ? events : events.pipe(takeUntil(clock.at((clock.nowMs() + untilMs) as EpochMs)))
    },
    describe: () => ({ text: `Coinbase's public data from ${new URL(urls.rest).host}; no key is used`, notes: [...problems] }),
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
