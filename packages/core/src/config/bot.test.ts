import { describe, expect, it } from 'vitest'
import { stopLoss } from '../exits/stop-loss.ts'
import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import { cooldown } from '../safety/cooldown.ts'
import { dailyTrades } from '../safety/daily-trades.ts'
import { temperatureSizing } from '../sizing/temperature-sizing.ts'
import { weightedSignals } from '../strategies/weighted-signals/weighted-signals.ts'
import { bot } from './bot.ts'
import type { BotOptions } from './bot.ts'
import { botDefaults } from './defaults.ts'

const BASE: BotOptions = { id: 'btc', instrument: 'BTC-USD', strategy: weightedSignals() }

function problems(options: unknown): readonly ConfigProblem[] {
  try {
    bot(options as BotOptions)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('bot', () => {
  it('reads the example of the public face', () => {
    const btc = bot({
      id: 'btc',
      instrument: 'BTC-USD',
      timeframe: '1m',
      strategy: weightedSignals(),
      confirm: '5m',
      sizing: temperatureSizing({ base: 10, min: 5, max: 25 }),
      safety: [cooldown('15m')],
    })
    expect(btc).toMatchObject({
      id: 'btc',
      instrument: 'BTC-USD',
      timeframeMs: 60_000,
      confirmMs: 300_000,
      actionThreshold: 0.15,
      exitFraction: 1,
      on: 'close',
    })
    expect(btc.safety.map((rule) => rule.id)).toEqual(['cooldown'])
  })

  it('fills in the defaults from one place', () => {
    const btc = bot(BASE)
    expect([btc.actionThreshold, btc.temperatureThresholds, btc.exitFraction, btc.on, btc.exits, btc.safety]).toEqual([
      botDefaults.actionThreshold,
      botDefaults.temperature,
      botDefaults.exit,
      botDefaults.on,
      [],
      [],
    ])
    expect([btc.sizing.id, btc.execution.id, btc.timeframeMs, btc.confirmMs]).toEqual(['temperature', 'market', 60_000, 300_000])
    expect(Object.keys(btc)).not.toContain('tranches')
  })

  it('takes a zero for what it is', () => {
    expect(bot({ ...BASE, confirm: 0 }).confirmMs).toBe(0)
  })

  it('makes the plan of tranches a rule, after the rules that were given, and takes lists of rules apart', () => {
    const btc = bot({ ...BASE, tranches: { max: 2 }, safety: [dailyTrades({ account: 10, bot: 5 }), cooldown('15m')] })
    expect(btc.tranches).toEqual({ max: 2 })
    expect(btc.safety.map((rule) => rule.code)).toEqual(['DAILY_TRADES_ACCOUNT', 'DAILY_TRADES_BOT', 'COOLDOWN', 'MAX_TRANCHES'])
  })

  it('reports every problem at once', () => {
    expect(
      problems({
        id: 'My Bot',
        timeframe: 'often',
        strategy: weightedSignals,
        exits: [stopLoss(0.05), stopLoss],
        safety: [cooldown],
        actionThreshold: 2,
        cofirm: '5m',
      }),
    ).toEqual([
      { path: 'id', expected: 'an id of 1 to 40 characters from a-z, 0-9 and -', received: '"My Bot"' },
      { path: 'instrument', expected: 'a text', received: 'nothing' },
      { path: 'timeframe', expected: "a duration above zero such as '5m', at most 366 days", received: '"often"' },
      { path: 'strategy', expected: 'a strategy with apiVersion 1 (call its factory first)', received: expect.stringMatching(/^a function/) as string },
      { path: 'actionThreshold', expected: 'a number at most 1', received: '2' },
      { path: 'exits[1]', expected: 'an exit rule with apiVersion 1 (call its factory first)', received: 'a function (stopLoss)' },
      { path: 'safety[0]', expected: 'a safety rule with apiVersion 1 (call its factory first)', received: 'a function (cooldown)' },
      { path: 'cofirm', expected: 'no such key; did you mean "confirm"?', received: '"5m"' },
    ])
  })

  it('says that a strategy is missing', () => {
    expect(problems({ id: 'btc', instrument: 'BTC-USD' })).toEqual([
      { path: 'strategy', expected: 'a strategy with apiVersion 1 (call its factory first)', received: 'nothing' },
    ])
  })

  it('refuses a plugin of another version', () => {
    expect(problems({ ...BASE, sizing: { ...temperatureSizing({ base: 10, min: 5, max: 25 }), apiVersion: 2 } }).map((problem) => problem.path)).toEqual([
      'sizing',
    ])
  })

  it('refuses what is no object at all', () => {
    expect(problems(undefined)).toEqual([{ path: 'configuration', expected: 'an object', received: 'nothing' }])
  })

  it('[row 10] takes the thresholds of the temperature from the configuration', () => {
    expect(bot({ ...BASE, temperature: { cool: 0.2, warm: 0.4, hot: 0.6 } }).temperatureThresholds).toEqual({ cool: 0.2, warm: 0.4, hot: 0.6 })
  })
})
