import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../model/errors.ts'
import { temperatureOf } from '../model/temperature.ts'
import { testView } from '../safety/view.fixture.ts'
import { fixedSize } from './fixed-size.ts'
import { percentOfEquity } from './percent-of-equity.ts'
import { sizingConstants, temperatureSizing } from './temperature-sizing.ts'

const viewOf = (score: number, lots: number) => testView({ score, temperature: temperatureOf(score), position: { open: lots > 0, lots } })

describe('fixedSize', () => {
  it('is the same whatever the score', () => {
    expect([0.1, 0.9].map((score) => fixedSize('12.50').size(score, viewOf(score, 2)))).toEqual([12.5, 12.5])
  })
})

describe('percentOfEquity', () => {
  it('follows equity', () => {
    expect([1_000, 500].map((equity) => percentOfEquity(2).size(0.2, testView({ portfolio: { equity } })))).toEqual([20, 10])
  })
})

describe('temperatureSizing', () => {
  const sizer = temperatureSizing({ base: 10, min: 5, max: 25 })
  const size = (score: number, lots: number, of = sizer) => of.size(score, viewOf(score, lots))

  it('is base x temperature x (0.8 + 0.4 |score|) x progression', () => {
    expect(size(0.3, 0)).toBeCloseTo(10 * 1.8 * 0.92 * 0.7, 12)
    expect(size(0.15, 0)).toBeCloseTo(10 * 1.3 * 0.86 * 0.7, 12)
    expect(size(0.05, 0)).toBeCloseTo(10 * 1 * 0.82 * 0.7, 12)
    expect([1, 2].map((lots) => size(0.2, lots))).toEqual([10 * 1.3 * (0.8 + 0.4 * 0.2), 10 * 1.3 * (0.8 + 0.4 * 0.2)])
    expect(size(0.2, 3)).toBeCloseTo(10 * 1.3 * 0.88 * 1.2, 12)
    expect(size(0.2, 7)).toBe(size(0.2, 3))
  })
  it('sizes by strength, not by direction', () => {
    expect(size(-0.3, 0)).toBe(size(0.3, 0))
  })
  it('reproduces the measured sizes of the original: base x 0.464 hot and 0.298 warm at a first tranche of 0.4', () => {
    const { temperature, signal, progression } = sizingConstants
    const first = (score: number, t: number) => 0.4 * temperature[t]! * (signal.base + signal.perScore * score) * progression.first
    expect(25 * first(0.3, 3)).toBeCloseTo(11.59, 2)
    expect(25 * first(0.05, 2)).toBeCloseTo(7.46, 2)
  })
  it('caps at max, and lifts to min only when told to', () => {
    expect(size(1, 5)).toBe(25)
    expect(size(0.04, 0)).toBeLessThan(5)
    expect(size(0.04, 0, temperatureSizing({ base: 10, min: 5, max: 25, lift: true }))).toBe(5)
  })
  it('with lift always lies inside its bounds, and without never above max', () => {
    const quote = fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100)
    fc.assert(
      fc.property(quote, quote, quote, fc.double({ min: -1, max: 1, noNaN: true }), fc.nat(6), fc.boolean(), (base, a, b, score, lots, lift) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)]
        const amount = size(score, lots, temperatureSizing({ base, min, max, lift }))
        expect(amount).toBeLessThanOrEqual(max)
        expect(amount).toBeGreaterThan(0)
        if (lift) expect(amount).toBeGreaterThanOrEqual(min)
      }),
    )
  })
})

describe('bad sizes', () => {
  it.each<[string, () => unknown]>([
    ['nothing', () => fixedSize(0)],
    ['NaN', () => fixedSize(Number.NaN)],
    ['an exponent', () => fixedSize('1e2')],
    ['more than everything', () => percentOfEquity(101)],
    ['a minimum above the maximum', () => temperatureSizing({ base: 10, min: 30, max: 25 })],
    ['an unknown option', () => temperatureSizing({ base: 10, min: 5, max: 25, lifted: true } as never)],
  ])('%s is refused', (_name, make) => {
    expect(make).toThrow(ConfigError)
  })
})
