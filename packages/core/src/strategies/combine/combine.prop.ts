import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Strategy } from '../../contracts/strategy.ts'
import { strategyCandles } from '../../testing/strategy-candles.ts'
import { lastOf, sayings } from '../bars.fixture.ts'
import { breakout } from '../breakout.ts'
import { dollarCostAverage } from '../dollar-cost-average.ts'
import { gridLadder } from '../grid-ladder.ts'
import { meanReversion } from '../mean-reversion.ts'
import { trendFollowing } from '../trend-following.ts'
import { weightedSignals } from '../weighted-signals/weighted-signals.ts'
import { combine } from './combine.ts'
import type { CombineOptions } from './combine.ts'
import { opinions, sayers } from './combine.fixture.ts'

const score = fc.oneof({ weight: 4, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) }, fc.constantFrom(0, 1, -1))
const scores = fc.array(score, { minLength: 1, maxLength: 4 })
const weightsFor = (n: number) => fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: n, maxLength: n })
const weighted = scores.chain((list) =>
  fc.record({ list: fc.constant(list), weights: weightsFor(list.length), atLeast: fc.double({ min: 0, max: 1, noNaN: true }) }),
)
const said = (list: readonly number[], options: CombineOptions, sign: 1 | -1 = 1): number =>
  lastOf(combine(sayers(list.length, sign), options), [opinions(list)]).score

describe('combine', () => {
  it('weights: the weighted mean of what counts', () => {
    fc.assert(
      fc.property(weighted, ({ list, weights, atLeast }) => {
        const total = weights.reduce((sum, w) => sum + w, 0)
        const mean = list.reduce((sum, s, i) => sum + (Math.abs(s) >= atLeast ? s : 0) * weights[i]!, 0) / total
        expect(said(list, { mode: 'weights', weights, atLeast })).toBeCloseTo(mean, 9)
      }),
    )
  })

  it('vote: odd under a turned sign, and the weighted mean of signs', () => {
    fc.assert(
      fc.property(weighted, ({ list, weights, atLeast }) => {
        const options = { mode: 'vote', weights, atLeast } as const
        const votes = said(list, options)
        expect(said(list, options, -1) + votes).toBeCloseTo(0, 12)
        const total = weights.reduce((sum, w) => sum + w, 0)
        expect(votes).toBeCloseTo(list.reduce((sum, s, i) => sum + (Math.abs(s) >= atLeast ? Math.sign(s) : 0) * weights[i]!, 0) / total, 9)
      }),
    )
  })

  it('first: the first that is not 0 and counts', () => {
    fc.assert(
      fc.property(weighted, ({ list, atLeast }) => {
        expect(said(list, { mode: 'first', atLeast })).toBeCloseTo(list.find((s) => s !== 0 && Math.abs(s) >= atLeast) ?? 0, 12)
      }),
    )
  })

  it('stays in -1..+1 in every mode', () => {
    fc.assert(
      fc.property(weighted, fc.constantFrom('weights', 'vote', 'first'), ({ list, weights, atLeast }, mode) => {
        const value = said(list, { mode, atLeast, ...(mode === 'first' ? {} : { weights }) })
        expect(Math.abs(value)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('of one is that one in every mode but vote; a nest of weights is the product of the weights', () => {
    fc.assert(
      fc.property(scores, weightsFor(4), (list, [a, b, c, d]) => {
        expect(said(list.slice(0, 1), { mode: 'weights', weights: [a!] })).toBeCloseTo(list[0]!, 12)
        expect(said(list.slice(0, 1), { mode: 'first' })).toBeCloseTo(list[0]!, 12)
        const [one, two, three] = sayers(3) as [Strategy, Strategy, Strategy]
        const nested = combine([combine([one, two], { mode: 'weights', weights: [a!, b!] }), three], { mode: 'weights', weights: [c!, d!] })
        const [x = 0, y = 0, z = 0] = list
        expect(lastOf(nested, [opinions(list)]).score).toBeCloseTo((c! * ((a! * x + b! * y) / (a! + b!)) + d! * z) / (c! + d!), 9)
      }),
    )
  })
})

const builtIn: readonly (readonly [string, () => Strategy])[] = [
  ['weighted-signals', () => weightedSignals()],
  ['trend-following', () => trendFollowing()],
  ['mean-reversion', () => meanReversion()],
  ['breakout', () => breakout()],
  ['grid-ladder', () => gridLadder({ step: 0.004 })],
  ['dollar-cost-average', () => dollarCostAverage({ every: '10m' })],
]

describe.each(builtIn)('%s, over made-up candles', (_name, make) => {
  it('combined with itself by weights is itself, although its indicators are shared', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 4 }), (seed, count) => {
        const candles = strategyCandles(200, seed)
        const alone = sayings(make(), candles)
        const together = sayings(combine(Array.from({ length: count }, make), { mode: 'weights' }), candles)
        expect(together).toHaveLength(alone.length)
        together.forEach((line, i) => expect(line.score).toBeCloseTo(alone[i]!.score, 9))
      }),
      { numRuns: 20 },
    )
  })
})
