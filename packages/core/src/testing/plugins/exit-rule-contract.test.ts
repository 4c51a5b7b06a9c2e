import { describe, expect, test } from 'vitest'
import { builtIns } from '../../config/built-ins.ts'
import type { ExitRule } from '../../contracts/exit-rule.ts'
import type { PositionView } from '../../model/position.ts'
import { exitRuleContract } from './exit-rule-contract.ts'
import { outcomeOf } from './kit-outcome.fixture.ts'

const params: Readonly<Record<keyof typeof builtIns.exits, readonly unknown[]>> = {
  'break-even': [{ after: 0.03 }],
  'profit-ladder': [{}, { rungs: [{ at: 0.05, sell: 0.5 }] }],
  'stop-loss': [{ fraction: 0.05 }],
  'take-profit': [{ fraction: 0.08 }],
  'time-stop': [{ duration: '4h' }],
  'trailing-stop': [{ fraction: 0.03 }, { fraction: 0.03, activateAt: 0.05 }],
}

describe('every exit rule of the library keeps the contract', () => {
  test.each(Object.entries(builtIns.exits).flatMap(([name, entry]) => params[name]!.map((each) => [name, each, entry] as const)))(
    '%s %j',
    (_name, each, entry) => {
      const { broken, skipped } = outcomeOf(exitRuleContract(() => entry.make(entry.params.parse(each))))
      expect([...broken.values()]).toEqual([])
      expect(skipped.length).toBeLessThanOrEqual(4)
    },
  )
})

/** Sells at a level below the average entry. */
const honest = (change: Partial<ExitRule> = {}): ExitRule => ({
  apiVersion: 1,
  id: 'mine',
  check: (position, view) => (position.open && view.market.price <= level(position) ? 1 : 0),
  trigger: level,
  describe: (position) => `stop at ${level(position).toPrecision(6)}`,
  ...change,
})
const level = (position: PositionView): number => position.averageEntry * 0.95

const mutants: Readonly<Record<string, readonly [caught: RegExp, make: () => ExitRule, says?: RegExp]>> = {
  'has no version': [/names itself/, () => honest({ apiVersion: 2 as 1 })],
  'has parameters that cannot be printed': [/names itself/, () => Object.assign(honest(), { params: { fraction: Number.NaN } })],
  'says how a trigger is reached that it does not have': [/names itself/, () => ({ apiVersion: 1, id: 'mine', triggerKind: 'profit', check: honest().check })],
  'sells more than there is': [/share of the position/, () => honest({ check: (p, v) => honest().check(p, v) * 2 }), /received 2.*\n.*To put it right/],
  'divides by a quantity of nothing': [
    /sells nothing while/,
    () => honest({ check: (p, v) => (v.market.price <= level(p) ? 1 : p.cost / p.quantity > 0 ? 0 : 0.5) }),
  ],
  'sells before it holds': [/sells nothing while/, () => honest({ check: (p, v) => (v.market.price > level(p) ? 0 : 1) })],
  'turns the comparison round': [/at its trigger/, () => honest({ check: (p, v) => (p.open && v.market.price >= level(p) ? 1 : 0) })],
  'never fires': [/fires somewhere/, () => ({ apiVersion: 1, id: 'mine', check: () => 0 })],
  'always fires': [/fires somewhere/, () => ({ apiVersion: 1, id: 'mine', check: (p) => (p.open ? 1 : 0) })],
  'has a trigger of zero while it is not armed': [/trigger is a price/, () => honest({ trigger: (p) => (p.open ? level(p) : 0) })],
  'checks at a deeper price than its trigger': [
    /at its trigger the check/,
    () => honest({ check: (p, v) => (p.open && v.market.price <= level(p) * 0.97 ? 1 : 0) }),
    /trigger\(\) says that it fires at/,
  ],
  'checks at a higher price than its trigger': [/before its trigger/, () => honest({ trigger: (p) => p.averageEntry * 0.9 })],
  'forgets that a profit is reached from below': [
    /at its trigger/,
    () => honest({ check: (p, v) => (p.open && v.market.price >= p.averageEntry * 1.05 ? 1 : 0), trigger: (p) => p.averageEntry * 1.05 }),
  ],
  'triggers the sale of nothing': [/what a trigger sells/, () => honest({ triggerFraction: 0 })],
  'reads the peak and does not say so': [
    /reads the extremes/,
    () =>
      honest({ check: (p, v) => (p.open && v.market.price <= p.highestPrice * 0.9 ? 1 : 0), trigger: (p) => p.highestPrice * 0.9, describe: () => 'trailing' }),
  ],
  'describes a number that is none': [/tells a person/, () => honest({ describe: (p) => `stop at ${(p as unknown as { entry: number }).entry}` })],
  'counts its calls': [
    /whatever it was asked before/,
    () => {
      let calls = 0
      return honest({ check: (p, v) => (calls++ % 7 === 3 && p.open ? 1 : honest().check(p, v)) })
    },
  ],
  'remembers the highest price itself': [
    /whatever it was asked before/,
    () => {
      let highest = 0
      return honest({
        check(p, v) {
          if (p.open) highest = Math.max(highest, v.market.price / p.averageEntry)
          return p.open && v.market.price < highest * p.averageEntry * 0.6 ? 1 : honest().check(p, v)
        },
      })
    },
  ],
  'keeps the position': [
    /keeps nothing/,
    () => {
      let last: PositionView | undefined
      return honest({
        check(p, v) {
          const grew = last !== undefined && p.lots > last.lots
          last = p
          return grew ? 0 : honest().check(p, v)
        },
      })
    },
  ],
  'changes the position': [/changes nothing/, () => honest({ describe: (p) => `sold ${String(((p as { lots: number }).lots -= 0.5))}` })],
  'looks at the clock': [
    /without a clock/,
    () => honest({ check: (p, v) => (p.open && Date.now() - p.openedAtMs > 3_600_000 ? 1 : honest().check(p, v)) }),
    /asks the clock: time is an argument/,
  ],
  'draws lots': [/without a clock/, () => honest({ check: (p) => (p.open && Math.random() < 0.5 ? 1 : 0) })],
  'throws while flat': [
    /answers in every situation/,
    () =>
      honest({
        trigger(p) {
          if (!p.open) throw new Error('no position')
          return level(p)
        },
      }),
  ],
}

describe('an exit rule is found out that', () => {
  test.each(Object.entries(mutants))('%s', (_name, [caught, make, says = /To put it right: /]) => {
    const { broken } = outcomeOf(exitRuleContract(make).filter(({ name }) => caught.test(name)))
    expect([...broken.values()].join('\n')).toMatch(says)
  })

  test('and every promise is broken by one of them', () => {
    const finders = Object.values(mutants).map(([caught]) => caught)
    expect(exitRuleContract(honest).filter(({ name }) => !finders.some((caught) => caught.test(name)))).toEqual([])
    expect(outcomeOf(exitRuleContract(honest)).broken).toEqual(new Map())
  })
})
