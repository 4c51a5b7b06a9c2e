/** What a cache has done since it was made or reset. */
export interface CacheStats {
  readonly requests: number
  readonly hits: number
  /** Requests that waited for a fetch that was already under way: neither hits nor fetches. */
  readonly coalesced: number
  readonly misses: number
  readonly evictions: number
  readonly size: number
  /** (hits + coalesced) / requests, 0..1; 0 before the first request. */
  readonly hitRate: number
}

/** A bounded cache whose values grow old; made by `createTtlLruCache`. */
export interface TtlLruCache<T> {
  /**
   * Returns what is kept for a key while it is younger than the time to live, else what `fetch` gives. Requests that come while a
   * fetch is under way share it. A fetch that fails is not kept: every waiting request gets its error, the next one tries again.
   */
  get(key: string, fetch: () => Promise<T>): Promise<T>
  /** Forgets one key; everything without a key. A fetch under way still answers those who wait for it, and is not kept. */
  invalidate(key?: string): void
  stats(): CacheStats
  /** Sets the counters back; what is kept stays. */
  resetStats(): void
}

/** How long values live, how many are kept, and the clock they age by. */
export interface TtlLruCacheOptions {
  /** Age in ms from which a value is fetched again. */
  readonly ttlMs: number
  /** Keys kept; beyond it the least recently used one goes. */
  readonly maxSize: number
  /** The time now in ms. */
  readonly now: () => number
}

interface Kept<T> {
  readonly value: T
  readonly fetchedAtMs: number
}

/**
 * Returns a cache with a time to live, least-recently-used eviction and one fetch at a time for a key.
 *
 * @throws RangeError when the time to live is not above 0 or the size not a whole number above 0
 * @example
 * ```ts
 * let now = 0
 * const cache = createTtlLruCache<string>({ ttlMs: 30_000, maxSize: 100, now: () => now })
 * await cache.get('BTC-USD', async () => 'first')
 * now = 29_999
 * await cache.get('BTC-USD', async () => 'second') // => 'first'
 * now = 30_000
 * await cache.get('BTC-USD', async () => 'second') // => 'second'
 * ```
 */
export function createTtlLruCache<T>({ ttlMs, maxSize, now }: TtlLruCacheOptions): TtlLruCache<T> {
  if (!(ttlMs > 0)) throw new RangeError(`ttlMs: expected a time above 0, received ${ttlMs}`)
  if (!Number.isSafeInteger(maxSize) || maxSize < 1) throw new RangeError(`maxSize: expected a whole number from 1, received ${maxSize}`)
  // A Map keeps insertion order: the first key is the least recently used, because every use moves its key to the end.
  const kept = new Map<string, Kept<T>>()
  const underWay = new Map<string, Promise<T>>()
  let counts = { requests: 0, hits: 0, coalesced: 0, misses: 0, evictions: 0 }

  function fresh(key: string): Kept<T> | undefined {
    const entry = kept.get(key)
    return entry !== undefined && now() - entry.fetchedAtMs < ttlMs ? entry : undefined
  }

  function keep(key: string, value: T): void {
    kept.delete(key)
    kept.set(key, { value, fetchedAtMs: now() })
    if (kept.size <= maxSize) return
    const { value: oldest } = kept.keys().next()
    kept.delete(oldest!)
    counts.evictions++
  }

  async function fetchOnce(key: string, fetch: () => Promise<T>): Promise<T> {
    const promise = fetch()
    underWay.set(key, promise)
    try {
      const value = await promise
      // Invalidated meanwhile: who asked before may have the old answer, nobody after.
      if (underWay.get(key) === promise) keep(key, value)
      return value
    } finally {
      if (underWay.get(key) === promise) underWay.delete(key)
    }
  }

  return {
    async get(key, fetch) {
      counts.requests++
      const entry = fresh(key)
      if (entry !== undefined) {
        counts.hits++
        kept.delete(key)
        kept.set(key, entry)
        return entry.value
      }
      const waiting = underWay.get(key)
      if (waiting !== undefined) {
        counts.coalesced++
        return waiting
      }
      counts.misses++
      return fetchOnce(key, fetch)
    },
    invalidate(key) {
      if (key === undefined) {
        kept.clear()
        underWay.clear()
      } else {
        kept.delete(key)
        underWay.delete(key)
      }
    },
    stats: () => ({ ...counts, size: kept.size, hitRate: counts.requests === 0 ? 0 : (counts.hits + counts.coalesced) / counts.requests }),
    resetStats() {
      counts = { requests: 0, hits: 0, coalesced: 0, misses: 0, evictions: 0 }
    },
  }
}
