import { describe, expect, it } from 'vitest'
import { cooldown } from './cooldown.ts'
import { correlationGroup } from './correlation-group.ts'
import { dailyLossLimit } from './daily-loss.ts'
import { dailyTrades } from './daily-trades.ts'
import { everyRule } from './every-rule.fixture.ts'
import { Judge } from './judge.ts'
import { limitsJson, mergePatches, patchRules } from './limits.ts'
import type { RuleSet } from './limits.ts'
import { breakerSettings } from './circuit-breakers.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import type { Json } from '../model/json.ts'
import { minTemperature } from './min-temperature.ts'
import { tradeSize } from './trade-size.ts'
import { entryOf, testView } from './view.fixture.ts'

const rules: RuleSet = {
  account: [dailyLossLimit(100), ...dailyTrades({ account: 10 }), { apiVersion: 1, id: 'x-own', code: 'x-own', check: () => undefined }],
  bots: [
    { id: 'btc', rules: [cooldown('15m'), minTemperature('warm'), tradeSize(5, 25)] },
    { id: 'eth', rules: [cooldown('15m')] },
  ],
}
const paramsOf = (set: RuleSet, id: string): Json => {
  const all = [...set.account, ...set.bots.flatMap((bot) => bot.rules)] as unknown as readonly ConfiguredRule[]
  return all.find((rule) => rule.id === id)!.params
}
const patched = (patch: unknown, base = rules): RuleSet => {
  const read = patchRules(base, patch)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.rules
}
const problemsOf = (patch: unknown, base = rules) => {
  const read = patchRules(base, patch)
  return 'problems' in read ? read.problems : []
}

