import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createEngine } from '../../runtime/create-engine.ts'
import type { SafetyRule } from '../../contracts/safety-rule.ts'
import { ConfigError } from '../../model/errors.ts'
import type { Instrument } from '../../model/instrument.ts'
import { money } from '../../model/money.ts'
import { coinbaseInstrument } from '../../simulation/products.ts'
import { paper } from '../../simulation/paper.ts'
import { simulatedMarket } from '../../simulation/simulated-market/simulated-market.ts'
import { memoryStore } from '../../stores/memory-store.ts'
import { parseConfig } from '../parse-config.ts'
import { checkFeasibility } from './check-feasibility.ts'
import type { FeasibilityOptions, FeasibilityReport } from './check-feasibility.ts'

const file = (): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL('../../../../example-dashboard/bots.json', import.meta.url), 'utf8')) as Record<string, unknown>

type Changes = { readonly [key: string]: unknown }

/** The eleven bots of the example with something changed in the account, in the defaults, or in how many there are. */
function elevenBots({ account = {}, defaults = {}, bots }: { account?: Changes; defaults?: Changes; bots?: readonly Changes[] } = {}) {
  const base = file() as { account: Changes; defaults: Changes; bots: readonly Changes[] }
  return parseConfig({ ...base, account: { ...base.account, ...account }, defaults: { ...base.defaults, ...defaults }, bots: bots ?? base.bots })
}

function check(config: ReturnType<typeof elevenBots>, options: FeasibilityOptions & { readonly products?: readonly Instrument[] } = {}): FeasibilityReport {
  const products = options.products ?? config.bots.map((bot) => coinbaseInstrument(bot.instrument)!)
  return checkFeasibility(config, products, config.account.fees, options)
}

/** The safety rules of the example's defaults, with some of them replaced by name. */
const rules = (changes: Changes): readonly unknown[] => {
  const { defaults } = file() as { defaults: { safety: readonly { use: string }[] } }
  return defaults.safety.map((rule) => (rule.use in changes ? { use: rule.use, params: changes[rule.use] } : rule))
}
const accountRules = (changes: Changes): readonly unknown[] => {
  const { account } = file() as { account: { safety: readonly ({ use: string } | string)[] } }
  return account.safety.map((rule) => (typeof rule === 'object' && rule.use in changes ? { use: rule.use, params: changes[rule.use] } : rule))
}
const temperatureSizing = (params: Changes): Changes => ({ use: 'temperature', params: { base: 10, min: 5, max: 25, lift: false, ...params } })
const exits = (stop: number, target: number): readonly unknown[] => [
  { use: 'stop-loss', params: { fraction: stop } },
  { use: 'take-profit', params: { fraction: target } },
]
const paths = (report: FeasibilityReport): readonly string[] => [...new Set(report.problems.map(({ path }) => path.replace(/bots\[\d+\]/, 'bots[]')))]

describe('the eleven bots of the example', () => {
  it('are possible, with nothing unwise, and these are their numbers', () => {
    const { problems, warnings, numbers } = check(elevenBots())
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] })
    expect(numbers.bots).toHaveLength(11)
    expect(numbers.bots[0]).toMatchObject({
      id: 'btc',
      venueMinimum: 1,
      tranches: 3,
      mostHeld: expect.closeTo(64.8, 6) as number,
      stop: 0.05,
      target: 0.04,
      weakestScore: 0.15,
    })
    // Weakest score that may enter, first tranche: 10 x 1.3 x (0.8 + 0.4 x 0.15) x 0.7; strongest, later tranche: 10 x 1.8 x 1.2.
    expect(numbers.bots[0]!.smallestEntry).toBeCloseTo(7.826, 9)
    expect(numbers.bots[0]!.largestEntry).toBeCloseTo(21.6, 9)
    expect(numbers.bots[0]!.smallestSale).toBeCloseTo((7.826 / (1.009 * 1.0002)) * 0.95, 9)
    expect(numbers.roundTrip.fees).toBeCloseTo(1.009 / 0.991 - 1, 12)
    expect(numbers.roundTrip.breakEven).toBeCloseTo(0.018571, 6)
    expect({ cash: numbers.cash, entriesPerDay: numbers.entriesPerDay }).toEqual({ cash: 1266, entriesPerDay: 100 })
    expect(numbers.mostHeld).toBeCloseTo(11 * 64.8, 6)
    expect(numbers.worstDay).toBeCloseTo(100 + 11 * 64.8 * 0.0592, 6)
    expect(numbers.requests).toMatchObject({ burst: 11, burstMs: 367 })
    expect(numbers.requests.sustainedPerSecond).toBeCloseTo(11 / 60 + 600 / 86_400, 9)
  })
})

