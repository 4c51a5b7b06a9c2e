import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BotView } from '../contracts/bot-view.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import { Judge } from './judge.ts'
import { strictSafety } from './strict-safety.ts'
import { everyRule } from './every-rule.fixture.ts'
import { entryOf, exitOf, ordersAt, testView } from './view.fixture.ts'
import { tradeSize } from './trade-size.ts'
import { temperatureOf } from '../model/temperature.ts'
import type { EpochMs } from '../model/time.ts'
import { maxPosition } from './max-position.ts'
import { priceStep } from './price-step.ts'

const cents = (most: number): fc.Arbitrary<number> => fc.nat(most * 100).map((n) => n / 100)
const amount = cents(50)

type Saying = { readonly kind: 'allow' | 'reduce' | 'deny' | 'throw'; readonly max: number; readonly all: boolean }

const saying: fc.Arbitrary<Saying> = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant('allow' as const) },
    { weight: 6, arbitrary: fc.constant('reduce' as const) },
    fc.constant('deny' as const),
    fc.constant('throw' as const),
  ),
  max: amount,
  all: fc.boolean(),
})

const ruleOf = ({ kind, max, all }: Saying, index: number): SafetyRule => ({
  apiVersion: 1,
  id: `rule-${index}`,
  code: `x-rule-${index}`,
  appliesTo: all ? 'all' : 'entries',
  check(_intent, _view, verdict) {
    if (kind === 'throw') throw new Error('broken')
    if (kind === 'deny') verdict.deny(-1)
    else if (kind === 'reduce') verdict.reduce(max, -1)
    else verdict.allow(1)
  },
})

const outcomeOf = (rules: readonly SafetyRule[], wanted: number): number => new Judge(rules).judge(entryOf(wanted), testView())

