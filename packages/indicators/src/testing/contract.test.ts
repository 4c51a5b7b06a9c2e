import { describe, expect, test } from 'vitest'
import { bollinger, defineIndicator, ema, rsi, sma } from '../index.ts'
import type { CommonOptions, Indicator, Json, NumberIndicator } from '../lib/types.ts'
import { indicatorContract } from './contract.ts'
import type { Subject } from './contract.ts'
import { fixes } from './fixes.ts'

const defined = (period = 5) =>
  defineIndicator({
    name: 'mean',
    params: { period: { kind: 'integer', default: period, min: 1, max: 100 } },
    warmup: (p) => p.period - 1,
    initial: (p) => ({ last: Array<number>(p.period).fill(0), at: 0 }),
    step(state, x, p) {
      state.last[state.at] = x
      state.at = (state.at + 1) % p.period
      let sum = 0
      for (let i = 0; i < p.period; i++) sum += state.last[(state.at + i) % p.period]!
      return sum / p.period
    },
  })

type Create = Subject['create']
type Methods = { -readonly [K in keyof NumberIndicator]?: NumberIndicator[K] }

/** The mean of five with other methods; `of` gives the honest one. */
const mutant =
  (change: (of: NumberIndicator, options: CommonOptions) => Methods): Create =>
  (options = {}) => {
    const honest = defined()(options)
    const other = change(honest, options)
    return new Proxy(honest, {
      get(target, name) {
        const member: unknown = Object.hasOwn(other, name) ? Reflect.get(other, name) : Reflect.get(target, name, target)
        return typeof member === 'function' ? (member.bind(target) as unknown) : member
      },
      // What a method of the honest one writes stays with it.
      set: (target, name, value) => Reflect.set(target, name, value, target),
    })
  }

const mutants: Readonly<Record<string, readonly [caught: string, subject: Subject]>> = {
  'is warm an input late': ['warm-up', { create: mutant((of) => ({ warmup: of.warmup - 1 })) }],
  'shows a value during its warm-up': ['warm-up', { create: mutant((of) => ({ update: (x) => (Number.isNaN(of.update(x)) ? x : of.value) })) }],
  'names an output that it does not have': ['describes', { create: mutant((of) => ({ describe: () => ({ ...of.describe(), outputs: ['mean'] }) })) }],
  'leaves its range': ['describes', { create: mutant((of) => ({ describe: () => ({ ...of.describe(), range: [0, 101] }) })) }],
  'commits its preview': ['preview', { create: mutant((of) => ({ preview: (x) => of.update(x) })) }],
  'previews the value before': ['preview', { create: mutant((of) => ({ preview: (x) => (Number.isFinite(x) ? of.value : of.preview(x)) })) }],
  'forgets its value in a snapshot': [
    'continues',
    {
      create: mutant((of) => ({
        restore(state) {
          of.restore(state)
          ;(of as { value: number }).value = Number.NaN
        },
      })),
    },
  ],
  'counts outside of its snapshot': ['continues', { create: mutant((of) => counted(of)) }],
  'takes any snapshot': ['refuses a foreign', { create: mutant((of) => ({ restore: (state) => tried(() => of.restore(state)) })) }],
  'refuses a snapshot half-way': ['refuses a foreign', { create: mutant((of) => ({ restore: (state) => halfWay(of, state) })) }],
  'keeps its value when it is reset': [
    'reset',
    {
      create: mutant((of) => ({
        reset() {
          const { value } = of
          of.reset()
          ;(of as { value: number }).value = value
        },
      })),
    },
  ],
  'says that it forgets its start at once': ['another start', { create: (options) => Object.assign(ema(20, options), { stableAfter: () => 21 }) }],
  'throws for bad input after it has taken it': ['invalid input', { create: mutant((of) => ({ update: (x) => taken(of, x) })) }],
  'skips what it should propagate': [
    'invalid input',
    { create: (options) => defined()(options?.onInvalid === 'propagate' ? { ...options, onInvalid: 'skip' } : options) },
  ],
  'gives out a new record each time': ['reuses', { create: (options) => bollinger({ period: 5, ...options, copy: true }) as Indicator<never, unknown> }],
  'gives out its record when a copy was asked for': [
    'reuses',
    { create: (options) => bollinger({ period: 5, ...options, copy: false }) as Indicator<never, unknown> },
  ],
  'keeps every input': ['its state does not grow', { create: mutant((of) => growing(of)) }],
  'adds up in another order over arrays': ['batch equals', { create: (options) => defined()(options), batch: ({ close }) => backwards(close) }],
  'leaves bad input in place over arrays': ['batch has the same', { create: (options) => sma(1, options), batch: ({ close }) => close }],
  'has a constant in its formula': ['scales', { create: mutant((of) => ({ update: (x) => of.update(x) + 1e-3 })), laws: { price: 1 } }],
  'is said not to see a shift': ['shifts', { create: () => sma(5), laws: { shift: 0 } }],
  'is said to be at 0 when nothing moves': ['flat prices', { create: () => rsi(5), laws: { flat: 0 } }],
  'is said to be below 100 when all rises': ['rising prices', { create: () => rsi(5), laws: { rising: 99 } }],
}

