import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import { Judge } from './judge.ts'
import { strictSafety } from './strict-safety.ts'
import { entryOf, exitOf, testView } from './view.fixture.ts'
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
