import { describe, expect, it } from 'vitest'
import { ConfigError } from '../model/errors.ts'
import { clockSkew } from './clock-skew.ts'
import { priceBand } from './price-band.ts'
import { spreadLimit } from './spread-limit.ts'
import { ALLOW, DENY } from './verdict-slot.ts'
import { slotOf, testView } from './view.fixture.ts'

const allowed = (margin: number): unknown => expect.objectContaining({ kind: ALLOW, margin })
const denied = (margin: number): unknown => expect.objectContaining({ kind: DENY, margin })

describe('spreadLimit', () => {
  const rule = spreadLimit({ maxBps: 20 })
  const at = (spreadBps: number) => testView({ market: { spreadBps } })
  it('denies above the limit, allows at exactly the limit, and again when the quotes come together', () => {
    expect(slotOf(rule, at(20.01)).kind).toBe(DENY)
    expect(slotOf(rule, at(20))).toEqual(allowed(0))
    expect(slotOf(rule, at(5))).toEqual(allowed(15))
  })
  it('takes a spread of exactly the limit for that, whatever the last bit says', () => {
    expect(slotOf(rule, at((10_000 * (100.1 - 99.9)) / 100))).toEqual(allowed(0))
    expect(slotOf(rule, at(20.000000000000004))).toEqual(allowed(0))
  })
  it('has nothing to measure without a quote, and denies then only when one is needed', () => {
    const bare = testView({ market: { bid: Number.NaN, ask: Number.NaN, spreadBps: 0 } })
    expect(slotOf(rule, bare).kind).toBe(ALLOW)
    expect(slotOf(spreadLimit({ maxBps: 20, quoteNeeded: true }), bare).kind).toBe(DENY)
    expect(slotOf(spreadLimit({ maxBps: 20, quoteNeeded: true }), at(20)).kind).toBe(ALLOW)
  })
  it('says how far apart they are', () => {
    expect(rule.describe!({ ruleId: 'spread', kind: 'deny', code: 'SPREAD', margin: -12.5, detail: '' })).toBe(
      'bid and ask are 32.5 bps apart, at most 20 are allowed',
    )
    expect(rule.describe!({ ruleId: 'spread', kind: 'deny', code: 'SPREAD', margin: Number.NaN, detail: '' })).toBe(
      'there is no quote to measure the spread with',
    )
  })
  it('refuses a limit of nothing', () => {
    expect(() => spreadLimit({ maxBps: 0 })).toThrow(ConfigError)
  })
})

describe('priceBand', () => {
  const rule = priceBand(0.05)
  const at = (price: number, previousClose = 100) => testView({ market: { price }, previousClose })
  it('denies a price further from the close before than the fraction, either way, and allows exactly the fraction', () => {
    expect(slotOf(rule, at(105.01)).kind).toBe(DENY)
    expect(slotOf(rule, at(94.99)).kind).toBe(DENY)
    expect(slotOf(rule, at(105))).toEqual(allowed(0))
    expect(slotOf(rule, at(95))).toEqual(allowed(0))
    expect(slotOf(rule, at(0.00073 * 1.05, 0.00073))).toEqual(allowed(0))
  })
  it('releases when the price stays where it jumped to', () => {
    expect(slotOf(rule, at(120, 100)).kind).toBe(DENY)
    expect(slotOf(rule, at(120, 120))).toEqual(allowed(0.05))
  })
  it('denies without a close to compare with, and says so', () => {
    const slot = slotOf(rule, at(100, Number.NaN))
    expect(slot).toEqual(denied(Number.NaN))
    expect(rule.describe!({ ruleId: 'price-band', kind: 'deny', code: 'PRICE_BAND', margin: slot.margin, detail: '' })).toContain('no earlier close')
    expect(rule.describe!({ ruleId: 'price-band', kind: 'deny', code: 'PRICE_BAND', margin: -0.02, detail: '' })).toBe(
      'the price is 7 % from the close before, at most 5 % is allowed',
    )
  })
})

describe('clockSkew', () => {
  const rule = clockSkew('5s')
  const at = (clockSkewMs: number) => testView({ market: { clockSkewMs } })
  it('denies a difference above the limit either way, and allows exactly the limit', () => {
    expect(slotOf(rule, at(5_001))).toEqual(denied(-1))
    expect(slotOf(rule, at(-5_001))).toEqual(denied(-1))
    expect(slotOf(rule, at(5_000))).toEqual(allowed(0))
    expect(slotOf(rule, at(-5_000))).toEqual(allowed(0))
  })
  it('denies a difference that is no number', () => {
    expect(slotOf(rule, at(Number.NaN)).kind).toBe(DENY)
  })
})
