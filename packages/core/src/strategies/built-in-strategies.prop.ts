import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Strategy } from '../contracts/strategy.ts'
import type { Candle } from '../model/candle.ts'
import { StrategyRun, surroundings } from '../testing/strategy-run.ts'
import { bar } from './bars.fixture.ts'
import { breakout } from './breakout.ts'
import { dollarCostAverage } from './dollar-cost-average.ts'
import { gridLadder } from './grid-ladder.ts'
import { meanReversion } from './mean-reversion.ts'
import { trendFollowing } from './trend-following.ts'

const makers: readonly (readonly [string, () => Strategy])[] = [
  ['trend-following', () => trendFollowing({ fast: 5, slow: 12, atr: 7, filter: 0.2 })],
  ['mean-reversion', () => meanReversion({ rsi: 7, period: 10 })],
  ['breakout', () => breakout({ entry: 8, exit: 5, volume: 6, surge: 1.2 })],
  ['grid-ladder', () => gridLadder({ step: 0.004, rungs: 4, profit: 0.005 })],
  ['dollar-cost-average', () => dollarCostAverage({ every: '7m', offset: '2m' })],
]

/** Candles that move by up to 1 % each, with quiet and empty ones. */
const path = fc.array(
  fc.record({
    move: fc.oneof(fc.integer({ min: -1_000, max: 1_000 }), fc.constant(0)),
    reach: fc.integer({ min: 0, max: 300 }),
    volume: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 1_000 }) }, fc.constant(0)),
    gap: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 20, maxLength: 90 },
)
type Path = typeof path extends fc.Arbitrary<infer T> ? T : never

function candlesOf(steps: Path, start: number, scale = 1): Candle[] {
  let price = start
  let minute = 0
  return steps.map(({ move, reach, volume, gap }) => {
    const open = price
    price *= 1 + move / 1e5
    minute += gap
    const high = Math.max(open, price) * (1 + reach / 1e5)
    const low = Math.min(open, price) * (1 - reach / 1e5)
    return bar(price * scale, { minute, open: open * scale, high: high * scale, low: low * scale, volume })
  })
}

/** A bot that buys and sells what the strategy says, at the close. */
function scoresOf(strategy: Strategy, candles: readonly Candle[]): number[] {
  const run = new StrategyRun(strategy)
  let around = surroundings()
  return candles.flatMap((candle) => {
    const said = run.step(candle, around)
    if (said === undefined) return []
    if (said.score > 0.15) around = surroundings({ price: candle.close }, around.orders.entries + 1)
    if (said.score < -0.15) around = surroundings(undefined, around.orders.entries)
    return [said.score]
  })
}

describe.each(makers)('%s', (_name, make) => {
  it('stays in -1..+1 and never says NaN', () => {
    fc.assert(
      fc.property(path, fc.constantFrom(90_000, 1, 0.0007), (steps, start) => {
        for (const score of scoresOf(make(), candlesOf(steps, start))) {
          expect(score).toBeGreaterThanOrEqual(-1)
          expect(score).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('says the same of the same candles', () => {
    fc.assert(
      fc.property(path, (steps) => {
        expect(scoresOf(make(), candlesOf(steps, 100))).toEqual(scoresOf(make(), candlesOf(steps, 100)))
      }),
    )
  })

  it('does not depend on the price level', () => {
    fc.assert(
      // Powers of two scale without rounding, so that a price exactly at a level stays there.
      fc.property(path, fc.integer({ min: -30, max: 30 }), (steps, power) => {
        const one = scoresOf(make(), candlesOf(steps, 123.45))
        const other = scoresOf(make(), candlesOf(steps, 123.45, 2 ** power))
        expect(other).toHaveLength(one.length)
        other.forEach((score, i) => expect(score).toBeCloseTo(one[i]!, 9))
      }),
    )
  })

  it('knows nothing of later candles', () => {
    fc.assert(
      fc.property(path, path, (steps, later) => {
        const now = scoresOf(make(), candlesOf(steps, 100))
        expect(scoresOf(make(), candlesOf([...steps, ...later], 100)).slice(0, now.length)).toEqual(now)
      }),
    )
  })
})

it('the trend turned round turns trend-following and mean-reversion round', () => {
  fc.assert(
    fc.property(path, (steps) => {
      const there = candlesOf(
        steps.map((step) => ({ ...step, move: step.move / 20, reach: 0 })),
        1_000,
      )
      const back = there.map((candle) => ({
        ...candle,
        open: 2_000 - candle.open,
        high: 2_000 - candle.low,
        low: 2_000 - candle.high,
        close: 2_000 - candle.close,
      }))
      const trend = trendFollowing({ fast: 5, slow: 12, atr: 7, filter: 0 })
      const [forward, mirrored] = [scoresOf(trend, there), scoresOf(trend, back)]
      // The least range refers to slightly different prices, so the mirror image is not exact.
      forward.forEach((score, i) => expect(score + mirrored[i]!).toBeCloseTo(0, 1))
      const reversion = meanReversion({ rsi: 7, period: 10 })
      const [one, other] = [scoresOf(reversion, there), scoresOf(reversion, back)]
      // At a level itself, rounding may tip one of the two.
      const apart = one.filter((score, i) => Math.abs(score + other[i]!) > 1e-6)
      expect(apart.every((score) => Math.abs(score) <= 0.51)).toBe(true)
    }),
  )
})

it('grid-ladder never asks for more rungs than it has, and never twice for one that was filled', () => {
  fc.assert(
    fc.property(path, fc.integer({ min: 1, max: 5 }), (steps, rungs) => {
      const run = new StrategyRun(gridLadder({ step: 0.004, rungs, profit: 0.5 }))
      let around = surroundings()
      let bought = 0
      for (const candle of candlesOf(steps, 100)) {
        const said = run.step(candle, around)!
        if (said.score <= 0) continue
        bought++
        around = surroundings({ price: candle.close }, around.orders.entries + 1)
      }
      expect(bought).toBeLessThanOrEqual(rungs)
    }),
  )
})

it('dollar-cost-average buys once in every slot that has a candle, denied or not, and never twice', () => {
  fc.assert(
    fc.property(path, fc.array(fc.boolean(), { minLength: 90, maxLength: 90 }), (steps, denied) => {
      const run = new StrategyRun(dollarCostAverage({ every: '7m', offset: '2m' }))
      const slotOf = (candle: Candle): number => Math.floor((candle.openTime / 60_000 - 2) / 7)
      let entries = 0
      const bought: number[] = []
      const candles = candlesOf(steps, 100)
      candles.forEach((candle, i) => {
        const said = run.step(candle, surroundings(undefined, entries))!
        if (said.score !== 1 || denied[i]!) return
        entries++
        bought.push(slotOf(candle))
      })
      expect(new Set(bought).size).toBe(bought.length)
      const open = candles.filter((candle, i) => !denied[i]! && slotOf(candle) > slotOf(candles[0]!))
      expect(bought).toEqual([...new Set(open.map(slotOf))])
    }),
  )
})
