import { sma } from '@millrace/indicators'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseConfig } from '../../config/parse-config.ts'
import { builtIns } from '../../config/built-ins.ts'
import { ConfigError } from '../../model/errors.ts'
import type { Json } from '../../model/json.ts'
import { StrategyRun } from '../../testing/strategy-run.ts'
import { strategyContract } from '../../testing/strategy-contract.ts'
import { bar, bars, lastOf, sayings } from '../bars.fixture.ts'
import { defineStrategy } from '../define-strategy.ts'
import { dollarCostAverage } from '../dollar-cost-average.ts'
import { gridLadder } from '../grid-ladder.ts'
import { meanReversion } from '../mean-reversion.ts'
import { trendFollowing } from '../trend-following.ts'
import { weightedSignals } from '../weighted-signals/weighted-signals.ts'
import { combine } from './combine.ts'
import type { CombineOptions } from './combine.ts'
import { mute, opinions, sayers, twoSided } from './combine.fixture.ts'

const said = (scores: readonly number[], options: CombineOptions) => lastOf(combine(sayers(scores.length), options), [opinions(scores)])

describe('combine', () => {
  it('weighs scores', () => {
    expect(said([0.5, -1], { mode: 'weights', weights: [3, 1] }).score).toBeCloseTo((3 * 0.5 - 1) / 4, 12)
    expect(said([0.5, -1], { mode: 'weights' }).score).toBeCloseTo(-0.25, 12)
  })

  it('counts votes, whatever their strength', () => {
    expect(said([0.01, 0.9, -0.2], { mode: 'vote' }).score).toBeCloseTo(1 / 3, 12)
    expect(said([0.01, 0.9, -0.2], { mode: 'vote', weights: [1, 1, 4] }).score).toBeCloseTo(-1 / 3, 12)
    expect(said([0, 0.9, 0], { mode: 'vote' }).score).toBeCloseTo(1 / 3, 12)
  })

  it('lets the first speak that says anything', () => {
    expect(said([0, -0.3, 0.9], { mode: 'first' }).score).toBeCloseTo(-0.3, 12)
    expect(said([0, 0, 0], { mode: 'first' })).toMatchObject({ score: 0, components: [] })
  })

  it('passes over what is under atLeast, and counts what is exactly there', () => {
    for (const mode of ['weights', 'vote', 'first'] as const) {
      const at = said([0.2, -0.5], { mode, atLeast: 0.2 }).score
      const above = said([0.2, -0.5], { mode, atLeast: 0.2 + 1e-12 }).score
      expect([mode, Math.round(1e6 * at) / 1e6, Math.round(1e6 * above) / 1e6]).toEqual(
        { weights: ['weights', -0.15, -0.25], vote: ['vote', 0, -0.5], first: ['first', 0.2, -0.5] }[mode],
      )
    }
  })

  it('keeps the names, readings and texts of the components, and shows what each adds to the sum', () => {
    const both = combine([twoSided(), ...sayers(1), twoSided()], { mode: 'weights', weights: [2, 1, 1] })
    expect(both.componentNames).toEqual([
      'two-sided',
      'two-sided.one',
      'two-sided.other',
      'says',
      'says.it',
      'two-sided#2',
      'two-sided#2.one',
      'two-sided#2.other',
    ])
    const line = lastOf(both, [opinions([0.8, -0.4])])
    expect(line.components).toEqual([
      { name: 'two-sided.one', score: 0.8, weight: 1.5, reading: 0.8 },
      { name: 'two-sided.other', score: -0.4, weight: 0.5, reading: -0.4 },
      { name: 'says.it', score: 0.8, weight: 1, reading: 0.8 },
      { name: 'two-sided#2.one', score: 0.8, weight: 0.75, reading: 0.8 },
      { name: 'two-sided#2.other', score: -0.4, weight: 0.25, reading: -0.4 },
    ])
    expect(line.score).toBeCloseTo((3 * 0.5 + 0.8) / 4, 12)
    const votes = lastOf(combine([twoSided(), ...sayers(1)], { mode: 'vote' }), [opinions([0.8, -0.4])])
    expect(votes.components.map(({ score, weight, reading }) => [score, weight, reading])).toEqual([
      [1, 0.75, 0.8],
      [1, 0.25, -0.4],
      [1, 1, 0.8],
    ])
    const instance = both.create()
    expect(instance.describe('two-sided#2.other', { score: 0, reading: 7 })).toBe('other 7')
    expect(instance.describe('says', { score: 0, reading: 7 })).toBe('says says nothing')
    expect(() => instance.describe('nobody', { score: 0, reading: 7 })).toThrow('unknown signal component "nobody"')
  })

  it('counts one that added nothing with its weight', () => {
    const line = lastOf(combine([mute(), ...sayers(1)], { mode: 'weights', weights: [3, 1] }), [opinions([0.8])])
    expect(line.score).toBeCloseTo(0.2, 12)
    expect(line.components[0]).toEqual({ name: 'mute', score: 0, weight: 3, reading: Number.NaN })
    expect(lastOf(combine([mute(), ...sayers(1)], { mode: 'first' }), [opinions([0.8])]).score).toBe(0.8)
  })

  it('passes NaN on in every mode, so that a broken strategy is seen', () => {
    for (const mode of ['weights', 'vote', 'first'] as const) expect(said([0.5, Number.NaN], { mode }).score).toBeNaN()
  })

  it('names the strategy that throws', () => {
    const throws = defineStrategy({
      id: 'throws',
      params: z.strictObject({}),
      indicators: () => ({}),
      components: { never: () => '' },
      evaluate() {
        throw new Error('boom')
      },
    })
    expect(() => lastOf(combine([mute(), throws()], { mode: 'vote' }), [bar(1)])).toThrow('throws: boom')
  })

  it('nests', () => {
    const inner = combine(sayers(2), { mode: 'vote' })
    const outer = combine([inner, ...sayers(1)], { mode: 'weights', weights: [1, 3] })
    expect(outer.componentNames).toContain('combine.says#2.it')
    expect(lastOf(outer, [opinions([0.4, 0.9])]).score).toBeCloseTo((1 + 3 * 0.4) / 4, 12)
  })

  it('computes equal indicators once, and others each', () => {
    const keys = (...strategies: Parameters<typeof combine>[0]) =>
      combine(strategies, { mode: 'vote' })
        .create()
        .indicators.map(([key]) => key)
    expect(keys(trendFollowing(), trendFollowing({ filter: 2 }))).toEqual(['trend-following.fast', 'trend-following.slow', 'trend-following.atr'])
    expect(keys(trendFollowing(), trendFollowing({ slow: 60 }))).toEqual([
      'trend-following.fast',
      'trend-following.slow',
      'trend-following.atr',
      'trend-following#2.slow',
    ])
  })

  it('gives each strategy the window that it asked for', () => {
    const lengths: number[] = []
    const looks = (window: number) =>
      defineStrategy({
        id: `looks-${window}`,
        params: z.strictObject({}),
        window,
        indicators: () => ({}),
        components: { it: () => '' },
        evaluate({ window: view }, _params, signal) {
          lengths.push(view.length)
          const [back] = [view.length - 1]
          signal.add('it', 0, 1, view.open(back) + view.close(back) + view.high(back) + view.low(back) + view.volume(back))
        },
      })()
    const [line] = sayings(combine([looks(2), looks(4)], { mode: 'weights' }), bars([1, 2, 3, 4]))
    expect(lengths).toEqual([2, 4])
    expect(line!.components.map(({ reading }) => reading)).toEqual([3 * 4 + 1, 1 * 4 + 1])
    const greedy = defineStrategy({
      id: 'greedy',
      params: z.strictObject({}),
      window: 2,
      indicators: () => ({}),
      components: { it: () => '' },
      evaluate: ({ window: view }, _params, signal) => signal.add('it', 0, 1, view.close(2)),
    })
    expect(() => sayings(combine([greedy(), looks(4)], { mode: 'weights' }), bars([1, 2, 3, 4]))).toThrow("declare a larger 'window'")
  })

  it('is warm with its slowest strategy', () => {
    expect(new StrategyRun(combine([trendFollowing(), meanReversion()], { mode: 'vote' })).warmup).toBe(50)
  })
})

