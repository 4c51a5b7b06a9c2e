import { describe, expect, it } from 'vitest'
import type { BotView } from '../contracts/bot-view.ts'
import type { ExitRule } from '../contracts/exit-rule.ts'
import { ConfigError } from '../model/errors.ts'
import type { EpochMs } from '../model/time.ts'
import { testView } from '../safety/view.fixture.ts'
import { breakEven } from './break-even.ts'
import { profitLadder } from './profit-ladder.ts'
import { stopLoss } from './stop-loss.ts'
import { takeProfit } from './take-profit.ts'
import { timeStop } from './time-stop.ts'
import { trailingStop } from './trailing-stop.ts'

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

/** One unit bought at 100 for 100.9 with its fee, at a price, after a highest price. */
const heldAt = (price: number, highest: number, changes: Partial<BotView['position']> = {}) =>
  testView({
    position: { open: true, lots: 1, quantity: 1, averageEntry: 100, cost: 100.9, highestPrice: highest, peakSinceEntry: highest, lowestPrice: 90, ...changes },
    market: { price },
  })
const said = (rule: ExitRule, view: BotView): number => rule.check(view.position, view)
const level = (rule: ExitRule, view: BotView): number => rule.trigger!(view.position, view)

describe('trailingStop', () => {
  const rule = trailingStop(0.03)
  it('fires at exactly its distance below the highest price and not a hair above it', () => {
    expect([said(rule, heldAt(108 * 0.97, 108)), said(rule, heldAt(108 * 0.97 * (1 + 1e-9), 108))]).toEqual([1, 0])
    expect(level(rule, heldAt(1, 108))).toBe(108 * 0.97)
  })
  it('does nothing when flat or without a price', () => {
    expect(said(rule, testView({ market: { price: 1 } }))).toBe(0)
    expect(said(rule, heldAt(Number.NaN, 108))).toBe(0)
  })
  it('with activateAt waits for exactly that gain, measured since the last entry', () => {
    const armed = trailingStop(0.03, { activateAt: 0.05 })
    expect([said(armed, heldAt(90, 104.999)), said(armed, heldAt(90, 105))]).toEqual([0, 1])
    expect(level(armed, heldAt(90, 104.999))).toBeNaN()
    // The high of 110 was before a second tranche at 96: the average is lower, but nothing was gained on it yet.
    expect(said(armed, heldAt(95, 110, { peakSinceEntry: 97 }))).toBe(0)
  })
  it('says where it stands', () => {
    const view = heldAt(100, 110)
    expect(rule.describe!(view.position, view)).toBe('trailing stop at 106.7: 3 % below the peak')
    expect(trailingStop(0.03, { activateAt: 0.2 }).describe!(view.position, view)).toBe('trailing stop, 3 % below the peak, not armed yet')
  })
})

describe('timeStop', () => {
  const rule = timeStop('4h')
  const after = (ms: number) => {
    const view = testView()
    return testView({ nowMs: view.nowMs, position: { open: true, quantity: 1, averageEntry: 100, cost: 100, openedAtMs: (view.nowMs - ms) as EpochMs } })
  }
  it('fires after exactly its time and not a millisecond earlier', () => {
    expect([said(rule, after(4 * 3_600_000 - 1)), said(rule, after(4 * 3_600_000))]).toEqual([0, 1])
    expect(said(rule, testView())).toBe(0)
  })
  it('says where it stands', () => {
    const view = after(3_600_000)
    expect(rule.describe!(view.position, view)).toBe('time stop after 4h, held for 1h')
  })
})

describe('breakEven', () => {
  const rule = breakEven(0.03)
  const even = 100.9 / 0.991
  it('is armed by exactly its gain, and then fires where the sale returns what was paid', () => {
    expect([said(rule, heldAt(even, 102.999)), said(rule, heldAt(even, 103)), said(rule, heldAt(even * (1 + 1e-9), 103))]).toEqual([0, 1, 0])
    expect(level(rule, heldAt(1, 103))).toBe(even)
    expect(even - even * 0.009 - 100.9).toBeCloseTo(0, 10)
  })
  it('is not armed by a gain from before the last entry, or when flat', () => {
    expect(said(rule, heldAt(95, 110, { peakSinceEntry: 97 }))).toBe(0)
    expect(said(rule, testView({ market: { price: 1 } }))).toBe(0)
  })
  it('takes another exit fee', () => {
    expect(level(breakEven(0.03, { exitFee: 0 }), heldAt(1, 103))).toBe(100.9)
  })
  it('says where it stands', () => {
    const [quiet, armed] = [heldAt(101, 102), heldAt(104, 105)]
    expect(rule.describe!(quiet.position, quiet)).toBe('break-even stop, armed by a gain of 3 %')
    expect(rule.describe!(armed.position, armed)).toBe('break-even stop at 101.8163471, fees of both ways included')
  })
})

