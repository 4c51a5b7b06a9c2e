import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { botJson } from './config-json.ts'
import { bot, botOptionKeys } from './bot.ts'
import type { BotOptions } from './bot.ts'
import { builtIns } from './built-ins.ts'
import { parseConfig } from './parse-config.ts'
import { marketOrders } from '../pipeline/execution/market-orders.ts'
import { stopLoss } from '../exits/stop-loss.ts'
import { breakerDefaults } from '../safety/circuit-breakers.ts'
import { fixedSize } from '../sizing/fixed-size.ts'
import { balance } from '../safety/balance.ts'
import { weightedSignals } from '../strategies/weighted-signals/weighted-signals.ts'

const BASE: BotOptions = { id: 'btc', instrument: 'BTC-USD', strategy: weightedSignals() }

/** Another value for every option, so that a key nobody reads shows as a bot that has not changed. */
const others: { readonly [K in keyof Required<BotOptions>]: Partial<BotOptions> } = {
  id: { id: 'eth' },
  instrument: { instrument: 'ETH-USD' },
  strategy: { strategy: weightedSignals({ rsi: { period: 15 } }) },
  timeframe: { timeframe: '5m' },
  actionThreshold: { actionThreshold: 0.2 },
  temperature: { temperature: { cool: 0.1, warm: 0.2, hot: 0.4 } },
  confirm: { confirm: 0 },
  sizing: { sizing: fixedSize(10) },
  tranches: { tranches: { max: 2 } },
  exits: { exits: [stopLoss(0.05)] },
  exit: { exit: 0.5 },
  safety: { safety: [balance()] },
  mayBlockExits: { mayBlockExits: ['x-hold'], safety: [{ apiVersion: 1, id: 'x-hold', code: 'x-hold', appliesTo: 'all', check: () => undefined }] },
  execution: { execution: { ...marketOrders(), id: 'x-other' } },
  on: { on: 'update' },
  retire: { retire: true },
  adopt: { adopt: 'old' },
}

type Alternatives = Readonly<Record<string, Readonly<Record<string, readonly [one: unknown, other: unknown]>>>>

/** Two values for every parameter of every plugin that a file can name. */
const alternatives: { readonly [K in keyof typeof builtIns]: Alternatives } = {
  strategies: {
    'weighted-signals': {
      set: ['standard', 'compat'],
      rsi: [{ weight: 0.4 }, { weight: 0.3 }],
      movingAverage: [{ fast: 12 }, { fast: 13 }],
      macd: [{ signal: 9 }, { signal: 8 }],
    },
    'trend-following': { fast: [20, 21], slow: [50, 51], atr: [14, 15], filter: [0.5, 0.6] },
    'mean-reversion': { rsi: [14, 15], oversold: [30, 31], overbought: [70, 71], period: [20, 21], deviations: [2, 2.5] },
    breakout: { entry: [20, 21], exit: [10, 11], volume: [20, 21], surge: [1.5, 2] },
    'grid-ladder': { step: [0.02, 0.03], rungs: [3, 4], profit: [0.03, 0.04] },
    combine: {
      mode: ['vote', 'weights'],
      weights: [
        [1, 2],
        [2, 1],
      ],
      atLeast: [0, 0.1],
      of: [
        ['breakout', 'grid-ladder'],
        ['grid-ladder', 'breakout'],
      ],
    },
    'dollar-cost-average': { every: ['1d', '12h'], offset: [0, '1h'] },
  },
  exits: {
    'break-even': { after: [0.03, 0.04], exitFee: [0.009, 0.006] },
    'profit-ladder': { rungs: [[{ at: 0.1, sell: 1 }], [{ at: 0.2, sell: 1 }]] },
    'stop-loss': { fraction: [0.05, 0.06] },
    'take-profit': { fraction: [0.05, 0.06] },
    'time-stop': { duration: ['4h', '5h'] },
    'trailing-stop': { fraction: [0.03, 0.04], activateAt: [0.05, 0.06] },
  },
  sizing: {
    fixed: { quote: [10, 11] },
    'percent-of-equity': { percent: [1, 2] },
    temperature: { base: [10, 11], min: [5, 6], max: [25, 26], lift: [false, true], set: ['standard', 'compat'] },
    'volatility-target': { riskPercent: [0.1, 0.2], ranges: [2, 3], period: [14, 15], min: [5, 6], max: [25, 26], lift: [false, true] },
  },
  tranchePlans: {
    adaptive: {
      slope: [10, 11],
      lowest: [0.5, 0.6],
      highest: [1.5, 1.6],
      fast: [12, 13],
      slow: [26, 27],
      fallingBelow: [-0.3, -0.4],
      inFall: [0.5, 0.6],
    },
    'equal-size': {},
    'pyramid-down': { step: [0.5, 0.6] },
    'pyramid-up': { step: [0.5, 0.6] },
  },
  safety: {
    balance: {},
    'bot-loss': { limit: [25, 26] },
    'clock-skew': { max: ['1s', '2s'] },
    'consecutive-losses': { max: [3, 4], pause: ['1h', '2h'] },
    cooldown: { duration: ['1m', '2m'] },
    'correlation-group': { instruments: [['BTC-USD'], ['ETH-USD']], max: [1, 2] },
    'daily-loss': { limit: [100, 101] },
    'daily-trades': { account: [10, 11], bot: [5, 6] },
    drawdown: { fraction: [0.1, 0.2] },
    environment: { allow: [['paper'], ['paper', 'live']] },
    'max-exposure': { limit: [800, 801] },
    'max-open-positions': { max: [11, 12] },
    'max-position': { limit: [75, 76] },
    'max-tranches': { max: [3, 4] },
    'min-temperature': { atLeast: ['warm', 'hot'] },
    'order-rate': { account: [10, 11], bot: [5, 6], window: ['1m', '2m'] },
    'price-band': { fraction: [0.05, 0.06] },
    'price-step': { fraction: [0.008, 0.009] },
    spread: { maxBps: [50, 60], quoteNeeded: [false, true] },
    'stale-data': { maxAge: ['2m', '3m'] },
    'trade-size': { min: [5, 6], max: [25, 26] },
    'trading-window': { from: ['08:00', '09:00'], to: ['20:00', '21:00'], days: [['mon'], ['tue']] },
  },
  execution: { limit: { offset: ['5bps', '6bps'], postOnly: [false, true], timeout: ['2m', '3m'], then: ['cancel', 'market'] }, market: {} },
}

