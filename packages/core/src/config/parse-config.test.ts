import { describe, expect, it } from 'vitest'
import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import { z } from 'zod'
import { builtIns } from './built-ins.ts'
import { defaultGrading } from '../ledger/analytics/grade.ts'
import { parseConfig } from './parse-config.ts'
import { breakerSettings } from '../safety/circuit-breakers.ts'
import { strictSafety } from '../safety/strict-safety.ts'

const BOT = { id: 'btc', instrument: 'BTC-USD', preset: 'balanced' }
const withBot = (changes: object) => ({ bots: [{ ...BOT, ...changes }] })

function problemsOf(json: unknown, registry = builtIns): readonly ConfigProblem[] {
  try {
    parseConfig(json, registry)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}
const paths = (json: unknown) => problemsOf(json).map((problem) => problem.path)

describe('parseConfig', () => {
  it('fills in the defaults: paper, entry tier fees, strict safety, balanced', () => {
    const config = parseConfig({ bots: [BOT] })
    expect(config.json).toEqual({
      environment: 'paper',
      account: {
        cash: {},
        fees: { maker: '0.005', taker: '0.009' },
        booking: 'fifo',
        grading: defaultGrading,
        safety: strictSafety().map(({ id, params }) => ({ id, params })),
        breakers: breakerSettings(),
      },
      bots: [
        {
          id: 'btc',
          instrument: 'BTC-USD',
          timeframeMs: 60_000,
          actionThreshold: 0.15,
          temperatureThresholds: { cool: 0.05, warm: 0.15, hot: 0.3 },
          confirmMs: 300_000,
          exitFraction: 1,
          on: 'close',
          exits: [],
          safety: [],
          strategy: { id: 'weighted-signals', params: expect.objectContaining({ set: 'standard' }) as unknown },
          sizing: { id: 'temperature', params: { base: 10, min: 5, max: 25, lift: false } },
          execution: { id: 'market', params: {} },
        },
      ],
    })
  })

  it('takes plugins by name alone and with parameters, and one name for several rules', () => {
    const [bot] = parseConfig(
      withBot({
        safety: ['balance', { use: 'daily-trades', params: { account: 9, bot: 3 } }, { use: 'cooldown', params: { duration: '1h' } }],
        execution: { use: 'market' },
      }),
    ).bots
    expect(bot!.safety.map((rule) => rule.id)).toEqual(['balance', 'daily-trades-account', 'daily-trades-bot', 'cooldown'])
  })

  it('lets a bot overrule the defaults key by key, and a preset overrule defaults but not its neighbours', () => {
    const { bots } = parseConfig({
      defaults: { timeframe: '5m', confirm: 0, actionThreshold: 0.4, strategy: 'weighted-signals', exits: [{ use: 'stop-loss', params: { fraction: 0.1 } }] },
      bots: [
        { id: 'a', instrument: 'BTC-USD' },
        { id: 'b', instrument: 'ETH-USD', timeframe: 900_000, preset: 'aggressive', exits: [] },
      ],
    })
    expect(bots.map((bot) => [bot.timeframeMs, bot.confirmMs, bot.actionThreshold, bot.exits.length])).toEqual([
      [300_000, 0, 0.4, 1],
      [900_000, 0, 0.1, 0],
    ])
  })

  it('reports every problem at once, each with path, expected and received', () => {
    const problems = problemsOf({
      environment: 'life',
      account: { cash: { USD: -5, usd: 1 }, fees: { taker: 0.9 }, safety: ['cool-down'] },
      bots: [
        { id: 'BTC', instrument: 'btcusd', preset: 'balanced', confirm: '5 minutes', confrim: '5m' },
        {
          id: 'eth',
          instrument: 'ETH-USD',
          strategy: { use: 'weighted-signals', params: { rsi: { period: 1 }, macd: { fast: 30 }, rsl: {} } },
          exits: [{ use: 'stop-loss', params: { fraction: 5 } }],
          sizing: { params: {} },
        },
      ],
    })
    expect(problems).toEqual([
      { path: 'environment', expected: 'one of "backtest", "paper", "live"', received: '"life"' },
      { path: 'account.cash.USD', expected: expect.stringContaining('an amount from 0') as string, received: '-5' },
      { path: 'account.cash.usd', expected: 'a key that is a currency such as "USD"', received: '1' },
      { path: 'account.fees.taker', expected: 'a rate from 0 to 0.1, such as 0.009 for 0.9 %', received: '0.9' },
      { path: 'account.safety[0]', expected: expect.stringMatching(/^a safety rule: one of .*did you mean "cooldown"\?$/) as string, received: '"cool-down"' },
      { path: 'bots[0].id', expected: 'an id of 1 to 40 characters from a-z, 0-9 and -', received: '"BTC"' },
      { path: 'bots[0].instrument', expected: "an instrument such as 'BTC-USD'", received: '"btcusd"' },
      { path: 'bots[0].confirm', expected: "a duration such as '5m' or whole milliseconds, at most 366 days", received: '"5 minutes"' },
      { path: 'bots[0].confrim', expected: 'no such key; did you mean "confirm"?', received: '"5m"' },
      { path: 'bots[1].strategy.params.rsi.period', expected: 'a number at least 2', received: '1' },
      { path: 'bots[1].strategy.params.macd.slow', expected: 'a period above fast', received: 'nothing' },
      { path: 'bots[1].strategy.params.rsl', expected: 'no such key; did you mean "rsi"?', received: '{}' },
      { path: 'bots[1].sizing.use', expected: 'a text', received: 'nothing' },
      { path: 'bots[1].exits[0].params.fraction', expected: 'a number below 1', received: '5' },
    ])
  })

  it.each([
    ['no object', 7, ['configuration']],
    ['no bots', {}, ['bots']],
    ['an empty list of bots', { bots: [] }, ['bots']],
    ['an unknown key at the top', { bots: [BOT], bot: [] }, ['bot']],
    [
      'a __proto__ key at the top',
      JSON.parse('{"bots":[{"id":"btc","instrument":"BTC-USD","preset":"balanced"}],"__proto__":{"environment":"live"}}'),
      ['__proto__'],
    ],
    [
      'a __proto__ key in a bot',
      JSON.parse('{"bots":[{"id":"btc","instrument":"BTC-USD","preset":"balanced","__proto__":{"confirm":0}}]}'),
      ['bots[0].__proto__'],
    ],
    [
      'a __proto__ key in parameters',
      JSON.parse('{"bots":[{"id":"btc","instrument":"BTC-USD","strategy":{"use":"weighted-signals","params":{"__proto__":{}}}}]}'),
      ['bots[0].strategy.params.__proto__'],
    ],
    ['a constructor key', withBot({ constructor: 1 }), ['bots[0].constructor']],
    ['a plugin called like a member of every object', withBot({ execution: 'toString' }), ['bots[0].execution']],
    ['no strategy anywhere', { bots: [{ id: 'btc', instrument: 'BTC-USD' }] }, ['bots[0].strategy']],
    ['an unknown preset', withBot({ preset: 'reckless' }), ['bots[0].preset']],
    ['an unknown strategy', withBot({ preset: undefined, strategy: 'weighted-signal' }), ['bots[0].strategy']],
    ['a NaN threshold', withBot({ actionThreshold: Number.NaN }), ['bots[0].actionThreshold']],
    ['an infinite threshold', withBot({ actionThreshold: Number.POSITIVE_INFINITY }), ['bots[0].actionThreshold']],
    ['a threshold of 0', withBot({ actionThreshold: 0 }), ['bots[0].actionThreshold']],
    ['thresholds that do not rise', withBot({ temperature: { cool: 0.2, warm: 0.15, hot: 0.3 } }), ['bots[0].temperature']],
    ['a timeframe of 0', withBot({ timeframe: 0 }), ['bots[0].timeframe']],
    ['half a millisecond', withBot({ confirm: 0.5 }), ['bots[0].confirm']],
    ['a duration of years', withBot({ confirm: '4000d' }), ['bots[0].confirm']],
    ['a negative amount', withBot({ sizing: { use: 'fixed', params: { quote: -1 } } }), ['bots[0].sizing.params.quote']],
    ['1e30', withBot({ sizing: { use: 'fixed', params: { quote: 1e30 } } }), ['bots[0].sizing.params.quote']],
    ['1e30 as text', withBot({ sizing: { use: 'fixed', params: { quote: '1e30' } } }), ['bots[0].sizing.params.quote']],
    ['nine decimals', withBot({ sizing: { use: 'fixed', params: { quote: '1.000000001' } } }), ['bots[0].sizing.params.quote']],
    ['sixteen digits', withBot({ sizing: { use: 'fixed', params: { quote: 12345678.90123456 } } }), ['bots[0].sizing.params.quote']],
    ['an amount in words', withBot({ sizing: { use: 'fixed', params: { quote: 'ten' } } }), ['bots[0].sizing.params.quote']],
    ['a minimum above the maximum', withBot({ safety: [{ use: 'trade-size', params: { min: 25, max: 5 } }] }), ['bots[0].safety[0].params.max']],
    ['parameters for a rule that has none', withBot({ safety: [{ use: 'balance', params: { floor: 5 } }] }), ['bots[0].safety[0].params.floor']],
    ['a forgotten parameter', withBot({ safety: ['cooldown'] }), ['bots[0].safety[0].params.duration']],
    ['a reference with another key', withBot({ execution: { uses: 'market' } }), ['bots[0].execution.use', 'bots[0].execution.uses']],
    ['an id of 41 characters', { bots: [{ ...BOT, id: 'a'.repeat(41) }] }, ['bots[0].id']],
    ['the same id twice', { bots: [BOT, { ...BOT, id: 'eth' }, BOT] }, ['bots[2].id']],
    ['adopting itself', { bots: [{ ...BOT, adopt: BOT.id }] }, ['bots[0].adopt']],
    ['adopting for all bots at once', { defaults: { adopt: 'old' }, bots: [BOT] }, ['defaults.adopt']],
    ['a preset beside another threshold', withBot({ actionThreshold: 0.2 }), ['bots[0].actionThreshold']],
    ['a preset beside other weights', withBot({ strategy: { use: 'weighted-signals', params: { rsi: { weight: 0.3 } } } }), ['bots[0].strategy.params']],
    ['an environment variable for live', { environment: 'LIVE', bots: [BOT] }, ['environment']],
  ] as [string, unknown, string[]][])('refuses %s', (_name, json, expected) => {
    expect(paths(json)).toEqual(expected)
  })

  it('accepts the ends of its ranges', () => {
    expect(
      paths(
        withBot({
          preset: undefined,
          strategy: 'weighted-signals',
          actionThreshold: 1,
          confirm: 0,
          exit: 1,
          id: 'a',
          sizing: { use: 'fixed', params: { quote: '0.00000001' } },
        }),
      ),
    ).toEqual([])
    expect(paths({ account: { cash: { USD: 0, EUR: '1000000000000' } }, bots: [{ ...BOT, id: 'a-0'.padEnd(40, 'z') }] })).toEqual([])
  })

  it('takes plugins that somebody else registered, and keeps the reason when their factory refuses', () => {
    const hold: SafetyRule = { apiVersion: 1, id: 'x-hold', code: 'x-hold', appliesTo: 'all', check: (_intent, _view, verdict) => verdict.allow(1) }
    const registry = {
      ...builtIns,
      safety: {
        ...builtIns.safety,
        './hold.ts#hold': { params: z.strictObject({}), make: () => [hold] },
        './broken.ts': {
          params: z.unknown(),
          make: () => {
            throw new Error('needs a moon')
          },
        },
      },
    }
    expect(problemsOf(withBot({ safety: ['./broken.ts'] }), registry)).toEqual([
      { path: 'bots[0].safety[0].params', expected: 'parameters that the plugin accepts (needs a moon)', received: 'nothing' },
    ])
    // A plugin's rule for exits must be named.
    expect(problemsOf(withBot({ safety: ['./hold.ts#hold'] }), registry)).toEqual([
      { path: 'bots[0].safety[0]', expected: 'a rule for entries, or its id "x-hold" in mayBlockExits', received: 'x-hold with appliesTo "all"' },
    ])
    expect(problemsOf(withBot({ safety: ['./hold.ts#hold'], mayBlockExits: ['x-hold'] }), registry)).toEqual([])
    expect(problemsOf({ account: { safety: ['./hold.ts#hold'] }, bots: [BOT] }, registry)).toHaveLength(1)
    expect(problemsOf({ account: { safety: ['./hold.ts#hold'], mayBlockExits: ['x-hold'] }, bots: [BOT] }, registry)).toEqual([])
  })

  it('names the same configuration with the same hash, whatever the order of keys and the form of numbers', () => {
    const one = parseConfig({ account: { cash: { USD: 100 } }, bots: [{ id: 'a', instrument: 'BTC-USD', preset: 'balanced', confirm: '5m' }] })
    const two = parseConfig({ bots: [{ confirm: 300_000, preset: 'balanced', instrument: 'BTC-USD', id: 'a' }], account: { cash: { USD: '100.00' } } })
    const three = parseConfig({ account: { cash: { USD: 101 } }, bots: [{ id: 'a', instrument: 'BTC-USD', preset: 'balanced', confirm: '5m' }] })
    expect(two.configHash).toBe(one.configHash)
    expect(three.configHash).not.toBe(one.configHash)
    expect(one.configHash).toMatch(/^[0-9a-f]{64}$/)
  })
})