describe('the state of a combination', () => {
  const strategies = () => [gridLadder(), trendFollowing({ fast: 2, slow: 3, atr: 2 }), dollarCostAverage()]
  const whole = () => combine(strategies(), { mode: 'first' })

  it('holds the state of each strategy that has one under its name', () => {
    const run = new StrategyRun(whole())
    for (const candle of bars([100, 101, 102])) run.step(candle)
    expect(JSON.parse(run.memory.text)).toEqual({
      'grid-ladder': { entries: 0, anchor: 102, bought: 0 },
      'dollar-cost-average': { entries: 0, served: bar(1).openTime, wanted: null },
    })
  })

  it('of a strategy that joins begins with its initial one, and of one that left is forgotten', () => {
    const stored = { 'grid-ladder': { entries: 1, anchor: 50, bought: 1 }, gone: { any: 'thing' } } as Json
    const read = whole().create().memory!.read(stored) as { readonly plain: Json }
    expect(read.plain).toEqual({
      'grid-ladder': { entries: 1, anchor: 50, bought: 1 },
      'dollar-cost-average': { entries: 0, served: null, wanted: null },
    })
  })

  it('that does not fit is refused with the name of the strategy', () => {
    const read = (stored: Json) => whole().create().memory!.read(stored)
    expect(() => read({ 'grid-ladder': { entries: 'x', anchor: 50, bought: 1 } })).toThrow('grid-ladder: state.entries: expected a finite number, received "x"')
    expect(() => read([])).toThrow('expected an object')
  })

  it('is none when no strategy has one', () => {
    expect(combine([trendFollowing()], { mode: 'vote' }).create().memory).toBeUndefined()
  })

  it('is not made by a strategy that declares none', () => {
    const sly = defineStrategy({
      id: 'sly',
      params: z.strictObject({}),
      indicators: () => ({ a: sma(2) }),
      components: { it: () => '' },
      evaluate: (_context, _params, signal) => (signal as unknown as { next(state: unknown): void }).next({}),
    })
    expect(() => sayings(combine([sly(), gridLadder()], { mode: 'vote' }), bars([1, 2]))).toThrow('sly: a state was handed over')
  })
})

