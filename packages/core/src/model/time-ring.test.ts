import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TIME_RING_SIZE, TimeRing } from './time-ring.ts'

describe('TimeRing', () => {
  it('answers as a plain list of the last moments does, before and after it is full, and after a restore', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 40 }), fc.boolean(), fc.nat(900), fc.integer({ min: 0, max: 12 }), (steps, full, after, n) => {
        const all = [...(full ? Array.from({ length: TIME_RING_SIZE - 5 }, (_, i) => i) : []), ...steps.map((_, i) => TIME_RING_SIZE + i * steps[i]!)]
        const ring = new TimeRing()
        const list: number[] = []
        for (const ms of all) {
          ring.push(ms)
          list.push(Math.max(ms, list.at(-1) ?? Number.NEGATIVE_INFINITY))
        }
        const kept = list.slice(-TIME_RING_SIZE)
        const restored = new TimeRing()
        restored.restore(JSON.parse(JSON.stringify(ring.snapshot())) as number[])
        for (const one of [ring, restored]) {
          expect(one.snapshot()).toEqual(kept)
          expect(one.countAfter(after)).toBe(kept.filter((ms) => ms > after).length)
          expect(one.nthNewest(n)).toBe(n === 0 ? Number.NEGATIVE_INFINITY : (kept.at(-n) ?? Number.NEGATIVE_INFINITY))
        }
      }),
    )
  })
  it('forgets all when it is cleared', () => {
    const ring = new TimeRing()
    ring.push(1)
    ring.clear()
    expect([ring.countAfter(0), ring.nthNewest(1), ring.snapshot()]).toEqual([0, Number.NEGATIVE_INFINITY, []])
  })
})
