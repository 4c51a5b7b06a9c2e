import { expect, test } from 'vitest'
import { heapGrowth, runVenueSoak } from './schedules/venue-soak.ts'

const wide = process.env['MILLRACE_WIDE'] === '1'
const MINUTES = wide ? 60 : 6
const READERS = 5

test('[row 57] [fault 6] [INC-40] minutes of the soak: five look-ups of each product every five seconds cost a request in half a minute, and nothing is refused', async () => {
  const { cache, statuses, limits, callsPerMinute, trading, words, connections, decisions } = await runVenueSoak({
    seed: 1,
    minutes: MINUTES,
    readers: READERS,
  })
  expect(words).toEqual([])
  expect([trading, statuses['429'], limits.publicBreaches, limits.privateBreaches, limits.socketBreaches]).toEqual(['active', undefined, 0, 0, 0])
  // 11 products, 12 looks a minute, and the one at the start.
  expect(cache.requests).toBeGreaterThanOrEqual(11 * 12 * MINUTES * READERS)
  expect(cache.hits + cache.coalesced + cache.misses).toBe(cache.requests)
  // At most two requests of a product in a minute, and the list of products.
  expect(cache.misses).toBeLessThanOrEqual((2 * MINUTES + 2) * 11 + 2 * MINUTES + 2)
  expect(cache.hitRate).toBeGreaterThan(0.95)
  expect([limits.mostPublicInASecond <= 10, callsPerMinute.most < 100]).toEqual([true, true])
  expect([connections.opened, connections.closed, decisions > 0]).toEqual([2, 0, true])
})

test('[fault 6] refusals in the middle are waited out: no storm of requests, the budget of the venue holds', async () => {
  const chances = { tooManyRequests: 0.03, tooManyRequestsRetryAfter: 0.03 }
  const { statuses, limits, words, callsPerMinute } = await runVenueSoak({ seed: 2, minutes: MINUTES, readers: READERS, chances })
  expect(words).toEqual([])
  expect(statuses['429']).toBeGreaterThan(0)
  expect([limits.publicBreaches, limits.privateBreaches]).toEqual([0, 0])
  // A refusal costs its repetition, not more.
  expect(callsPerMinute.most).toBeLessThan(110)
})

test('[row 57] a client that asks more than the venue allows is refused, and the soak counts it', async () => {
  const { statuses, limits } = await runVenueSoak({ seed: 3, minutes: 2, readers: 1, budget: { capacity: 50, perSecond: 50 } })
  expect(statuses['429']).toBeGreaterThan(0)
  expect(limits.publicBreaches).toBe(statuses['429'])
  expect(limits.mostPublicInASecond).toBeGreaterThan(10)
})

test('[row 96] [fault 48] a heap that goes up and down is flat, one that climbs is not', () => {
  const hours = Array.from({ length: 25 }, (_, hour) => hour)
  expect(heapGrowth(hours.map((hour) => (hour === 0 ? 30e6 : 44e6 + 3e6 * Math.sin(hour))))).toBeLessThan(2e6)
  expect(heapGrowth(hours.map((hour) => 44e6 + 1e6 * hour))).toBeGreaterThan(15e6)
})