describe.each([
  ['weights', combine([weightedSignals(), gridLadder(), twoWindows()], { mode: 'weights', weights: [3, 2, 1] })],
  [
    'vote, nested',
    combine([combine([trendFollowing(), dollarCostAverage()], { mode: 'first' }), meanReversion(), trendFollowing()], { mode: 'vote', atLeast: 0.1 }),
  ],
  ['first', combine([meanReversion(), gridLadder({ step: 0.004 }), trendFollowing()], { mode: 'first', atLeast: 0.2 })],
] as const)('the contract holds for a combination: %s', (_name, strategy) => {
  it.each(strategyContract(() => strategy).map(({ name, run }) => [name, run] as const))('%s', (_case, run) => {
    run()
  })
})

function twoWindows() {
  return defineStrategy({
    id: 'two-windows',
    params: z.strictObject({}),
    window: 7,
    indicators: () => ({}),
    components: { it: ({ reading }) => `${reading} %` },
    evaluate({ candle, window }, _params, signal) {
      const change = 100 * (candle.close / window.open(6) - 1)
      signal.add('it', Math.max(-1, Math.min(1, change)), 1, change)
    },
  })()
}

describe('combine refuses', () => {
  const problemsOf = (make: () => unknown): readonly string[] => {
    try {
      make()
      return []
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      return (error as ConfigError).problems.map(({ path, expected, received }) => `${path}: expected ${expected}, received ${received}`)
    }
  }

  it.each<[string, () => unknown, RegExp]>([
    ['nothing to combine', () => combine([], { mode: 'vote' }), /combine\.of: expected at least 1 entries, received \[\]/],
    ['a factory', () => combine([gridLadder as never], { mode: 'vote' }), /combine\.of\[0\]: expected a strategy with apiVersion 1/],
    ['an unknown mode', () => combine([gridLadder()], { mode: 'mean' as 'vote' }), /combine\.mode: expected one of "weights", "vote", "first"/],
    ['a weight too many', () => combine([gridLadder()], { mode: 'vote', weights: [1, 1] }), /combine\.weights: expected 1 weights, one for each strategy/],
    ['a weight of 0', () => combine([gridLadder()], { mode: 'weights', weights: [0] }), /combine\.weights\[0\]: expected a number above 0/],
    ['weights of an order', () => combine([gridLadder()], { mode: 'first', weights: [1] }), /combine\.weights: expected no weights/],
    ['an unknown key', () => combine([gridLadder()], { mode: 'vote', least: 1 } as never), /combine\.least: expected no such key/],
  ])('%s', (_name, make, problem) => {
    expect(problemsOf(make).join('\n')).toMatch(problem)
  })

  it.each<[string, object, RegExp]>([
    ['an unknown strategy', { mode: 'vote', of: ['breakuot'] }, /params\.of\[0\]: expected a strategy: one of .* mean "breakout"/],
    [
      'wrong parameters inside',
      { mode: 'vote', of: [{ use: 'breakout', params: { entry: 0 } }] },
      /params\.of\[0\]\.params\.entry: expected a number at least 1/,
    ],
    [
      'wrong parameters two levels down',
      { mode: 'vote', of: [{ use: 'combine', params: { mode: 'vote', of: ['nope'] } }] },
      /params\.of\[0\]\.params\.of\[0\]: expected/,
    ],
    ['a weight too few', { mode: 'weights', weights: [1], of: ['breakout', 'grid-ladder'] }, /params\.weights: expected 2 weights/],
  ])('in a file %s', (_name, params, problem) => {
    const file = { bots: [{ id: 'btc', instrument: 'BTC-USD', strategy: { use: 'combine', params } }] }
    expect(problemsOf(() => parseConfig(file)).join('\n')).toMatch(problem)
  })
})

