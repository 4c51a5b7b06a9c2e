import fc from 'fast-check'
import { expect, test } from 'vitest'
import { money } from '../../model/money.ts'
import { DAY_MS, HOUR_MS, utcDayStart, type EpochMs } from '../../model/time.ts'
import { EquityCurve, FULL_DAYS } from './equity-curve.ts'

test('thinned out day by day, it keeps what looking at all of it would keep, and tells what it dropped', () => {
  const gaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 24 * 50 })), { maxLength: 120 })
  fc.assert(
    fc.property(gaps, fc.nat(120), (hours, replacedAt) => {
      let curve = new EquityCurve()
      let all: number[] = []
      let atMs = 0
      hours.forEach((gap, i) => {
        atMs += gap * HOUR_MS
        const last = all.at(-1)
        if (last !== atMs) all.push(atMs)
        const before = all
        if (last !== undefined && utcDayStart(atMs) > utcDayStart(last)) {
          const limit = utcDayStart(atMs) - FULL_DAYS * DAY_MS
          all = all.filter((ms, k) => ms >= limit || k === 0 || utcDayStart(before[k - 1]!) < utcDayStart(ms))
        }
        expect(curve.add({ atMs: atMs as EpochMs, equity: money(100 + i), paidIn: money(100) })).toEqual(before.filter((ms) => !all.includes(ms)))
        expect(curve.list().map((point) => point.atMs)).toEqual(all)
        if (i !== replacedAt) return
        const restored = new EquityCurve()
        restored.replace(curve.raw())
        curve = restored
      })
    }),
  )
})