describe('patchRules', () => {
  it('tightens what it names and nothing else', () => {
    const next = patched({ account: { 'daily-loss': { limit: 50 } }, bots: { btc: { cooldown: { duration: '30m' }, 'trade-size': { max: 20 } } } })
    expect([paramsOf(next, 'daily-loss'), paramsOf(next, 'cooldown'), paramsOf(next, 'trade-size')]).toEqual([
      { limit: 50 },
      { duration: 1_800_000 },
      { min: 5, max: 20 },
    ])
    expect(next.bots[1]!.rules[0]).toBe(rules.bots[1]!.rules[0])
    expect(paramsOf(rules, 'daily-loss')).toEqual({ limit: 100 })
  })
  it('[INC-02] refuses to loosen, naming path, what is in force and what was asked for, and then changes nothing at all', () => {
    const patch = {
      account: { 'daily-loss': { limit: 500 }, 'daily-trades-account': { limit: 9 } },
      bots: { btc: { cooldown: { duration: '3m' }, 'min-temperature': { atLeast: 'cool' } } },
    }
    expect(problemsOf(patch)).toEqual([
      { path: 'account.daily-loss.limit', expected: 'at most 100, which is in force: limits loosen only at a restart', received: '500' },
      { path: 'bots.btc.cooldown.duration', expected: 'at least 900000, which is in force: limits loosen only at a restart', received: '180000' },
      { path: 'bots.btc.min-temperature.atLeast', expected: 'at least "warm", which is in force: limits loosen only at a restart', received: '"cool"' },
    ])
  })
  it('allows what is in force already, to the last digit', () => {
    expect(paramsOf(patched({ account: { 'daily-loss': { limit: 100 } } }), 'daily-loss')).toEqual({ limit: 100 })
    expect(problemsOf({ account: { 'daily-loss': { limit: 100.01 } } })).toHaveLength(1)
  })
  it('[INC-13] refuses what does not exist, with what does', () => {
    expect(problemsOf({ account: { 'daily-los': { limit: 1 } } })).toEqual([
      { path: 'account.daily-los', expected: 'one of the rules daily-loss, daily-trades-account, x-own', received: '"daily-los"' },
    ])
    expect(problemsOf({ account: { 'daily-loss': { limits: 1 } } })[0]).toMatchObject({ path: 'account.daily-loss.limits', expected: 'one of limit' })
    expect(problemsOf({ bots: { sol: {} } })[0]).toMatchObject({ path: 'bots.sol', expected: 'one of the bots btc, eth' })
    expect(problemsOf({ acount: {} })[0]).toMatchObject({ path: 'limits.acount' })
    expect(problemsOf({ account: { 'x-own': { limit: 1 } } })[0]).toMatchObject({ path: 'account.x-own' })
  })
  it('[INC-12] refuses a value that is none, and takes zero for zero', () => {
    expect(problemsOf({ account: { 'daily-loss': { limit: 0 } } })[0]).toMatchObject({ path: 'account.daily-loss.limit' })
    expect(problemsOf({ bots: { btc: { cooldown: { duration: 'soon' } } } })[0]).toMatchObject({ path: 'bots.btc.cooldown.duration' })
    expect(paramsOf(patched({ account: { 'daily-trades-account': { limit: 0 } } }), 'daily-trades-account')).toEqual({ limit: 0 })
    expect(problemsOf({ bots: { btc: { cooldown: { duration: 0 } } } })).toHaveLength(1)
  })
  it('cannot tell two rules with one id apart', () => {
    const groups = { account: [correlationGroup({ instruments: ['A-USD'], max: 2 }), correlationGroup({ instruments: ['B-USD'], max: 2 })], bots: [] }
    expect(problemsOf({ account: { 'correlation-group': { max: 1 } } }, groups)[0]).toMatchObject({ path: 'account.correlation-group' })
    expect(Object.keys((limitsJson(groups, breakerSettings()) as { account: object }).account)).toEqual(['correlation-group', 'correlation-group#2'])
  })
  it('lets a rule of a plugin take part: it denies by the new limit', () => {
    const own = (params: { readonly most: number }): ConfiguredRule => ({
      apiVersion: 1,
      id: 'x-most',
      code: 'x-most',
      params,
      limits: limitPolicy({ most: 'lower' }, own),
      check: (intent, _view, verdict) => verdict.require(params.most - intent.quoteAmount),
    })
    const set: RuleSet = { account: [own({ most: 20 })], bots: [] }
    expect(problemsOf({ account: { 'x-most': { most: 21 } } }, set)).toHaveLength(1)
    const [rule] = patched({ account: { 'x-most': { most: 9 } } }, set).account
    expect([new Judge([rule!]).judge(entryOf(9), testView()), new Judge([rule!]).judge(entryOf(10), testView())]).toEqual([9, 0])
  })
  it('says of every rule of the library which way is tighter, and remakes it as it is', () => {
    for (const rule of everyRule()) {
      if (rule.limits === undefined) {
        expect(['balance', 'environment', 'trading-window', 'emergency-latch', 'trading-state']).toContain(rule.id)
        continue
      }
      const again = rule.limits.remake(rule.params)
      expect([again.id, again.code, again.params]).toEqual([rule.id, rule.code, rule.params])
      for (const key of Object.keys(rule.limits.tighter)) expect(Object.keys(rule.params as object)).toContain(key)
    }
  })
})

describe('mergePatches', () => {
  it('does what both do, the later after the earlier', () => {
    expect(mergePatches({ account: { a: { x: 1, y: 1 } } }, { account: { a: { x: 2 }, b: { z: 3 } }, bots: { btc: { c: { w: 4 } } } })).toEqual({
      account: { a: { x: 2, y: 1 }, b: { z: 3 } },
      bots: { btc: { c: { w: 4 } } },
    })
  })
})

describe('Judge.replaceRules', () => {
  it('judges by the new limits, the smallest trade included', () => {
    const judge = new Judge([tradeSize(5, 25)])
    judge.replaceRules([tradeSize(10, 20)])
    expect([judge.minQuote, judge.judge(entryOf(9), testView()), judge.judge(entryOf(50), testView())]).toEqual([10, 0, 20])
  })
  it('takes the same rules only', () => {
    expect(() => new Judge([tradeSize(5, 25)]).replaceRules([])).toThrow('expected the rules trade-size')
    expect(() => new Judge([tradeSize(5, 25)]).replaceRules([cooldown('1m')])).toThrow('received cooldown')
  })
})