describe('a file names combine', () => {
  const bots = (of: readonly unknown[]) => ({
    bots: [{ id: 'btc', instrument: 'BTC-USD', strategy: { use: 'combine', params: { mode: 'weights', weights: [2, 1], of } } }],
  })

  it('[row 51] with every number of its parts in the configuration that is printed', () => {
    const { bots: read, json } = parseConfig(bots(['breakout', { use: 'combine', params: { mode: 'first', of: ['grid-ladder'] } }]))
    expect(read[0]!.strategy.params).toEqual({
      mode: 'weights',
      of: [
        { use: 'breakout', params: { entry: 20, exit: 10, volume: 20, surge: 1.5 } },
        { use: 'combine', params: { mode: 'first', of: [{ use: 'grid-ladder', params: { step: 0.02, rungs: 3, profit: 0.03 } }], atLeast: 0 } },
      ],
      weights: [2, 1],
      atLeast: 0,
    })
    expect(JSON.stringify(json)).toContain('"surge":1.5')
  })

  it('and what it prints can be read again', () => {
    const params = parseConfig(bots(['breakout', 'mean-reversion'])).bots[0]!.strategy.params
    const again = parseConfig({ bots: [{ id: 'btc', instrument: 'BTC-USD', strategy: { use: 'combine', params } }] })
    expect(again.bots[0]!.strategy.params).toEqual(params)
  })

  it("with a registry's own strategies, at any depth", () => {
    const plugins = { ...builtIns, strategies: { ...builtIns.strategies, mute: { params: z.strictObject({}), make: () => mute() } } }
    const file = bots(['mute', { use: 'combine', params: { mode: 'vote', of: ['mute'] } }])
    expect(parseConfig(file, plugins).bots[0]!.strategy.componentNames).toEqual(['mute', 'mute.never', 'combine', 'combine.mute', 'combine.mute.never'])
    expect(() => parseConfig(file)).toThrow(/a strategy: one of/)
  })
})
