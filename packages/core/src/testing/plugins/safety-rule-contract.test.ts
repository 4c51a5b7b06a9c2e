import { describe, expect, test } from 'vitest'
import type { BotView } from '../../contracts/bot-view.ts'
import type { SafetyRule, VerdictBuilder } from '../../contracts/safety-rule.ts'
import { everyRule } from '../../safety/every-rule.fixture.ts'
import { testView } from '../../safety/view.fixture.ts'
import { outcomeOf } from './kit-outcome.fixture.ts'
import { safetyRuleContract } from './safety-rule-contract.ts'

describe('every safety rule of the library keeps the contract', () => {
  test.each(everyRule().map((rule, i) => [rule.id, i] as const))('%s', (_id, i) => {
    const { broken, skipped } = outcomeOf(safetyRuleContract(() => everyRule()[i]!))
    expect([...broken.values()]).toEqual([])
    expect(skipped.length).toBeLessThanOrEqual(5)
  })
})

/** At most so much of the day may be lost, no entry too soon, and no more than 50 in all. */
const honest = (change: Partial<SafetyRule> = {}): SafetyRule => ({
  apiVersion: 1,
  id: 'mine',
  code: 'x-mine',
  unit: 'quote',
  stops: 'bot',
  check(intent, view, verdict) {
    verdict.require(100 - view.today.peakLoss)
    if (intent.rest !== true) verdict.require(view.nowMs - view.lastFillMs - 60_000, view.lastFillMs + 60_000)
    if (!(intent.quoteAmount <= 50)) verdict.reduce(50, 50 - intent.quoteAmount)
  },
  trips: (view) => !(view.today.peakLoss <= 100),
  describe: ({ margin }) => `${-margin} is missing`,
  ...change,
})
const check = (...args: Parameters<SafetyRule['check']>): void => honest().check(...args)
const also = (more: SafetyRule['check']): SafetyRule =>
  honest({
    check(intent, view, verdict) {
      check(intent, view, verdict)
      more(intent, view, verdict)
    },
  })
const lever = (change: Partial<NonNullable<SafetyRule['lever']>>): SafetyRule =>
  honest({
    check: (_intent, view, verdict) => verdict.require(100 - view.today.peakLoss),
    lever: {
      what: 'loss of the day',
      grid: 'cent',
      ways: [-1],
      read: ({ view }) => view.today.peakLoss,
      move: ({ view }, by) => void (view.today.peakLoss += by),
      ...change,
    },
  })

