import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTtlLruCache } from './ttl-lru-cache.ts'

interface Entry {
  readonly key: string
  readonly value: number
  readonly atMs: number
}

/** A cache so slow that it is obviously right: a list, the most recently used entry last. */
class ReferenceLru {
  private entries: Entry[] = []
  evictions = 0
  private readonly ttlMs: number
  private readonly maxSize: number

  constructor(ttlMs: number, maxSize: number) {
    this.ttlMs = ttlMs
    this.maxSize = maxSize
  }

  get(key: string, nowMs: number, fetched: number): number {
    const found = this.entries.find((entry) => entry.key === key)
    const rest = this.entries.filter((entry) => entry.key !== key)
    const fresh = found !== undefined && nowMs - found.atMs < this.ttlMs
    const entry = fresh ? found : { key, value: fetched, atMs: nowMs }
    this.entries = [...rest, entry]
    if (this.entries.length > this.maxSize) {
      this.entries.shift()
      this.evictions++
    }
    return entry.value
  }

  drop(key: string | undefined): void {
    this.entries = key === undefined ? [] : this.entries.filter((entry) => entry.key !== key)
  }

  get size(): number {
    return this.entries.length
  }
}

const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('get' as const), key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), waitMs: fc.nat(50) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), key: fc.constantFrom('a', 'b', undefined), waitMs: fc.nat(50) }) },
  ),
  { maxLength: 120 },
)

it('[row 56] the cache evicts and expires as a reference does', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 120 }), async (sequence, maxSize, ttlMs) => {
      let nowMs = 0
      let fetched = 0
      const cache = createTtlLruCache<number>({ ttlMs, maxSize, now: () => nowMs })
      const reference = new ReferenceLru(ttlMs, maxSize)
      for (const { kind, key, waitMs } of sequence) {
        nowMs += waitMs
        fetched++
        const value = fetched
        if (kind === 'drop') {
          cache.invalidate(key)
          reference.drop(key)
        } else expect(await cache.get(key, () => Promise.resolve(value))).toBe(reference.get(key, nowMs, value))
        expect([cache.stats().size, cache.stats().evictions]).toEqual([reference.size, reference.evictions])
      }
      const { requests, hits, misses } = cache.stats()
      expect(hits + misses).toBe(requests)
    }),
  )
})
