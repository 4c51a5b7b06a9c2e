import { describe, expect, it } from 'vitest'
import { money } from '../../model/money.ts'
import { DAY_MS, HOUR_MS, type EpochMs } from '../../model/time.ts'
import { EquityCurve, FULL_DAYS } from './equity-curve.ts'

function curveOf(...points: readonly (readonly [atMs: number, equity: number, paidIn: number])[]): EquityCurve {
  const curve = new EquityCurve()
  for (const [atMs, equity, paidIn] of points) curve.add({ atMs: atMs as EpochMs, equity: money(equity), paidIn: money(paidIn) })
  return curve
}

describe('the equity curve', () => {
  it('begins at growth 1 and grows by what the market did', () => {
    expect(curveOf([0, 1000, 1000], [1, 1050, 1000]).list()).toEqual([
      { atMs: 0, equity: '1000', paidIn: '1000', gain: '0', growth: 1 },
      { atMs: 1, equity: '1050', paidIn: '1000', gain: '50', growth: 1.05 },
    ])
  })

  it('leaves deposits and withdrawals out of the growth [INC-30]', () => {
    const deposited = curveOf([0, 1000, 1000], [1, 1100, 1000], [2, 6600, 6000])
    // 10 % on 1000, then 1100 and 5000 more became 6600: 8.19 %.
    expect(deposited.last!.growth).toBeCloseTo(1.1 * (6600 / 6100), 12)
    expect(deposited.last!.gain).toBe('600')
    expect(curveOf([0, 1000, 1000], [1, 500, 500]).last).toMatchObject({ gain: '0', growth: 1 })
  })

  it('has no return without capital', () => {
    expect(curveOf([0, 0, 0], [1, 100, 0]).last).toMatchObject({ gain: '100', growth: 1 })
    expect(curveOf([0, 100, 100], [1, 5, 0]).last).toMatchObject({ gain: '5', growth: 1 })
  })

  it('replaces a point of the same moment', () => {
    const curve = curveOf([0, 1000, 1000], [5, 1010, 1000], [5, 1020, 1000])
    expect(curve.list().map(({ equity, growth }) => [equity, growth])).toEqual([
      ['1000', 1],
      ['1020', 1.02],
    ])
  })

  it('keeps every point of the last days, and of older days the first one', () => {
    const curve = new EquityCurve()
    const dropped: number[] = []
    const hours = (FULL_DAYS + 3) * 24
    for (let hour = 0; hour < hours; hour++) dropped.push(...curve.add({ atMs: (hour * HOUR_MS) as EpochMs, equity: money(1000), paidIn: money(1000) }))
    const kept = curve.list().map(({ atMs }) => atMs)
    const firstFull = (FULL_DAYS + 2 - FULL_DAYS) * DAY_MS
    expect(kept.filter((atMs) => atMs < firstFull)).toEqual([0, 24 * HOUR_MS])
    expect(kept.filter((atMs) => atMs >= firstFull)).toHaveLength((FULL_DAYS + 1) * 24)
    expect([...kept, ...dropped].sort((a, b) => a - b)).toEqual(Array.from({ length: hours }, (_, hour) => hour * HOUR_MS))
  })
})
