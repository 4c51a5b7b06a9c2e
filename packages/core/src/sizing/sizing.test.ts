import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { ConfigError } from '../model/errors.ts'
import { temperatureOf } from '../model/temperature.ts'
import { bot } from '../config/bot.ts'
import { builtIns } from '../config/built-ins.ts'
import type { Sizer } from '../contracts/sizer.ts'
import { Judge } from '../safety/judge.ts'
import { tradeSize } from '../safety/trade-size.ts'
import { entryOf, testView } from '../safety/view.fixture.ts'
import { weightedSignals } from '../strategies/weighted-signals/weighted-signals.ts'
import { fixedSize } from './fixed-size.ts'
import { percentOfEquity } from './percent-of-equity.ts'
import { temperatureSizing } from './temperature-sizing.ts'
import { volatilityTarget } from './volatility-target.ts'

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

  it('[row 48] is base x temperature x (0.8 + 0.4 |score|) x progression', () => {
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
  it('[row 48] says how the amount comes about', () => {
    const view = viewOf(0.2, 1)
    expect(sizer.describe!(0.2, view)).toBe('10 x warm 1.3 x strength 0.88 x progression 1, at most 25')
    expect(sizer.size(0.2, view)).toBeCloseTo(10 * 1.3 * 0.88, 12)
  })
  it.each([
    [10, 4.64, 2.98],
    [20, 9.27, 5.97],
    [25, 11.59, 7.46],
    [100, 46.37, 29.85],
  ])('[row 48] as compat gives the measured first tranches of the original: base %d, hot at 0.3 %d, warm at 0.05 %d', (base, hot, warm) => {
    const compat = temperatureSizing({ base, min: 1, max: 1_000, set: 'compat' })
    const first = (score: number, temperature: 2 | 3) => compat.size(score, testView({ score, temperature }))
    expect([first(0.3, 3), first(0.05, 2)]).toEqual([hot, warm])
  })
  it('as compat takes another share of the base by the state of the position, at its exact bounds', () => {
    const compat = temperatureSizing({ base: 100, min: 1, max: 1_000, set: 'compat' })
    const next = (price: number, lots = 1) =>
      compat.size(0, testView({ temperature: 1, position: { open: true, lots, quantity: 1, averageEntry: 100, cost: 100 }, market: { price } }))
    expect([next(100), next(99.99), next(95), next(94.99)]).toEqual([20, 24, 24, 32])
    expect(next(100, 3)).toBe(24)
    expect(compat.describe!(0, testView({ temperature: 1 }))).toBe('100 x tranche 0.4 x cool 1 x strength 0.8 x progression 0.7, at most 1000')
  })
  it('as compat lifts to a tenth of the base and at least 1, and the bounds of this library hold above that', () => {
    const cold = (base: number, min: number, lift: boolean) =>
      temperatureSizing({ base, min, max: 25, lift, set: 'compat' }).size(
        0,
        testView({ temperature: 0, position: { open: true, lots: 1, averageEntry: 1, quantity: 1, cost: 1 }, market: { price: 1 } }),
      )
    // 0.25 x 0.5 x 0.8 is exactly a tenth.
    expect([cold(20, 1, false), cold(2, 1, false), cold(2, 5, false), cold(2, 5, true)]).toEqual([2, 1, 1, 5])
    expect(temperatureSizing({ base: 1_000, min: 5, max: 25, set: 'compat' }).size(0.3, viewOf(0.3, 0))).toBe(25)
  })
  it('caps at max, and lifts to min only when told to', () => {
    expect(size(1, 5)).toBe(25)
    expect(size(0.04, 0)).toBeLessThan(5)
    expect(size(0.04, 0, temperatureSizing({ base: 10, min: 5, max: 25, lift: true }))).toBe(5)
  })
  it('[row 48] with lift always lies inside its bounds, and without never above max', () => {
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

describe('volatilityTarget', () => {
  const sizer = volatilityTarget({ riskPercent: 0.1, min: 5, max: 25 })
  const size = (range: number, changes: Parameters<typeof testView>[0] = {}, of = sizer) => of.size(0.2, testView(changes), { atr: { value: range } })

  it('is equity x risk / (ranges x ATR / price)', () => {
    // 1 USD of 1,000 may be lost over a move of twice 5 USD at a price of 100.
    expect(size(5)).toBeCloseTo(1 / 0.1, 12)
    expect(size(4)).toBeCloseTo(1 / 0.08, 12)
    expect(size(5, { portfolio: { equity: 2_000 } })).toBeCloseTo(2 / 0.1, 12)
    expect(size(5, {}, volatilityTarget({ riskPercent: 0.1, ranges: 1, min: 5, max: 25 }))).toBeCloseTo(1 / 0.05, 12)
  })
  it('gives equal relative ranges the same size, at 90,000 and at 0.0007', () => {
    expect(size(4_500, { market: { price: 90_000 } })).toBeCloseTo(size(0.000035, { market: { price: 0.0007 } }), 9)
  })
  it('caps at max, also where nothing moves, and lifts to min only when told to', () => {
    expect([size(2), size(0)]).toEqual([25, 25])
    expect(size(20)).toBeCloseTo(2.5, 12)
    expect(size(20, {}, volatilityTarget({ riskPercent: 0.1, min: 5, max: 25, lift: true }))).toBe(5)
  })
  it('wants nothing before its range is known', () => {
    expect(size(Number.NaN)).toBeNaN()
    expect(sizer.size(0.2, testView())).toBeNaN()
  })
  it('brings a fresh range for each bot, and says how the amount comes about', () => {
    const [one, other] = [sizer.indicators!(), sizer.indicators!()]
    expect(one['atr']).not.toBe(other['atr'])
    expect(one['atr']!.id).toContain('14')
    expect(sizer.describe!(0.2, testView(), { atr: { value: 5 } })).toBe('0.1 % of 1000 at risk over a move of 10 %, at most 25')
  })
})

/** One of each sizer that a file can name, with bounds that it does not keep by itself. */
const sizers: Readonly<Record<keyof typeof builtIns.sizing, unknown>> = {
  fixed: { quote: 400 },
  'percent-of-equity': { percent: 40 },
  temperature: { base: 400, min: 5, max: 400 },
  'volatility-target': { riskPercent: 40, min: 5, max: 400 },
}

describe('the bounds of a trade hold after every sizer', () => {
  const judged = (amount: number) => {
    const judge = new Judge([tradeSize(5, 25)])
    return { passed: judge.judge(entryOf(amount), testView()), code: judge.primaryCode, approved: judge.approved?.quoteAmount }
  }
  it.each(Object.entries(builtIns.sizing))('[row 17] %s: at most 25', (name, entry) => {
    const sizer = entry.make(entry.params.parse(sizers[name]))
    expect(judged(sizer.size(0.5, viewOf(0.5, 0), { atr: { value: 1 } })).approved).toBe(25)
  })
  it.each<[string, Sizer]>([
    ['fixed', fixedSize('4.99')],
    ['percent-of-equity', percentOfEquity(0.499)],
    ['temperature', temperatureSizing({ base: 5, min: 5, max: 25 })],
    ['volatility-target', volatilityTarget({ riskPercent: 0.01, min: 5, max: 25 })],
  ])('[row 16] %s: below 5 is denied, unless the sizer lifts', (_name, sizer) => {
    const amount = sizer.size(0.2, viewOf(0.2, 0), { atr: { value: 2 } })
    expect(amount).toBeLessThan(5)
    expect(judged(amount)).toMatchObject({ passed: 0, code: 'TRADE_SIZE' })
  })
  it('[row 16] exactly 5 is a trade, a hair less is none, and lift makes it one', () => {
    expect([judged(5).approved, judged(4.999999).passed]).toEqual([5, 0])
    const lifted = temperatureSizing({ base: 5, min: 5, max: 25, lift: true })
    expect(judged(lifted.size(0.2, viewOf(0.2, 0))).approved).toBe(5)
  })
})

test('[row 49] a bot that is given no size has one, and says which', () => {
  const { sizing } = bot({ id: 'btc', instrument: 'BTC-USD', strategy: weightedSignals() })
  const view = viewOf(0.2, 0)
  expect(sizing.size(0.2, view)).toBeCloseTo(10 * 1.3 * 0.88 * 0.7, 12)
  expect(sizing.describe!(0.2, view)).toBe('10 x warm 1.3 x strength 0.88 x progression 0.7, at most 25')
})

describe('bad sizes', () => {
  it.each<[string, () => unknown]>([
    ['nothing', () => fixedSize(0)],
    ['NaN', () => fixedSize(Number.NaN)],
    ['an exponent', () => fixedSize('1e2')],
    ['more than everything', () => percentOfEquity(101)],
    ['a minimum above the maximum', () => temperatureSizing({ base: 10, min: 30, max: 25 })],
    ['no risk', () => volatilityTarget({ riskPercent: 0, min: 5, max: 25 })],
    ['a period of one', () => volatilityTarget({ riskPercent: 1, period: 1, min: 5, max: 25 })],
    ['bounds the wrong way round', () => volatilityTarget({ riskPercent: 1, min: 30, max: 25 })],
    ['an unknown option', () => temperatureSizing({ base: 10, min: 5, max: 25, lifted: true } as never)],
  ])('%s is refused', (_name, make) => {
    expect(make).toThrow(ConfigError)
  })
})