describe('what cannot be is refused', () => {
  const coarse = (config: ReturnType<typeof elevenBots>) => config.bots.map((bot) => ({ ...coinbaseInstrument(bot.instrument)!, minBase: money(1) }))
  const pricey = (config: ReturnType<typeof elevenBots>) => config.bots.map((bot) => ({ ...coinbaseInstrument(bot.instrument)!, minQuote: money(10) }))
  const cases: readonly (readonly [what: string, config: ReturnType<typeof elevenBots>, path: string, words: string, more?: Parameters<typeof check>[1]])[] = [
    [
      'a largest trade below the minimum of the venue',
      elevenBots({ defaults: { safety: rules({ 'trade-size': { min: 0.2, max: 0.5 } }) } }),
      'bots[].safety.trade-size',
      'on a fresh account',
    ],
    [
      'a sizer that never reaches the smallest trade',
      elevenBots({ defaults: { sizing: temperatureSizing({ base: 1, min: 1 }) } }),
      'bots[].safety.trade-size',
      'is missing',
    ],
    [
      'a position below the smallest trade',
      elevenBots({ defaults: { safety: rules({ 'max-position': { limit: 3 } }) } }),
      'bots[].safety.max-position',
      'the position may cost 3',
    ],
    [
      'an exposure below the smallest trade',
      elevenBots({ account: { safety: accountRules({ 'max-exposure': { limit: 4 } }) } }),
      'account.safety.max-exposure',
      'the account may hold 4',
    ],
    ['cash below the smallest trade', elevenBots({ account: { cash: { USD: '3' } } }), 'account.safety.balance', 'more cash would be needed'],
    ['no cash and no rule on the balance', elevenBots({ account: { cash: { USD: '3' }, safety: [] } }), 'account.cash.USD', 'at least one entry of btc'],
    [
      'no entries a day',
      elevenBots({ account: { safety: accountRules({ 'daily-trades': { account: 0 } }) } }),
      'account.safety.daily-trades-account',
      '0 of 0 entries',
    ],
    ['a smallest tranche that the stop leaves unsellable', elevenBots({ defaults: { exits: exits(0.9, 0.95) } }), 'bots[].sizing', 'of which 0.7755 is left'],
    ['a stop inside the spread', elevenBots({ defaults: { exits: exits(0.0004, 0.04) } }), 'bots[].exits.stop-loss', 'fires at once'],
    [
      'tranches that do not fit the position',
      elevenBots({ defaults: { tranches: { max: 12 }, safety: rules({ 'max-position': { limit: 60 } }) } }),
      'bots[].safety.max-position',
      'room for 12 tranches',
    ],
    [
      'a plan whose tranches are below the smallest trade',
      elevenBots({ defaults: { sizing: { use: 'fixed', params: { quote: 12 } }, tranches: { max: 3, plan: 'equal-size' } } }),
      'bots[].safety.trade-size',
      'a trade is at least 5; 1 is missing',
    ],
    ['a partial exit below the minimum of the venue', elevenBots({ defaults: { exit: 0.1 } }), 'bots[].exit', '0.1 of'],
    [
      'a daily loss limit that one round trip reaches',
      elevenBots({ account: { safety: accountRules({ 'daily-loss': { limit: 0.1 } }) } }),
      'account.safety.daily-loss',
      'the smallest round trip costs',
    ],
    [
      'a smallest base amount above the entry',
      elevenBots(),
      'bots[].sizing',
      'which cost 90000',
      { products: coarse(elevenBots()), prices: { 'BTC-USD': 90_000 } },
    ],
    [
      'a venue minimum above the entries',
      elevenBots({ defaults: { sizing: { use: 'fixed', params: { quote: 8 } }, safety: rules({ 'trade-size': { min: 5, max: 25 } }) } }),
      'bots[].sizing',
      "the venue's 10",
      { products: pricey(elevenBots()) },
    ],
    [
      'more bots than the venue takes orders from in time',
      elevenBots({ bots: Array.from({ length: 1000 }, (_, i) => ({ id: `b-${i}`, instrument: 'BTC-USD' })) }),
      'bots',
      '30 requests a second',
    ],
  ]

  it.each(cases.map((each) => [each[0], each] as const))('%s', (_, [, config, path, words, more]) => {
    const report = check(config, more)
    expect(paths(report)).toContain(path)
    const found = report.problems.filter((problem) => problem.path.replace(/bots\[\d+\]/, 'bots[]') === path)
    expect(found.map(({ expected, received }) => `${expected} / ${received}`).join('\n')).toContain(words)
    expect(found.every(({ expected, received }) => expected !== '' && received !== '')).toBe(true)
  })

  it('a temperature that only a perfect score reaches', () => {
    const report = check(
      elevenBots({ defaults: { temperature: { cool: 0.05, warm: 0.15, hot: 1 }, safety: rules({ 'min-temperature': { atLeast: 'hot' } }) } }),
    )
    expect(paths(report)).toEqual(['bots[].temperature'])
    expect(
      check(elevenBots({ defaults: { temperature: { cool: 0.05, warm: 0.15, hot: 0.99 }, safety: rules({ 'min-temperature': { atLeast: 'hot' } }) } }))
        .problems,
    ).toEqual([])
  })

  it('not of a bot that only retires', () => {
    const bots = (file() as { bots: readonly Changes[] }).bots.map((bot) => ({ ...bot, retire: true }))
    expect(check(elevenBots({ bots, defaults: { sizing: temperatureSizing({ base: 1, min: 1 }) } })).problems).toEqual([])
  })
})