const tried = (run: () => void): void => {
  try {
    run()
  } catch {
    // The mistake: what is wrong is not said.
  }
}

function halfWay(of: NumberIndicator, state: Json): void {
  of.reset()
  of.restore(state)
}

function taken(of: NumberIndicator, x: number): number {
  if (!Number.isFinite(x)) of.update(0)
  return of.update(x)
}

function counted(of: NumberIndicator): Methods {
  let seen = 0
  return {
    update: (x) => {
      const value = of.update(x)
      return seen++ > 200 ? value * 2 : value
    },
  }
}

function growing(of: NumberIndicator): Methods {
  const all: number[] = []
  return {
    update(x) {
      const value = of.update(x)
      all.push(x)
      return value
    },
    snapshot: () => [...(of.snapshot() as readonly Json[]), [...all]],
  }
}

function backwards(close: Float64Array): Float64Array {
  return close.map((_, i) => {
    if (i < 4) return Number.NaN
    let sum = 0
    for (let back = 0; back < 5; back++) sum += close[i - back]!
    return sum / 5
  })
}

describe('an indicator is found out that', () => {
  test.each(Object.entries(mutants))('%s', (_name, [caught, subject]) => {
    const cases = indicatorContract(subject).filter(({ name }) => name.startsWith(caught))
    expect(cases).toHaveLength(1)
    expect(cases[0]!.run).toThrow('To put it right: ')
  })

  test('and every check is what finds one of them; memory is measured where the garbage collector can be called', () => {
    const found = Object.values(mutants).map(([caught]) => caught)
    expect(Object.keys(fixes).filter((name) => !found.some((start) => name.startsWith(start)))).toEqual(['memory does not grow over a million updates'])
  })
})

describe('an indicator that is defined by a state and a step', () => {
  const range = defineIndicator({
    name: 'range',
    title: 'Range of two candles',
    inputs: ['high', 'low'],
    warmup: () => 1,
    initial: () => ({ high: 0, low: 0, deep: { seen: 0 } }),
    step(state, { high, low }) {
      const value = Math.max(high, state.high) - Math.min(low, state.low)
      state.high = high
      state.low = low
      state.deep.seen = 1
      return value
    },
  })

  test.each(indicatorContract({ create: (options) => defined()(options), laws: { price: 1, shift: 1 } }).map(({ name, run }) => [name, run] as const))(
    'over numbers: %s',
    (_name, run) => run(),
  )
  test.each(indicatorContract({ create: (options) => range(options), laws: { price: 1, shift: 0, flat: 0 } }).map(({ name, run }) => [name, run] as const))(
    'over candles: %s',
    (_name, run) => run(),
  )

  test('checks its parameters and inputs, and describes itself', () => {
    expect(defined()({ period: 7 }).id).toBe('mean(7)')
    expect(() => defined()({ period: 0 })).toThrow('mean: period: expected integer from 1 to 100, received 0')
    expect(() => range().update({ open: 1, high: Number.NaN, low: 1, close: 1, volume: 1 })).toThrow('range(): high')
    expect(range().describe()).toMatchObject({ title: 'Range of two candles', inputs: ['high', 'low'], pane: 'own' })
    expect(range().input).toBe('candle')
  })
})
