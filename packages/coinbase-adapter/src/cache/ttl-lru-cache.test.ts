import { describe, expect, it } from 'vitest'
import { createTtlLruCache } from './ttl-lru-cache.ts'
import type { TtlLruCache } from './ttl-lru-cache.ts'

const at = (nowMs: number) => ({ nowMs })

function cacheAt(clock: { nowMs: number }, maxSize = 100): TtlLruCache<number> {
  return createTtlLruCache<number>({ ttlMs: 30_000, maxSize, now: () => clock.nowMs })
}

describe('the market-data cache', () => {
  it('[row 55] answers from memory at 29.999 s and fetches again at 30 s', async () => {
    const clock = at(1_000)
    const cache = cacheAt(clock)
    let fetches = 0
    const fetch = (): Promise<number> => Promise.resolve(++fetches)
    await cache.get('BTC-USD', fetch)
    clock.nowMs = 1_000 + 29_999
    expect(await cache.get('BTC-USD', fetch)).toBe(1)
    clock.nowMs = 1_000 + 30_000
    expect(await cache.get('BTC-USD', fetch)).toBe(2)
    expect(cache.stats()).toEqual({ requests: 3, hits: 1, coalesced: 0, misses: 2, evictions: 0, size: 1, hitRate: 1 / 3 })
  })

  it('counts the age of a value from the moment it arrived', async () => {
    const clock = at(0)
    const cache = cacheAt(clock)
    let answer = (_: number): void => undefined
    const first = cache.get('a', () => new Promise((resolve) => (answer = resolve)))
    clock.nowMs = 20_000
    answer(1)
    await first
    clock.nowMs = 49_999
    expect(await cache.get('a', () => Promise.resolve(2))).toBe(1)
  })

  it('[row 57] makes one call of many requests for the same key at once', async () => {
    const cache = cacheAt(at(0))
    let fetches = 0
    const slow = async (): Promise<number> => {
      await Promise.resolve()
      return ++fetches
    }
    expect(await Promise.all([cache.get('a', slow), cache.get('a', slow), cache.get('a', slow), cache.get('b', slow)])).toEqual([1, 1, 1, 2])
    expect(cache.stats()).toMatchObject({ requests: 4, coalesced: 2, misses: 2, hitRate: 0.5 })
  })

  it('keeps no failure: all who wait get it, the next one tries again', async () => {
    const cache = cacheAt(at(0))
    const failing = (): Promise<number> => Promise.reject(new Error('down'))
    const answers = await Promise.allSettled([cache.get('a', failing), cache.get('a', failing)])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await cache.get('a', () => Promise.resolve(7))).toBe(7)
    expect(cache.stats()).toMatchObject({ size: 1, misses: 2, coalesced: 1 })
  })

  it('forgets what it is told to, also an answer that is still on its way', async () => {
    const cache = cacheAt(at(0))
    let answer = (_: number): void => undefined
    const early = cache.get('a', () => new Promise((resolve) => (answer = resolve)))
    cache.invalidate('a')
    const late = cache.get('a', () => Promise.resolve(2))
    answer(1)
    expect([await early, await late]).toEqual([1, 2])
    expect(await cache.get('a', () => Promise.resolve(3))).toBe(2)
    cache.invalidate()
    expect(await cache.get('a', () => Promise.resolve(3))).toBe(3)
  })

  it('[row 59] counts since the last reset, and keeps its values through it', async () => {
    const cache = cacheAt(at(0))
    await cache.get('a', () => Promise.resolve(1))
    cache.resetStats()
    expect(cache.stats()).toEqual({ requests: 0, hits: 0, coalesced: 0, misses: 0, evictions: 0, size: 1, hitRate: 0 })
    expect(await cache.get('a', () => Promise.resolve(2))).toBe(1)
  })

  it('[row 57] reaches 1 - 1/(6n) of hits when each of n readers looks every five seconds, over 24 virtual hours', async () => {
    const clock = at(0)
    const cache = cacheAt(clock)
    const products = ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'AVNT', 'AERO', 'SUI', 'AVAX', 'TOSHI', 'PENGU']
    const readers = 5
    for (; clock.nowMs < 86_400_000; clock.nowMs += 5_000) {
      for (const product of products) for (let reader = 0; reader < readers; reader++) await cache.get(product, () => Promise.resolve(clock.nowMs))
    }
    const { requests, misses, hitRate } = cache.stats()
    expect([requests, misses]).toEqual([11 * 5 * 17_280, 11 * 2_880])
    expect(hitRate).toBeCloseTo(1 - 1 / (6 * readers), 10)
  })

  it('refuses a time or a size that makes no sense', () => {
    for (const ttlMs of [0, -1, Number.NaN]) expect(() => createTtlLruCache({ ttlMs, maxSize: 1, now: () => 0 })).toThrow('ttlMs: expected')
    for (const maxSize of [0, 1.5, Number.NaN]) expect(() => createTtlLruCache({ ttlMs: 1, maxSize, now: () => 0 })).toThrow('maxSize: expected')
  })
})
