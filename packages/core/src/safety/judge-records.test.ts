import { describe, expect, it } from 'vitest'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import { cooldown } from './cooldown.ts'
import { Judge } from './judge.ts'
import { entryOf, exitOf, ruleOf, testView } from './view.fixture.ts'

const denying = (id: string, margin: number, changes: Partial<SafetyRule> = {}, untilMs?: number): SafetyRule =>
  ruleOf(id, (_i, _v, verdict) => verdict.deny(margin, untilMs), changes)
const reducing = (id: string, max: number): SafetyRule => ruleOf(id, (_i, _v, verdict) => verdict.reduce(max, max - 40), { unit: 'quote' })

describe('what a judge says of its last answer', () => {
  it('has margin, unit and end of a denial by the very first rule', () => {
    const judge = new Judge([denying('first', -7, { unit: 'trades' }, 123), denying('second', -9)])
    expect(judge.judge(entryOf(10), testView())).toBe(0)
    expect([judge.primaryCode, judge.primaryMargin, judge.primaryUnit, judge.primaryUntilMs]).toEqual(['x-first', -7, 'trades', 123])
  })

  it('has no margin and no end once it approves', () => {
    const judge = new Judge([cooldown('15m')])
    const view = testView()
    judge.judge(entryOf(10), { ...view, lastFillMs: view.nowMs })
    expect([judge.primaryMargin, Number.isNaN(judge.primaryUntilMs)]).toEqual([-900_000, false])
    judge.judge(entryOf(10), view)
    expect([judge.primaryCode, judge.primaryMargin, judge.primaryUntilMs, judge.primaryDetail()]).toEqual(['', 0, Number.NaN, ''])
  })

  it('counts in no unit when the rule has none, and when the rule failed', () => {
    const plain = new Judge([denying('plain', -1)])
    plain.judge(entryOf(10), testView())
    expect(plain.primaryUnit).toBe('none')
    const failing = new Judge([
      ruleOf(
        'failing',
        () => {
          throw new Error('no')
        },
        { unit: 'ms' },
      ),
    ])
    failing.judge(entryOf(10), testView())
    expect([failing.primaryCode, failing.primaryUnit]).toEqual(['RULE_FAILED', 'none'])
  })

  it('names the first of two rules that leave the same too small amount', () => {
    const judge = new Judge([reducing('one', 3), reducing('two', 3)], { minQuote: 5 })
    expect(judge.judge(entryOf(10), testView())).toBe(0)
    expect(judge.primaryCode).toBe('x-one')
  })

  it('keeps the end of a denial in the record, and leaves it out where there is none', () => {
    const judge = new Judge([denying('timed', -1, {}, 456), denying('open', -1)])
    judge.judge(entryOf(10), testView())
    const [timed, open] = judge.complete()
    expect(timed).toMatchObject({ kind: 'deny', untilMs: 456 })
    expect(open).not.toHaveProperty('untilMs')
  })

  it('asks no rule before it was asked itself', () => {
    const asked: string[] = []
    const judge = new Judge([ruleOf('counting', () => void asked.push('counting'))], { onRuleError: () => asked.push('error') })
    expect(judge.complete()).toEqual([{ ruleId: 'counting', kind: 'allow', margin: Number.POSITIVE_INFINITY }])
    expect(asked).toEqual([])
  })

  it('gives out an exit with its share and no amount, an entry with its amount and no share', () => {
    const judge = new Judge([])
    judge.judge({ ...exitOf(0.25), quoteAmount: 99 }, testView())
    expect(judge.approved).toMatchObject({ side: 'sell', baseFraction: 0.25, quoteAmount: 0 })
    judge.judge({ ...entryOf(12), baseFraction: 1 }, testView())
    expect(judge.approved).toMatchObject({ side: 'buy', baseFraction: 0, quoteAmount: 12 })
  })
})
