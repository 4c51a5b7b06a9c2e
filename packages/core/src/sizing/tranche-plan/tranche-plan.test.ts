import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TranchePlan } from '../../contracts/tranche-plan.ts'
import { ConfigError } from '../../model/errors.ts'
import { Judge } from '../../safety/judge.ts'
import { tradeSize } from '../../safety/trade-size.ts'
import { entryOf, testView } from '../../safety/view.fixture.ts'
import type { MaCrossValue } from '../../strategies/weighted-signals/ma-cross.ts'
import { adaptive } from './adaptive.ts'
import { equalSize } from './equal-size.ts'
import { pyramidDown, pyramidUp } from './pyramid.ts'

const flat = testView()
const sizes = (plan: TranchePlan, budget: number, count: number): number[] => Array.from({ length: count }, (_, index) => plan.size(budget, index, count, flat))
const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)
const budget = fc.integer({ min: 100, max: 100_000 }).map((cents) => cents / 100)
const count = fc.integer({ min: 1, max: 20 })

describe('equalSize', () => {
  it('[row 37] is budget / n, and the sizes sum to the budget', () => {
    expect(sizes(equalSize(), 75, 3)).toEqual([25, 25, 25])
    fc.assert(
      fc.property(budget, count, (amount, n) => {
        const all = sizes(equalSize(), amount, n)
        expect(new Set(all).size).toBe(1)
        expect(sum(all)).toBeCloseTo(amount, 8)
      }),
    )
  })
})

describe('pyramidUp', () => {
  it('[row 38] rises 1 : 1.5 : 2, and the sizes sum to the budget', () => {
    expect(sizes(pyramidUp(), 100, 3).map((size) => Number(size.toFixed(2)))).toEqual([22.22, 33.33, 44.44])
    expect(sizes(pyramidUp(), 75, 3).map((size) => size / sizes(pyramidUp(), 75, 3)[0]!)).toEqual([1, 1.5, 2])
  })
  it('[row 38] rises by the configured factor, whatever the count', () => {
    fc.assert(
      fc.property(budget, count, fc.integer({ min: 1, max: 100 }), (amount, n, tenths) => {
        const step = tenths / 10
        const all = sizes(pyramidUp({ step }), amount, n)
        all.forEach((size, index) => expect(size / all[0]!).toBeCloseTo(1 + step * index, 8))
        expect(sum(all)).toBeCloseTo(amount, 8)
      }),
    )
  })
})

describe('pyramidDown', () => {
  it('[row 39] falls 2 : 1.5 : 1, the reverse of pyramidUp, and the sizes sum to the budget', () => {
    expect(sizes(pyramidDown(), 100, 3).map((size) => Number(size.toFixed(2)))).toEqual([44.44, 33.33, 22.22])
    fc.assert(
      fc.property(budget, count, fc.integer({ min: 1, max: 100 }), (amount, n, tenths) => {
        const step = tenths / 10
        expect(sizes(pyramidDown({ step }), amount, n)).toEqual(sizes(pyramidUp({ step }), amount, n).reverse())
      }),
    )
  })
})

describe('adaptive', () => {
  /** A position of one unit bought at 100, of which `cost` left, and averages that far apart in percent. */
  const next = (plan: TranchePlan, price: number, options: { readonly cost?: number; readonly separation?: number; readonly cross?: boolean } = {}): number => {
    const { cost = 20, separation = 0, cross = false } = options
    const fast = 100 + separation
    const trend: MaCrossValue = { fast, slow: 100, previousFast: cross ? 100 : fast, previousSlow: 100 }
    const view = testView({ position: { open: true, lots: 1, quantity: 1, averageEntry: 100, cost }, market: { price } })
    return plan.size(75, 1, 3, view, { trend: { value: trend } })
  }

  it('[row 40] is base x clamp(1 + 10 x (average - price) / average, 0.5, 1.5)', () => {
    expect([next(adaptive(), 100), next(adaptive(), 98), next(adaptive(), 102)].map((size) => Number(size.toFixed(9)))).toEqual([25, 30, 20])
    expect([next(adaptive(), 95), next(adaptive(), 94), next(adaptive(), 105), next(adaptive(), 106)].map((size) => Number(size.toFixed(9)))).toEqual([
      37.5, 37.5, 12.5, 12.5,
    ])
    expect(adaptive().size(75, 0, 3, flat)).toBe(25)
  })
  it('[row 40] halves in a falling trend: a score below -0.3, and not one of exactly that', () => {
    // tanh(0.1 x 3.0952) is 0.3: a separation of -3.09 % is no falling trend yet, one of -3.1 % is.
    expect([next(adaptive(), 100, { separation: -3.09 }), next(adaptive(), 100, { separation: -3.1 })]).toEqual([25, 12.5])
    expect(next(adaptive(), 100, { separation: -0.1, cross: true })).toBe(12.5)
    expect(next(adaptive(), 100, { separation: 5 })).toBe(25)
    expect(next(adaptive({ fallingBelow: -0.8 }), 100, { separation: -0.1, cross: true })).toBe(25)
  })
  it('[row 40] caps the total at the budget', () => {
    expect(next(adaptive(), 94, { cost: 50 })).toBe(25)
    expect(next(adaptive(), 94, { cost: 75 })).toBe(0)
  })
  it('takes other factors', () => {
    expect(next(adaptive({ slope: 20 }), 99)).toBeCloseTo(30, 9)
    expect([next(adaptive({ highest: 2, slope: 100 }), 95), next(adaptive({ lowest: 0.2, slope: 100 }), 105)]).toEqual([50, 5])
    expect(next(adaptive({ inFall: 0.1 }), 100, { separation: -10 })).toBeCloseTo(2.5, 12)
  })
  it('[row 40] lies inside the bounds of a trade after the judge, or is denied', () => {
    let traded = 0
    fc.assert(
      fc.property(budget, count, fc.integer({ min: 50, max: 200 }), fc.integer({ min: -20, max: 20 }), fc.nat(100), (amount, n, price, separation, share) => {
        const trend: MaCrossValue = { fast: 100 + separation, slow: 100, previousFast: 100 + separation, previousSlow: 100 }
        const cost = (amount * share) / 100
        const view = testView({ position: { open: true, lots: 1, quantity: 1, averageEntry: 100, cost }, market: { price } })
        const wanted = adaptive().size(amount, Math.min(1, n - 1), n, view, { trend: { value: trend } })
        expect(wanted + cost).toBeLessThanOrEqual(amount + 1e-9)
        const judge = new Judge([tradeSize(5, 25)])
        if (!(wanted > 0) || judge.judge(entryOf(wanted), view) === 0) return
        traded++
        expect(judge.approved!.quoteAmount).toBeGreaterThanOrEqual(5)
        expect(judge.approved!.quoteAmount).toBeLessThanOrEqual(25)
      }),
    )
    expect(traded).toBeGreaterThan(20)
  })
})

it.each<[string, () => unknown]>([
  ['a pyramid without growth', () => pyramidUp({ step: 0 })],
  ['a pyramid of another kind', () => pyramidDown({ steps: 1 } as never)],
  ['clamps the wrong way round', () => adaptive({ lowest: 2 })],
  ['averages the wrong way round', () => adaptive({ fast: 26 })],
  ['a falling trend that rises', () => adaptive({ fallingBelow: 0.3 })],
])('%s is refused', (_name, make) => {
  expect(make).toThrow(ConfigError)
})
