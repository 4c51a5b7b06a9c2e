import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decimalText } from '../model/money.ts'
import { presets } from '../strategies/weighted-signals/presets.ts'
import { parseConfig } from './parse-config.ts'

const text = readFileSync(join(import.meta.dirname, '../../../example-dashboard/bots.json'), 'utf8')
const raw = JSON.parse(text) as { readonly [key: string]: unknown }
const config = parseConfig(raw)

const A = ['btc', 'eth', 'sol', 'xrp', 'doge']
const B = ['avnt', 'aero', 'sui', 'avax', 'toshi', 'pengu']

describe('bots.json', () => {
  it('[row 2] names the ten pairs and PENGU, all against USD', () => {
    expect(config.bots.map((bot) => bot.instrument)).toEqual(
      ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'AVNT', 'AERO', 'SUI', 'AVAX', 'TOSHI', 'PENGU'].map((base) => `${base}-USD`),
    )
    expect(config.bots.map((bot) => bot.id)).toEqual([...A, ...B])
  })

  it('runs A on five and B on six, with the threshold of the preset', () => {
    for (const bot of config.bots) {
      const preset = A.includes(bot.id) ? presets.aggressiveBalanced : presets.aggressiveBalancedB
      expect([bot.id, bot.strategy.params, bot.actionThreshold]).toEqual([bot.id, preset.params, 0.1])
    }
  })

  it('has the numbers in force for every bot', () => {
    for (const bot of config.bots) {
      expect(bot).toMatchObject({
        timeframeMs: 60_000,
        on: 'close',
        confirmMs: 300_000,
        temperatureThresholds: { cool: 0.05, warm: 0.15, hot: 0.3 },
        tranches: { max: 3 },
        exitFraction: 1,
        sizing: { id: 'temperature', params: { base: 10, min: 5, max: 25, lift: false } },
        exits: [
          { id: 'stop-loss', params: { fraction: 0.05 } },
          { id: 'take-profit', params: { fraction: 0.04 } },
        ],
        execution: { id: 'market' },
      })
      expect(bot.safety.map((rule) => [rule.code, (rule as { params?: unknown }).params])).toEqual([
        ['STALE_DATA', { maxAge: 120_000 }],
        ['TEMPERATURE', { atLeast: 'warm' }],
        ['COOLDOWN', { duration: 900_000 }],
        ['PRICE_STEP', { fraction: 0.008 }],
        ['DAILY_TRADES_BOT', { limit: 12 }],
        ['MAX_POSITION', { limit: 75 }],
        ['TRADE_SIZE', { min: 5, max: 25 }],
        ['MAX_TRANCHES', { max: 3 }],
      ])
    }
  })

  it('has the numbers in force for the account', () => {
    expect(config.environment).toBe('paper')
    expect(Object.entries(config.account.cash).map(([currency, amount]) => [currency, decimalText(amount)])).toEqual([['USD', '1266']])
    expect([config.account.fees.makerRate, config.account.fees.takerRate].map(decimalText)).toEqual(['0.005', '0.009'])
    expect(config.account.safety.map((rule) => [rule.code, (rule as { params?: unknown }).params])).toEqual([
      ['DAILY_LOSS', { limit: 100 }],
      ['DAILY_TRADES_ACCOUNT', { limit: 100 }],
      ['OPEN_POSITIONS', { max: 11 }],
      ['EXPOSURE', { limit: 800 }],
      ['BALANCE', {}],
    ])
  })

  it('hides no number: without the names of presets it reads the same', () => {
    const plain = JSON.parse(text.replaceAll(/\s*"preset": "\w+",/g, '')) as unknown
    expect(JSON.stringify(plain)).not.toContain('preset')
    expect(parseConfig(plain).configHash).toBe(config.configHash)
  })

  it('leaves nothing to the defaults of the library: every key that a bot may have stands in the file', () => {
    const settled = Object.keys(raw['defaults'] as object).sort()
    expect(settled).toEqual([
      'actionThreshold',
      'confirm',
      'execution',
      'exit',
      'exits',
      'on',
      'preset',
      'safety',
      'sizing',
      'strategy',
      'temperature',
      'timeframe',
      'tranches',
    ])
  })
})