describe('what is unwise is a warning', () => {
  const cases: readonly (readonly [what: string, config: ReturnType<typeof elevenBots>, path: string])[] = [
    ['a confirmation shorter than a candle', elevenBots({ defaults: { timeframe: '15m' } }), 'bots[0].confirm'],
    ['a stop that costs less than the fees', elevenBots({ defaults: { exits: exits(0.01, 0.04) } }), 'bots[0].exits.stop-loss'],
    ['an exposure above the cash', elevenBots({ account: { cash: { USD: '500' } } }), 'account.safety.max-exposure'],
    ['a daily loss above the cash', elevenBots({ account: { cash: { USD: '90' } } }), 'account.safety.daily-loss'],
    ['fewer places than bots', elevenBots({ account: { safety: accountRules({ 'max-open-positions': { max: 3 } }) } }), 'account.safety.max-open-positions'],
    ['tranches whose largest do not fit', elevenBots({ defaults: { safety: rules({ 'max-position': { limit: 60 } }) } }), 'bots[0].safety.max-position'],
    [
      'more trades a day than the cooldown leaves',
      elevenBots({ defaults: { safety: rules({ cooldown: { duration: '3h' } }) } }),
      'bots[0].safety.daily-trades-bot',
    ],
    ['a price step beyond the stop', elevenBots({ defaults: { safety: rules({ 'price-step': { fraction: 0.06 } }) } }), 'bots[0].safety.price-step'],
  ]
  it('a take-profit at the costs of a round trip, and not one a hair above', () => {
    const { breakEven } = check(elevenBots()).numbers.roundTrip
    const said = (target: number) => check(elevenBots({ defaults: { exits: exits(0.05, target) } })).warnings.map((warning) => warning.path.replace(/\d+/, ''))
    expect([...new Set(said(breakEven))]).toEqual(['bots[].exits.take-profit'])
    expect(said(breakEven * (1 + 1e-9))).toEqual([])
  })
  it('a pair that the venue does not trade now', () => {
    const config = elevenBots()
    const products = config.bots.map((bot) => ({ ...coinbaseInstrument(bot.instrument)!, state: 'halted' as const }))
    const { problems, warnings } = check(config, { products })
    expect(problems).toEqual([])
    expect(warnings[0]).toEqual({ path: 'bots[0].instrument', expected: 'an instrument that the venue trades', received: 'BTC-USD, halted' })
  })
  it('not a trading window that is shut at the moment', () => {
    const window = { use: 'trading-window', params: { from: '22:05', to: '22:07' } }
    const { problems, warnings, numbers } = check(elevenBots({ defaults: { safety: [...rules({}), window] } }))
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] })
    expect(numbers.bots[0]!.smallestEntry).toBeCloseTo(7.826, 9)
  })
  it('a rule that cannot be asked without a market', () => {
    const config = elevenBots()
    const rule: SafetyRule = {
      apiVersion: 1,
      id: 'x-throws',
      code: 'x-throws',
      check: () => {
        throw new Error('no market yet')
      },
    }
    const bots = config.bots.slice(0, 1).map((bot) => ({ ...bot, safety: [...bot.safety, rule] }))
    const { problems, warnings } = check({ ...config, bots })
    expect(problems).toEqual([])
    expect(warnings.map(({ path, received }) => `${path}: ${received}`)).toEqual(['bots[0].safety.x-throws: x-throws failed: no market yet'])
  })
  it.each(cases)('%s', (_, config, path) => {
    const { problems, warnings } = check(config)
    expect(problems).toEqual([])
    expect(warnings.map((warning) => warning.path)).toContain(path)
  })
})

