import { rsi, sma } from '@millrace/indicators'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Strategy, StrategyContext, StrategyInstance } from '../contracts/strategy.ts'
import { builtIns } from '../config/built-ins.ts'
import { defineStrategy } from '../strategies/define-strategy.ts'
import { strategyContract } from './strategy-contract.ts'

describe.each(Object.entries(builtIns.strategies))('the built-in strategy %s', (entryName, entry) => {
  const needed: Readonly<Record<string, object>> = {
    combine: { mode: 'weights', of: ['trend-following', 'grid-ladder', 'dollar-cost-average', 'trend-following'] },
  }
  const make = (): Strategy => entry.make(entry.params.parse(needed[entryName] ?? {}))
  it.each(strategyContract(make).map(({ name, run }) => [name, run] as const))('%s', (_case, run) => {
    run()
  })
})

const params = z.strictObject({})

const honest = defineStrategy({
  id: 'honest',
  params,
  window: 3,
  indicators: () => ({ fast: sma(3), rsi: rsi(14) }),
  state: { schema: z.strictObject({ seen: z.int() }), initial: () => ({ seen: 0 }) },
  components: { trend: ({ reading }) => `${reading}`, heat: ({ reading }) => `${reading}` },
  evaluate({ readings, candle, state, window }, _params, signal) {
    signal.add('trend', candle.close > readings.fast.value ? 0.5 : -0.5, 1, window.close(2))
    signal.add('heat', state.seen % 2, 1, readings.rsi.value)
    signal.next({ seen: state.seen + 1 })
  },
})

type Evaluate = StrategyInstance['evaluate']

/** The honest strategy with another way to evaluate. */
const mutant =
  (change: (evaluate: Evaluate) => Evaluate, other: Partial<Strategy> = {}): (() => Strategy) =>
  () => ({
    ...honest(),
    ...other,
    create() {
      const instance = honest().create()
      return { ...instance, evaluate: change((context, signal) => instance.evaluate(context, signal)) }
    },
  })

type Loose = Omit<StrategyContext, 'state' | 'candle'> & { readonly state: { seen: number }; readonly candle: { close: number; readonly openTime: number } }

const loose = (context: unknown) => context as Loose

const mutants: readonly (readonly [name: string, make: () => Strategy, caught: RegExp])[] = [
  [
    'counts its calls',
    mutant((evaluate) => {
      let calls = 0
      return (context, signal) => {
        evaluate(context, { ...signal, next: (state) => signal.next(state), add: (name, score) => signal.add(name, score, 1, calls++) })
      }
    }),
    /says the same twice/,
  ],
  [
    'remembers a close in a closure',
    mutant((evaluate) => {
      let last = { openTime: 0, close: 0 }
      let before = last
      return (context, signal) => {
        const { candle } = loose(context)
        if (candle.openTime !== last.openTime) {
          before = last
          last = { openTime: candle.openTime, close: candle.close }
        }
        evaluate(context, { next: (state) => signal.next(state), add: (name, score) => signal.add(name, score, 1, before.close) })
      }
    }),
    /another instance goes on from there/,
  ],
  [
    'keeps the candle itself',
    mutant((evaluate) => {
      let kept: { readonly close: number } | undefined
      return (context, signal) => {
        const old = kept?.close ?? 0
        kept = loose(context).candle
        evaluate(context, { next: (state) => signal.next(state), add: (name, score) => signal.add(name, score, 1, Number.isNaN(old) ? 1 : 0) })
      }
    }),
    /keeps nothing of what it looked at/,
  ],
  [
    'changes its state in place',
    mutant((evaluate) => (context, signal) => {
      loose(context).state.seen++
      evaluate(context, signal)
    }),
    /may be frozen/,
  ],
  [
    'says more than 1',
    mutant((evaluate) => (context, signal) => evaluate(context, { next: (state) => signal.next(state), add: (name, score) => signal.add(name, 2.5 * score) })),
    /lie in -1\.\.\+1/,
  ],
  ['looks back too far', mutant((evaluate) => evaluate, { window: 2 }), /no further than its window/],
  [
    'is not warm when it says so',
    () => ({
      ...honest(),
      create() {
        const instance = honest().create()
        return { ...instance, indicators: instance.indicators.map(([key, indicator]) => [key, Object.assign(indicator, { warmup: 1 })] as const) }
      },
    }),
    /is warm when its indicators/,
  ],
  [
    'advances an indicator',
    mutant((evaluate) => (context, signal) => {
      ;(loose(context).readings as unknown as { fast: { update(close: number): void } }).fast.update(1)
      evaluate(context, signal)
    }),
    /changes nothing of what it looks at/,
  ],
  [
    'changes the candle',
    mutant((evaluate) => (context, signal) => {
      evaluate(context, signal)
      loose(context).candle.close *= 1.01
    }),
    /changes nothing of what it looks at/,
  ],
  [
    'hands over what its schema does not take',
    mutant((evaluate) => (context, signal) => {
      evaluate(context, { add: (...component) => signal.add(...component), next: () => signal.next({ seen: 'many' }) })
    }),
    /schema reads back/,
  ],
  [
    'collects its history in its state',
    () =>
      defineStrategy({
        id: 'collector',
        params,
        indicators: () => ({}),
        state: { schema: z.strictObject({ closes: z.array(z.number()) }), initial: () => ({ closes: [] }) },
        components: { it: () => 'as it was' },
        evaluate({ candle, state }, _params, signal) {
          signal.next({ closes: [...state.closes, candle.close] })
          signal.add('it', 0, 1, candle.close)
        },
      })(),
    /state stays small/,
  ],
  ['has no text for a reading', mutant((evaluate) => evaluate), /has a text for every component/],
  [
    'draws lots',
    mutant((evaluate) => (context, signal) => evaluate(context, { next: (s) => signal.next(s), add: (n, s) => signal.add(n, s, 1, lots()) })),
    /two instances say the same/,
  ],
  ['has no version', mutant((evaluate) => evaluate, { apiVersion: 2 as 1 }), /names itself/],
]

let drawn = 0
const lots = (): number => drawn++

describe('the contract lets the honest one pass', () => {
  it.each(strategyContract(() => honest()).map(({ name, run }) => [name, run] as const))('%s', (_case, run) => {
    run()
  })
})

describe('the contract catches a strategy that', () => {
  it.each(mutants)('%s', (name, make, caught) => {
    const subject =
      name === 'has no text for a reading'
        ? () => ({
            ...make(),
            create: () => ({ ...make().create(), describe: (_n: string, { reading }: { readonly reading: number }) => (reading < 0 ? '' : 'fine') }),
          })
        : make
    const cases = strategyContract(subject).filter((each) => caught.test(each.name))
    expect(cases).toHaveLength(1)
    expect(cases[0]!.run).toThrow('To put it right: ')
  })
})
