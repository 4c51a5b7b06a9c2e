import { describe, expect, it } from 'vitest'
import { bars, lastOf, reading, sayings } from './bars.fixture.ts'
import { trendFollowing } from './trend-following.ts'

const small = { fast: 2, slow: 3, atr: 2 }

describe('trend-following', () => {
  it('agrees with a calculation by hand', () => {
    // EMA(2) and EMA(3) of 10, 11, 12, 14, each seeded with the mean of its first inputs; true ranges 0, 1, 1, 2 (the first has no close before it), smoothed by Wilder over 2.
    const fast = 10.5 + (2 / 3) * (12 - 10.5)
    const fastNow = fast + (2 / 3) * (14 - fast)
    const slowNow = 11 + (14 - 11) / 2
    const rangeNow = (((0 + 1) / 2 + 1) / 2 + 2) / 2
    const gap = (fastNow - slowNow) / rangeNow
    const said = lastOf(trendFollowing({ ...small, filter: 0 }), bars([10, 11, 12, 14]))
    expect(reading(said, 'trend')).toBeCloseTo(gap, 12)
    expect(said.score).toBeCloseTo(Math.tanh(gap), 12)
  })

  it('says nothing within the filter, and speaks exactly at it', () => {
    const candles = bars([10, 11, 12, 14])
    const gap = reading(lastOf(trendFollowing({ ...small, filter: 0 }), candles), 'trend')
    expect(gap).toBeGreaterThan(0)
    expect(lastOf(trendFollowing({ ...small, filter: gap }), candles).score).toBeCloseTo(Math.tanh(gap), 12)
    expect(lastOf(trendFollowing({ ...small, filter: gap + 1e-9 }), candles).score).toBe(0)
  })

  it('buys a rise, sells a fall, and keeps still on flat prices, also after a rise that is long over', () => {
    const rise = Array.from({ length: 100 }, (_, i) => 100 * 1.002 ** i)
    expect(lastOf(trendFollowing(), bars(rise)).score).toBeGreaterThan(0.9)
    expect(lastOf(trendFollowing(), bars([...rise].reverse())).score).toBeLessThan(-0.9)
    for (const { score } of sayings(trendFollowing(), bars(Array.from({ length: 100 }, () => 0.1 + 0.2)))) expect(score).toBe(0)
    const standing = [...rise, ...Array.from({ length: 1_000 }, () => rise.at(-1)!)]
    expect(lastOf(trendFollowing(), bars(standing)).score).toBe(0)
  })

  it('describes its reading in words', () => {
    const { describe: words } = trendFollowing().create()
    expect(words('trend', { score: 0, reading: -1.234 })).toBe('fast average 1.23 true ranges below the slow one')
    expect(words('trend', { score: 0, reading: 0.5 })).toBe('fast average 0.50 true ranges above the slow one')
  })

  it.each([
    ['averages in the wrong order', { fast: 50, slow: 50 }, /above fast/],
    ['a negative filter', { filter: -1 }, /filter/],
    ['an average of one candle', { fast: 1 }, /fast/],
    ['an unknown key', { atrPeriod: 14 }, /atrPeriod/],
  ])('refuses %s', (_name, params, message) => {
    expect(() => trendFollowing(params as never)).toThrow(message)
  })
})