/** Mostly a view in which all is well, with some things wrong. */
const usually = <T>(good: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> => fc.oneof({ weight: 12, arbitrary: fc.constant(good) }, other)
const now = testView().nowMs
const ago = fc.nat(20_000_000).map((ms) => (now - ms) as EpochMs)
const wild = fc.oneof(fc.double({ min: -1e6, max: 1e6 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0))

const randomView: fc.Arbitrary<BotView> = fc
  .record({
    environment: usually<BotView['environment']>('paper', fc.constant('live')),
    nowMs: usually(
      now,
      fc.nat(14 * 86_400_000).map((ms) => (now + ms) as EpochMs),
    ),
    temperature: usually<BotView['temperature']>(2, fc.constantFrom(0, 1, 3)),
    previousClose: usually(100, wild),
    lastFillMs: usually(Number.NEGATIVE_INFINITY as EpochMs, ago),
    lastFillPrice: usually(Number.NaN, wild),
    lossStreak: usually(0, fc.nat(5)),
    lastLossMs: usually(Number.NEGATIVE_INFINITY as EpochMs, ago),
    orders: usually(
      ordersAt(),
      fc.array(fc.nat(100_000), { maxLength: 5 }).map((ages) => ordersAt(...ages.sort((a, b) => b - a).map((age) => now - age))),
    ),
    position: fc.record({ open: fc.boolean(), lots: usually(0, fc.nat(4)), cost: usually(0, wild) }),
    today: fc.record({ trades: usually(0, fc.nat(7)) }),
    cash: fc.record({ available: usually(1_000, wild) }),
    market: fc.record({
      price: usually(100, wild),
      bid: usually(99.9, wild),
      dataAgeMs: usually(0, wild),
      spreadBps: usually(20, wild),
      clockSkewMs: usually(0, wild),
    }),
    portfolio: fc.record({
      openPositions: usually(0, fc.nat(12)),
      exposure: usually(0, wild),
      todayPeakLoss: usually(0, wild),
      todayTrades: usually(0, fc.nat(12)),
      tradingState: usually<0 | 1 | 2>(0, fc.constantFrom(1, 2)),
      emergencyStop: usually(false, fc.constant(true)),
      activeOn: usually(
        () => 0,
        fc.nat(3).map((n) => () => n),
      ),
    }),
  })
  .map((changes) => testView(changes))

describe('Judge', () => {
  it('gives the same outcome in every order of the rules', () => {
    fc.assert(
      fc.property(fc.array(saying, { maxLength: 6 }), fc.boolean(), amount, fc.infiniteStream(fc.nat()), (sayings, hasSize, wanted, keys) => {
        const rules = [...sayings.map(ruleOf), ...(hasSize ? [tradeSize(5, 25)] : [])]
        const shuffled = rules
          .map((rule) => [keys.next().value as number, rule] as const)
          .sort(([a], [b]) => a - b)
          .map(([, rule]) => rule)
        expect(outcomeOf(shuffled, wanted)).toBe(outcomeOf(rules, wanted))
      }),
    )
  })

  it('never makes a trade bigger when a rule is added, and never bigger than what was asked', () => {
    fc.assert(
      fc.property(fc.array(saying, { maxLength: 5 }), saying, fc.nat(5), amount, (sayings, extra, at, wanted) => {
        const rules = sayings.map(ruleOf)
        const more = [...rules.slice(0, at), ruleOf(extra, 99), ...rules.slice(at)]
        const before = outcomeOf(rules, wanted)
        expect(outcomeOf(more, wanted)).toBeLessThanOrEqual(before)
        expect(before).toBeLessThanOrEqual(wanted)
        expect(outcomeOf([...rules, tradeSize(5, 25)], wanted)).toBeLessThanOrEqual(before)
      }),
    )
  })

  it('decides alike whether or not the record is completed, and the record agrees with the decision', () => {
    fc.assert(
      fc.property(fc.array(saying, { maxLength: 6 }), amount, (sayings, wanted) => {
        const judge = new Judge(sayings.map(ruleOf))
        const outcome = judge.judge(entryOf(wanted), testView())
        const code = judge.primaryCode
        const verdicts = judge.complete()
        expect([judge.primaryCode, judge.approved?.quoteAmount ?? 0]).toEqual([code, outcome])
        expect(verdicts).toHaveLength(sayings.length)
        const maxima = verdicts.map((verdict) => (verdict.kind === 'reduce' ? verdict.maxQuoteAmount : verdict.kind === 'deny' ? 0 : wanted))
        expect(outcome).toBe(Math.min(wanted, ...maxima))
        const firstDenial = verdicts.find((verdict) => verdict.kind === 'deny')
        if (firstDenial !== undefined) expect(code).toBe(firstDenial.kind === 'deny' ? firstDenial.code : '')
      }),
    )
  })

  it('lets an exit out unless a rule for all says no, whatever the others do', () => {
    fc.assert(
      fc.property(fc.array(saying, { maxLength: 6 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (sayings, fraction) => {
        const held = sayings.some(({ kind, all }) => all && kind === 'deny')
        expect(new Judge(sayings.map(ruleOf)).judge(exitOf(fraction), testView())).toBe(held ? 0 : fraction)
      }),
    )
  })

  it('[INC-07] never blocks an exit by a rule for entries: every rule of the library, any view', () => {
    const rules = everyRule()
    fc.assert(
      fc.property(randomView, fc.double({ min: 0.01, max: 1, noNaN: true }), fc.constantFrom('exit', 'strategy', 'manual'), (view, fraction, origin) => {
        // Only the two that look at the trading state may hold an exit, and only while trading is halted.
        const halted = view.portfolio.emergencyStop || view.portfolio.tradingState === 2
        expect(new Judge(rules).judge(exitOf(fraction, { origin }), view)).toBe(halted ? 0 : fraction)
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives the same outcome in every order of all rules of the library, and adding them one by one never makes a trade bigger', () => {
    const rules = everyRule()
    let approved = 0
    fc.assert(
      fc.property(randomView, amount, fc.infiniteStream(fc.nat()), (view, wanted, keys) => {
        const shuffled = rules
          .map((rule) => [keys.next().value as number, rule] as const)
          .sort(([a], [b]) => a - b)
          .map(([, rule]) => rule)
        let before = wanted
        for (let n = 1; n <= shuffled.length; n++) {
          const outcome = new Judge(shuffled.slice(0, n)).judge(entryOf(wanted), view)
          expect(outcome).toBeLessThanOrEqual(before)
          before = outcome
        }
        expect(before).toBe(new Judge(rules).judge(entryOf(wanted), view))
        if (before > 0) approved++
      }),
      { numRuns: 1_500 },
    )
    expect(approved).toBeGreaterThan(20)
  })

  it('keeps every bound of the strict set on random views: an approved entry is never outside it', () => {
    const view = fc.record({
      score: fc.integer({ min: -1000, max: 1000 }).map((n) => n / 1000),
      since: fc.nat(2_000_000),
      trades: fc.nat(12),
      mine: fc.nat(7),
      lots: fc.nat(4),
      exposure: cents(820),
      cash: amount,
      loss: cents(120),
      age: fc.nat(200_000),
      cost: cents(80),
    })
    const judge = new Judge([...strictSafety(), maxPosition(75), priceStep(0.008)])
    let approvals = 0
    fc.assert(
      fc.property(view, amount, (v, wanted) => {
        const now = testView().nowMs
        const outcome = judge.judge(
          entryOf(wanted),
          testView({
            score: v.score,
            temperature: temperatureOf(v.score),
            lastFillMs: (now - v.since) as EpochMs,
            today: { trades: v.mine },
            cash: { available: v.cash },
            market: { dataAgeMs: v.age },
            position: { lots: v.lots, cost: v.cost },
            portfolio: { exposure: v.exposure, todayPeakLoss: v.loss, todayTrades: v.trades },
          }),
        )
        if (outcome === 0) return
        approvals++
        expect(outcome).toBeGreaterThanOrEqual(5)
        expect(outcome).toBeLessThanOrEqual(Math.min(25, v.cash, wanted))
        expect(outcome + v.exposure).toBeLessThanOrEqual(800 + 1e-9)
        expect(outcome + v.cost).toBeLessThanOrEqual(75 + 1e-9)
        expect([Math.abs(v.score) >= 0.15, v.since >= 900_000, v.trades < 10, v.mine < 5, v.lots < 3, v.loss < 100, v.age <= 120_000]).toEqual(
          Array(7).fill(true),
        )
      }),
      { numRuns: 4_000 },
    )
    expect(approvals).toBeGreaterThan(20)
  })
})
