import { atr } from '@millrace/indicators'
import { describe, expect, test } from 'vitest'
import { builtIns } from '../../config/built-ins.ts'
import type { BotView } from '../../contracts/bot-view.ts'
import type { Sizer } from '../../contracts/sizer.ts'
import { outcomeOf } from './kit-outcome.fixture.ts'
import { sizerContract } from './sizer-contract.ts'
import type { SizerPromise } from './sizer-contract.ts'

const params: Readonly<Record<keyof typeof builtIns.sizing, readonly (readonly [unknown, SizerPromise])[]>> = {
  fixed: [[{ quote: 10 }, { between: [10, 10] }]],
  'percent-of-equity': [[{ percent: 1 }, { between: [0.5, 250] }]],
  temperature: [
    [{ base: 10, min: 5, max: 25 }, { between: [0, 25] }],
    [{ base: 10, min: 5, max: 25, lift: true }, { between: [5, 25] }],
    [{ base: 10, min: 5, max: 25, set: 'compat' }, { between: [0, 25] }],
  ],
  'volatility-target': [
    [{ riskPercent: 0.1, min: 5, max: 25 }, { between: [0, 25] }],
    [{ riskPercent: 0.1, min: 5, max: 25, lift: true }, { between: [5, 25] }],
  ],
}

describe('every sizer of the library keeps the contract', () => {
  test.each(Object.entries(builtIns.sizing).flatMap(([name, entry]) => params[name]!.map(([each, promise]) => [name, each, entry, promise] as const)))(
    '%s %j',
    (_name, each, entry, promise) => {
      const { broken, skipped } = outcomeOf(sizerContract(() => entry.make(entry.params.parse(each)), promise))
      expect([...broken.values()]).toEqual([])
      expect(skipped.length).toBeLessThanOrEqual(2)
    },
  )
})

type Atr = { readonly atr?: { readonly value: number } } | undefined

/** A tenth of the equity, less in wild markets, at most 50. */
const honest = (change: Partial<Sizer> = {}): Sizer => ({
  apiVersion: 1,
  id: 'mine',
  indicators: () => ({ atr: atr(14) }),
  size: (score, view, readings) => Math.min(50, (0.01 * view.portfolio.equity * Math.abs(score)) / (1 + ((readings as Atr)?.atr?.value ?? Number.NaN))),
  describe: (score, view) => `${(100 * Math.abs(score)).toFixed(1)} % of ${view.portfolio.equity}, at most 50`,
  ...change,
})
const size = (...args: Parameters<Sizer['size']>): number => honest().size(...args)
const shared = atr(14)

const mutants: Readonly<Record<string, readonly [caught: RegExp, make: () => Sizer, says?: RegExp]>> = {
  'has a name with a space': [/names itself/, () => honest({ id: 'my sizer' })],
  'has a function among its parameters': [/names itself/, () => Object.assign(honest(), { params: { of: () => 1 } })],
  'divides by a score of nothing': [
    /finite amount/,
    () => honest({ size: (score) => 10 / Math.abs(score) }),
    /received "Infinity".*\n.*bound what a division can give/,
  ],
  'gives its amount as text': [/finite amount/, () => honest({ size: () => '10' as unknown as number })],
  'never asks for anything': [/trades somewhere/, () => honest({ size: () => 0 })],
  'asks for more than it promises': [/stays between/, () => honest({ size: (...args) => size(...args) * 1.2 }), /expected 0 to 50, received/],
  'asks for a cent too much at the bound': [/stays between/, () => honest({ size: (...args) => (size(...args) === 50 ? 50.01 : size(...args)) })],
  'feeds one indicator for all bots': [/fresh for every bot/, () => honest({ indicators: () => ({ atr: shared }) })],
  'has an indicator that is never warm': [/fresh for every bot/, () => honest({ indicators: () => ({ atr: atr(900) }) })],
  'reads what it did not declare': [
    /only the indicators that it declares/,
    () => honest({ size: (score, view, readings) => size(score, view, readings) * (readings?.['rsi'] === undefined ? 1 : 2) }),
    /reads "rsi".*declares atr/,
  ],
  'throws before its indicators are warm': [
    /before its indicators/,
    () => honest({ size: (score, view, readings) => size(score, view, readings) + 0 * (readings!['atr']!.value as number) }),
  ],
  'asks for everything before its indicators are warm': [
    /before its indicators/,
    () => honest({ size: (score, view, readings) => (readings === undefined ? Infinity : size(score, view, readings)) }),
  ],
  'describes what it does not know': [/tells a person/, () => honest({ describe: (_score, view) => `${view.position.averageEntry} on average` })],
  'counts its entries': [
    /whatever it was asked before/,
    () => {
      let entries = 0
      return honest({ size: (...args) => size(...args) / (1 + (entries++ % 3)) })
    },
  ],
  'moves its own indicator': [
    /whatever it was asked before/,
    () =>
      honest({
        size: (score, view, readings) => (
          (readings?.['atr'] as { update?(candle: unknown): void } | undefined)?.update?.(view.candle),
          size(score, view, readings)
        ),
      }),
  ],
  'takes its share of the cash away': [
    /changes nothing/,
    () => honest({ size: (score, view, readings) => (((view.cash as { available: number }).available -= 1), size(score, view, readings)) }),
  ],
  'keeps the portfolio': [
    /keeps nothing/,
    () => {
      let last: BotView['portfolio'] | undefined
      return honest({
        size(score, view, readings) {
          const grew = last !== undefined && view.portfolio.equity > last.equity
          last = view.portfolio
          return grew ? 7 : size(score, view, readings)
        },
      })
    },
  ],
  'trades more on Mondays by the clock of the machine': [
    /without a clock/,
    () => honest({ size: (...args) => size(...args) * (new Date().getUTCDay() === 1 ? 2 : 1) }),
  ],
}

const kit = (make: () => Sizer) => sizerContract(make, { between: [0, 50] })

describe('a sizer is found out that', () => {
  test.each(Object.entries(mutants))('%s', (_name, [caught, make, says = /To put it right: /]) => {
    const { broken } = outcomeOf(kit(make).filter(({ name }) => caught.test(name)))
    expect([...broken.values()].join('\n')).toMatch(says)
  })

  test('and every promise is broken by one of them', () => {
    const finders = Object.values(mutants).map(([caught]) => caught)
    expect(kit(honest).filter(({ name }) => !finders.some((caught) => caught.test(name)))).toEqual([])
    expect(outcomeOf(kit(honest)).broken).toEqual(new Map())
  })
})