describe('a start', () => {
  const engineOf = (config: ReturnType<typeof elevenBots>, warnings: string[], opened: string[]) =>
    createEngine({
      market: simulatedMarket({ seed: 7, instruments: ['BTC-USD'], speed: 'max', until: '30m' }),
      exchange: paper({ cash: config.account.cash, fees: config.account.fees }),
      store: {
        open(request) {
          opened.push(request.environment)
          return memoryStore().open(request)
        },
      },
      bots: config.bots.filter((bot) => bot.id === 'btc'),
      safety: config.account.safety,
      environment: 'backtest',
      logger: { debug: () => undefined, info: () => undefined, warn: (text) => warnings.push(text), error: () => undefined },
    })

  it('is refused with every problem before a store is opened', async () => {
    const opened: string[] = []
    const engine = engineOf(elevenBots({ defaults: { exits: exits(0.0001, 0.04) }, account: { cash: { USD: '1' } } }), [], opened)
    const refused = await engine.start().catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ConfigError)
    expect((refused as ConfigError).problems.map(({ path }) => path)).toEqual(['account.safety.balance', 'bots[0].exits.stop-loss'])
    expect(opened).toEqual([])
  })
  it('says what is unwise and goes on', async () => {
    const warnings: string[] = []
    const engine = engineOf(elevenBots({ defaults: { exits: exits(0.01, 0.04) } }), warnings, [])
    await engine.start()
    await engine.finished
    expect(warnings.filter((text) => text.startsWith('unwise: '))).toEqual([
      'unwise: bots[0].exits.stop-loss: expected a fraction above the 1.86 % of a round trip: fees cost more than the stop saves, received 1 %',
    ])
  })
})

describe('bots whose products or entries are missing', () => {
  it('do not make the daily loss limit impossible, nor hide that it is', () => {
    const paths = (limit: number, products?: readonly Instrument[]): readonly string[] => {
      const config = elevenBots({ account: { safety: accountRules({ 'daily-loss': { limit } }) } })
      return check(config, products === undefined ? {} : { products }).problems.map(({ path }) => path)
    }
    expect(paths(100, [])).not.toContain('account.safety.daily-loss')
    const one = coinbaseInstrument('BTC-USD')!
    expect(paths(100, [one])).not.toContain('account.safety.daily-loss')
    expect(paths(0.1, [one])).toContain('account.safety.daily-loss')
    // A bot that can enter nothing does not hide what the entry of another costs.
    expect(paths(0.1, [one, { ...coinbaseInstrument('ETH-USD')!, minQuote: money(1_000) }])).toContain('account.safety.daily-loss')
  })
})