describe('profitLadder', () => {
  const rule = profitLadder()
  const of = (price: number, quantity: number, bought = 1) => heldAt(price, price, { quantity, bought, cost: 100.9 * quantity })
  it('sells 25 % of what was bought at +10 %, 50 % at +20 % and the rest at +30 %, each at exactly its price', () => {
    expect([said(rule, of(110, 1)), said(rule, of(110 * (1 - 1e-9), 1))]).toEqual([0.25, 0])
    expect([said(rule, of(120, 0.75)), said(rule, of(119.99, 0.75))]).toEqual([0.5 / 0.75, 0])
    expect([said(rule, of(130, 0.25)), said(rule, of(129.99, 0.25))]).toEqual([1, 0])
  })
  it('sells each rung once, whoever sold it', () => {
    expect(said(rule, of(119, 0.75))).toBe(0)
    expect(said(rule, of(119, 0.7))).toBe(0)
  })
  it('completes a rung that was filled in part, and calls one done that lacks what increments take', () => {
    expect(said(rule, of(112, 0.9))).toBeCloseTo(0.15 / 0.9, 12)
    expect(said(rule, of(112, 0.7501))).toBe(0)
  })
  it('takes all rungs at once that the price has jumped over', () => {
    expect(said(rule, of(125, 1))).toBeCloseTo(0.75, 12)
    expect(said(rule, of(200, 1))).toBe(1)
  })
  it('names the price of the next rung and its share for the way inside a candle', () => {
    const fractionAt = rule.triggerFraction as (position: BotView['position'], view: BotView) => number
    expect([1, 0.75, 0.25].map((quantity) => level(rule, of(1, quantity)))).toEqual([110, 120, 130].map((price) => expect.closeTo(price, 9) as number))
    expect([1, 0.75, 0.25].map((quantity) => fractionAt(of(1, quantity).position, of(1, quantity)))).toEqual([0.25, 0.5 / 0.75, 1])
  })
  it('may keep a part for good', () => {
    const half = profitLadder({ rungs: [{ at: 0.1, sell: 0.5 }] })
    expect([said(half, of(110, 1)), said(half, of(500, 0.5))]).toEqual([0.5, 0])
    expect(level(half, of(500, 0.5))).toBeNaN()
  })
  it('says where it stands', () => {
    expect(rule.describe!(of(100, 0.75).position, of(100, 0.75))).toBe('profit ladder: 66.6667 % of the rest at 120, rung 2 of 3')
    expect(said(rule, testView({ market: { price: 500 } }))).toBe(0)
  })
})

describe('bad numbers of the other rules', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['a trailing distance of all', () => trailingStop(1), /trailingStop\.fraction/],
    ['an activation of nothing', () => trailingStop(0.1, { activateAt: 0 }), /trailingStop\.activateAt/],
    ['no time', () => timeStop(0), /timeStop\.duration/],
    ['no gain', () => breakEven(0), /breakEven\.after/],
    ['an exit fee of everything', () => breakEven(0.1, { exitFee: 1 }), /breakEven\.exitFee/],
    ['a ladder without rungs', () => profitLadder({ rungs: [] }), /profitLadder\.rungs/],
    [
      'rungs that do not rise',
      () =>
        profitLadder({
          rungs: [
            { at: 0.2, sell: 0.5 },
            { at: 0.2, sell: 0.5 },
          ],
        }),
      /rungs whose gains rise/,
    ],
    [
      'rungs that sell more than all',
      () =>
        profitLadder({
          rungs: [
            { at: 0.1, sell: 0.6 },
            { at: 0.2, sell: 0.5 },
          ],
        }),
      /sum to at most 1/,
    ],
  ])('%s is refused', (_name, make, text) => {
    expect(make).toThrow(ConfigError)
    expect(make).toThrow(text)
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
