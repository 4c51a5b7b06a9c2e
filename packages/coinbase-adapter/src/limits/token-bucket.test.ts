import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTokenBucket } from './token-bucket.ts'

const bucketAt = (clock: { nowMs: number }, capacity = 3, perSecond = 10) => createTokenBucket({ capacity, perSecond, now: () => clock.nowMs })

describe('the token bucket', () => {
  it('lets a burst through, then one request for each token that comes back', () => {
    const clock = { nowMs: 5_000 }
    const bucket = bucketAt(clock)
    expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0, 100])
    clock.nowMs += 99
    expect(bucket.take()).toBe(1)
    clock.nowMs += 1
    expect([bucket.take(), bucket.take()]).toEqual([0, 100])
  })

  it('weighs requests, and refuses one that could never pass', () => {
    const clock = { nowMs: 0 }
    const bucket = bucketAt(clock)
    expect([bucket.take(2), bucket.take(2), bucket.take(1)]).toEqual([0, 100, 0])
    for (const weight of [0, -1, 3.5, Number.NaN]) expect(() => bucket.take(weight)).toThrow('expected a weight above 0, at most 3')
  })

  it('stays shut for as long as the venue said, and starts empty after it', () => {
    const clock = { nowMs: 0 }
    const bucket = bucketAt(clock)
    bucket.refused(2_000)
    expect(bucket.take()).toBe(2_000)
    bucket.refused(500)
    clock.nowMs = 1_999
    expect(bucket.take()).toBe(1)
    clock.nowMs = 2_000
    expect(bucket.take()).toBe(100)
    clock.nowMs = 2_100
    expect(bucket.take()).toBe(0)
    expect(bucket.stats()).toMatchObject({ refusals: 2, taken: 1, closedUntilMs: 2_000 })
  })

  it('is never larger than what the venue says is left', () => {
    const clock = { nowMs: 0 }
    const bucket = bucketAt(clock)
    bucket.remaining(1)
    expect([bucket.take(), bucket.take()]).toEqual([0, 100])
    bucket.remaining(50)
    expect(bucket.take()).toBe(100)
  })

  it('counts the calls of the last minute', () => {
    const clock = { nowMs: 0 }
    const bucket = bucketAt(clock, 100, 100)
    for (let i = 0; i < 40; i++) bucket.take()
    clock.nowMs = 30_000
    for (let i = 0; i < 5; i++) bucket.take()
    expect(bucket.stats().lastMinute).toBe(45)
    clock.nowMs = 60_000
    expect(bucket.stats().lastMinute).toBe(5)
    clock.nowMs = 10_000_000
    expect(bucket.stats().lastMinute).toBe(0)
  })

  it('makes no tokens of a clock that goes back', () => {
    const clock = { nowMs: 60_000 }
    const bucket = bucketAt(clock)
    for (let i = 0; i < 3; i++) bucket.take()
    clock.nowMs = 0
    expect(bucket.take()).toBe(100)
    clock.nowMs = 60_100
    expect([bucket.take(), bucket.take()]).toEqual([0, 100])
  })

  it('in any window lets through no more than its capacity and what came back meanwhile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 3 })), { maxLength: 80 }),
        fc.integer({ min: 3, max: 10 }),
        fc.integer({ min: 1, max: 30 }),
        (asks, capacity, perSecond) => {
          const clock = { nowMs: 0 }
          const bucket = bucketAt(clock, capacity, perSecond)
          const passed: { readonly atMs: number; readonly weight: number }[] = []
          for (const [waitMs, weight] of asks) {
            clock.nowMs += waitMs
            const wait = bucket.take(weight)
            if (wait === 0) passed.push({ atMs: clock.nowMs, weight })
            else expect(wait).toBeLessThanOrEqual(Math.ceil((weight * 1000) / perSecond))
          }
          for (let from = 0; from < passed.length; from++) {
            let sum = 0
            for (let to = from; to < passed.length; to++) {
              sum += passed[to]!.weight
              expect(sum).toBeLessThanOrEqual(capacity + ((passed[to]!.atMs - passed[from]!.atMs) * perSecond) / 1000 + 1e-6)
            }
          }
        },
      ),
    )
  })

  it('refuses a budget that is none', () => {
    for (const [capacity, perSecond] of [
      [0, 1],
      [1, 0],
      [Number.NaN, 1],
      [1, Number.POSITIVE_INFINITY],
    ] as const)
      expect(() => createTokenBucket({ capacity, perSecond, now: () => 0 })).toThrow('expected a capacity and a rate above 0')
  })
})
