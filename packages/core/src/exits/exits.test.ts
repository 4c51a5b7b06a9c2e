import { describe, expect, it } from 'vitest'
import type { ExitRule } from '../contracts/exit-rule.ts'
import { ConfigError } from '../model/errors.ts'
import { testView } from '../safety/view.fixture.ts'
import { stopLoss } from './stop-loss.ts'
import { takeProfit } from './take-profit.ts'

const viewAt = (price: number, averageEntry = 100) =>
  testView({ position: { open: true, lots: 1, quantity: 1, averageEntry, cost: averageEntry }, market: { price } })
const fraction = (rule: ExitRule, price: number, averageEntry = 100): number => {
  const view = viewAt(price, averageEntry)
  return rule.check(view.position, view)
}
const trigger = (rule: ExitRule, averageEntry: number): number => {
  const view = viewAt(1, averageEntry)
  return rule.trigger!(view.position, view)
}

/** Price of the sale of one unit bought at the first price: where the rule fires, else at the end. */
const soldAt = (rule: ExitRule, prices: readonly number[]): number => prices.find((price) => fraction(rule, price, prices[0]) > 0) ?? prices.at(-1)!

describe('stopLoss', () => {
  const rule = stopLoss(0.05)
  it('saves money in a fall that goes on', () => {
    const fall = [100, 98, 96, 94.9, 90, 84, 80]
    expect(soldAt(rule, fall)).toBe(94.9)
    expect(soldAt(rule, fall)).toBeGreaterThan(fall.at(-1)!)
  })
  it('stays quiet while the price is above its level', () => {
    expect(soldAt(rule, [100, 97, 95.01, 99, 104])).toBe(104)
  })
  it.each([100, 0.0007, 90_000, 0.3, 51.2])('fires at exactly its level and not a hair above it, at an entry of %d', (entry) => {
    expect(fraction(rule, entry * 0.95, entry)).toBe(1)
    expect(fraction(rule, entry * 0.95 * (1 + 1e-9), entry)).toBe(0)
    expect(trigger(rule, entry)).toBe(entry * 0.95)
  })
  it('measures from the average entry, whatever the last fill was', () => {
    expect([fraction(rule, 48.64, 51.2), fraction(rule, 48.65, 51.2)]).toEqual([1, 0])
  })
  it('does nothing when flat or without a price', () => {
    const flat = testView({ market: { price: 1 } })
    expect(rule.check(flat.position, flat)).toBe(0)
    expect(fraction(rule, Number.NaN)).toBe(0)
  })
  it('says where it stands', () => {
    const view = viewAt(100)
    expect(rule.describe!(view.position, view)).toBe('stop loss at 95: 5 % below the average entry')
  })
})

describe('takeProfit', () => {
  const rule = takeProfit(0.04)
  it('saves a gain that is given back', () => {
    const peak = [100, 102, 104.2, 101, 97]
    expect(soldAt(rule, peak)).toBe(104.2)
    expect(soldAt(rule, peak)).toBeGreaterThan(peak.at(-1)!)
  })
  it('stays quiet while the price is below its level', () => {
    expect(soldAt(rule, [100, 103.9, 102, 96])).toBe(96)
  })
  it.each([100, 0.0007, 90_000, 0.3, 51.2])('fires at exactly its level and not a hair below it, at an entry of %d', (entry) => {
    expect(fraction(rule, entry * 1.04, entry)).toBe(1)
    expect(fraction(rule, entry * 1.04 * (1 - 1e-9), entry)).toBe(0)
    expect(trigger(rule, entry)).toBe(entry * 1.04)
  })
  it('does nothing when flat or without a price', () => {
    const flat = testView({ market: { price: 1e9 } })
    expect(rule.check(flat.position, flat)).toBe(0)
    expect(fraction(rule, Number.NaN)).toBe(0)
  })
  it('says where it stands', () => {
    const view = viewAt(100)
    expect(rule.describe!(view.position, view)).toBe('take profit at 104: 4 % above the average entry')
  })
})

describe('bad fractions', () => {
  it.each([0, 1, -0.05, 5, Number.NaN])('stopLoss(%d) is refused', (value) => {
    expect(() => stopLoss(value)).toThrow(ConfigError)
  })
  it.each([0, -0.04, 101, Number.NaN, Number.POSITIVE_INFINITY])('takeProfit(%d) is refused', (value) => {
    expect(() => takeProfit(value)).toThrow(/takeProfit\.fraction/)
  })
})
