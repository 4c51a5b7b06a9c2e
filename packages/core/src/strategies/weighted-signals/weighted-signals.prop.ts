import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { run } from './run.fixture.ts'
import { weightedSignals } from './weighted-signals.ts'

/** Moves of up to 0.5 % a candle, with runs in one direction and quiet stretches. */
const moves = fc.array(fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -500, max: 500 }) }, fc.constant(0), fc.constantFrom(300, -300)), {
  minLength: 45,
  maxLength: 160,
})

const pricesOf = (steps: readonly number[], start: number): number[] => {
  let price = start
  return steps.map((step) => (price *= 1 + step / 1e5))
}

const THRESHOLD = 0.15
const actionOf = (score: number): number => (Math.abs(score) < THRESHOLD ? 0 : Math.sign(score))

describe('weighted-signals', () => {
  it.each(['standard', 'compat'] as const)('[row 9] the score of the %s set lies in -1..+1', (set) => {
    fc.assert(
      fc.property(moves, fc.constantFrom(90_000, 1, 0.0007), (steps, start) => {
        for (const { score } of run(weightedSignals({ set }), pricesOf(steps, start)).slice(40)) {
          expect(score).toBeGreaterThanOrEqual(-1)
          expect(score).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('turning the trend of the prices round turns the action round', () => {
    let actions = 0
    fc.assert(
      fc.property(moves, (steps) => {
        const prices = pricesOf(
          steps.map((step) => step / 5),
          1_000,
        )
        const mirrored = prices.map((price) => 2_000 - price)
        const there = run(weightedSignals(), prices)
        const back = run(weightedSignals(), mirrored)
        for (let i = 40; i < prices.length; i++) {
          const score = there[i]!.score
          // The percentages refer to slightly different prices, so the mirror image is not exact.
          expect(score + back[i]!.score).toBeCloseTo(0, 1)
          if (Math.abs(Math.abs(score) - THRESHOLD) < 0.05) continue
          expect(actionOf(back[i]!.score)).toBe(-actionOf(score) + 0)
          if (actionOf(score) !== 0) actions++
        }
      }),
    )
    expect(actions).toBeGreaterThan(100)
  })

  it('the standard score does not depend on the price level', () => {
    fc.assert(
      fc.property(moves, fc.integer({ min: -7, max: 7 }), (steps, power) => {
        const prices = pricesOf(steps, 123.45)
        const scaled = prices.map((price) => price * 10 ** power)
        const one = run(weightedSignals(), prices)
        const other = run(weightedSignals(), scaled)
        for (let i = 40; i < prices.length; i++) expect(other[i]!.score).toBeCloseTo(one[i]!.score, 9)
      }),
    )
  })

  it('the compat score does depend on it: that is why standard exists', () => {
    const steps = Array.from({ length: 80 }, (_, i) => (i % 9) * 40 - 150)
    const at = (start: number) => run(weightedSignals({ set: 'compat' }), pricesOf(steps, start)).at(-1)!.score
    expect(Math.abs(at(90_000) - at(0.0007))).toBeGreaterThan(0.02)
  })
})