const mutants: Readonly<Record<string, readonly [caught: RegExp, make: () => SafetyRule, says?: RegExp]>> = {
  "takes a code of the library's that there is not": [/names itself/, () => honest({ code: 'MY_RULE' }), /starts with x-/],
  'stops something and trips never': [/names itself/, () => ({ apiVersion: 1, id: 'mine', code: 'x-mine', stops: 'day', check })],
  'holds nothing back': [/holds something back/, () => honest({ check: (_i, _v, verdict) => verdict.allow(1), trips: () => false }), /pass `fires`/],
  'holds everything back': [/holds something back/, () => honest({ check: (_i, _v, verdict) => verdict.deny(-1) })],
  'turns the sign of its margin round': [
    /margins tell/,
    () => also((_i, view, verdict) => (view.today.loss > 50 ? verdict.deny(view.today.loss - 50) : verdict.allow(50 - view.today.loss))),
  ],
  'allows with a negative margin': [/margins tell/, () => also((_i, view, verdict) => verdict.allow(50 - view.today.loss))],
  'lets a loss of NaN through': [
    /cannot be measured/,
    () =>
      honest({
        check(_i, view, verdict) {
          if (view.today.peakLoss > 100) verdict.deny(100 - view.today.peakLoss)
        },
      }),
    /today\.peakLoss decides.*but NaN is let through/,
  ],
  'lets a price of NaN through': [
    /cannot be measured/,
    () => also((_i, view, verdict) => (view.market.price > 50_000 ? verdict.deny(-1) : verdict.allow(1))),
    /market\.price decides/,
  ],
  'lets an amount of NaN through': [
    /cannot be measured/,
    () => honest({ check: (i, _v, verdict) => void (i.quoteAmount > 50 && verdict.reduce(50, 50 - i.quoteAmount)), trips: () => false }),
  ],
  'reduces to what it reduces again': [
    /reduction is an amount/,
    () => also((i, _v, verdict) => void (i.quoteAmount > 20 && verdict.reduce(i.quoteAmount - 1, -1))),
  ],
  'reduces to more than was asked for': [
    /reduction is an amount/,
    () => also((i, _v, verdict) => void (i.quoteAmount > 40 && verdict.reduce(2 * i.quoteAmount, -1))),
  ],
  'gives a duration for the end of a denial': [
    /ends later than now/,
    () => honest({ check: (i, v, verdict) => (check(i, v, verdict), v.nowMs - v.lastFillMs < 60_000 ? verdict.deny(-1, 60_000) : undefined) }),
  ],
  'denies the rest of its own entry': [
    /rest of an entry/,
    () => honest({ check: (_i, v, verdict) => verdict.require(v.nowMs - v.lastFillMs - 60_000), trips: () => false }),
  ],
  'trips without a denial': [/trips it is denied/, () => honest({ trips: (view) => view.today.peakLoss > 20 })],
  'trips with a number': [/trips it is denied/, () => honest({ trips: ((view: BotView) => view.today.peakLoss) as unknown as (view: BotView) => boolean })],
  'describes what it does not know': [/tells a person/, () => honest({ describe: (verdict) => `${String((verdict as { limit?: number }).limit)} is missing` })],
  'moves another number than it reads': [/its lever/, () => lever({ move: ({ view }, by) => void (view.today.loss += by) }), /expected .* to be read/],
  'has a lever that is moved the wrong way': [/its lever/, () => lever({ ways: [1] }), /did not release it/],
  'counts how often it was asked': [
    /whatever it was asked before/,
    () => {
      let asked = 0
      return also((_i, _v, verdict) => verdict.require(10 - (asked++ % 11)))
    },
  ],
  'remembers the worst loss itself': [
    /whatever it was asked before/,
    () => {
      let worst = 0
      return also((_i, view, verdict) => verdict.require(200 - (worst = Math.max(worst, view.today.loss + view.portfolio.todayLoss))))
    },
  ],
  'keeps the view': [
    /keeps nothing/,
    () => {
      let last: BotView | undefined
      return also((_i, view, verdict) => {
        if (last !== undefined && view.today.loss > last.today.loss) verdict.deny(-1)
        last = view
      })
    },
  ],
  'resets the loss of the day': [/changes nothing of what/, () => also((_i, view) => void ((view.today as { loss: number }).loss = 0))],
  'writes the amount into the intent': [
    /changes nothing of the intent/,
    () => also((i) => void ((i as { quoteAmount: number }).quoteAmount = Math.min(i.quoteAmount, 50))),
  ],
  'keeps the verdict': [
    /answers in every situation/,
    () => {
      let last: VerdictBuilder | undefined
      return also((_i, _v, verdict) => {
        last?.allow(1)
        last = verdict
      })
    },
    /kept the verdict/,
  ],
  'opens at nine by the clock of the machine': [/without a clock/, () => also((_i, _v, verdict) => verdict.require(new Date().getHours() - 9))],
}

describe('a safety rule is found out that', () => {
  test.each(Object.entries(mutants))('%s', (_name, [caught, make, says = /To put it right: /]) => {
    const { broken } = outcomeOf(safetyRuleContract(make).filter(({ name }) => caught.test(name)))
    expect([...broken.values()].join('\n')).toMatch(says)
  })

  test('and every promise is broken by one of them', () => {
    const finders = Object.values(mutants).map(([caught]) => caught)
    expect(safetyRuleContract(honest).filter(({ name }) => !finders.some((caught) => caught.test(name)))).toEqual([])
    expect(outcomeOf(safetyRuleContract(honest)).broken).toEqual(new Map())
    expect(outcomeOf(safetyRuleContract(() => lever({}))).broken).toEqual(new Map())
  })
})

test('a rule that no made-up situation sets off is tried where its author says', () => {
  const rule = (): SafetyRule => ({
    apiVersion: 1,
    id: 'mine',
    code: 'x-mine',
    check: (_intent, view, verdict) => verdict.require(view.instrument === 'DOGE-USD' ? -1 : 1),
  })
  const name = 'it lets something through, and holds something back'
  expect(outcomeOf(safetyRuleContract(rule)).broken.get(name)).toContain('it held nothing back')
  expect(outcomeOf(safetyRuleContract(rule, { fires: [{ view: testView({ instrument: 'DOGE-USD' }) }] })).broken).toEqual(new Map())
  expect(outcomeOf(safetyRuleContract(rule, { fires: [{ view: testView() }] })).broken.get(name)).toContain('as `fires` promises')
})