/** Where each kind of plugin stands in a bot. */
const place: { readonly [K in keyof typeof builtIns]: (ref: object) => object } = {
  strategies: (ref) => ({ strategy: ref }),
  exits: (ref) => ({ exits: [ref] }),
  sizing: (ref) => ({ sizing: ref }),
  tranchePlans: (ref) => ({ tranches: { max: 3, plan: ref } }),
  safety: (ref) => ({ safety: [ref] }),
  execution: (ref) => ({ execution: ref }),
}

const kinds = Object.keys(builtIns) as (keyof typeof builtIns)[]
const parameters = kinds.flatMap((kind) =>
  Object.entries(alternatives[kind]).flatMap(([use, keys]) => Object.keys(keys).map((key) => [kind, use, key] as const)),
)

describe('[INC-06] no option without a consumer', () => {
  it('every option of a bot has another value here', () => {
    expect([...botOptionKeys].sort()).toEqual(Object.keys(others).sort())
  })
  it.each(Object.entries(others))('%s changes the bot', (_key, change) => {
    expect(botJson(bot({ ...BASE, ...change }))).not.toEqual(botJson(bot(BASE)))
  })
  it('mayBlockExits is what lets such a rule in', () => {
    expect(() => bot({ ...BASE, ...others.mayBlockExits, mayBlockExits: [] })).toThrow(/mayBlockExits/)
  })

  it('every parameter of every built-in plugin has another value here', () => {
    for (const kind of kinds) {
      const entries: Readonly<Record<string, { readonly params: z.ZodType }>> = builtIns[kind]
      const keys = Object.entries(entries).map(([use, entry]) => [use, Object.keys((entry.params as z.ZodObject).shape)])
      expect(Object.fromEntries(keys), kind).toEqual(Object.fromEntries(Object.entries(alternatives[kind]).map(([use, values]) => [use, Object.keys(values)])))
    }
  })
  it.each(parameters)('%s: %s.%s changes the configuration', (kind, use, key) => {
    const values = alternatives[kind][use]!
    const hashOf = (side: 0 | 1) => {
      const params = Object.fromEntries(Object.entries(values).map(([name, pair]) => [name, pair[name === key ? side : 0]]))
      return parseConfig({ bots: [{ id: 'btc', instrument: 'BTC-USD', strategy: 'weighted-signals', ...place[kind]({ use, params }) }] }).configHash
    }
    expect(hashOf(1)).not.toBe(hashOf(0))
  })

  it.each<readonly [string, object]>([
    ['environment', { environment: 'backtest' }],
    ['account.cash', { account: { cash: { USD: 1 } } }],
    ['account.fees.maker', { account: { fees: { maker: 0 } } }],
    ['account.fees.taker', { account: { fees: { taker: '0.006' } } }],
    ['account.grading', { account: { grading: { pointsPerReturnPercent: 11 } } }],
    ['account.booking', { account: { booking: 'average' } }],
    ['account.safety', { account: { safety: [] } }],
    ...Object.entries(breakerDefaults).flatMap(([name, keys]) =>
      Object.keys(keys).map(
        (key) => [`account.breakers.${name}.${key}`, { account: { breakers: { [name]: { [key]: key === 'limit' ? 77 : '77s' } } } }] as const,
      ),
    ),
    ['defaults', { defaults: { confirm: '1m' } }],
    ['bots', { bots: [{ id: 'eth', instrument: 'BTC-USD', preset: 'balanced' }] }],
  ])('%s of a file changes the configuration', (_name, change) => {
    const base = { bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced' }] }
    expect(parseConfig({ ...base, ...change }).configHash).not.toBe(parseConfig(base).configHash)
  })
})
