import { describe, expect, it } from 'vitest'
import { originalMacdScore, originalMovingAverageScore, originalRsiScore } from './original-scores.ts'
import { macdScore, movingAverageScore, rsiScore, separationPercent } from './scores.ts'

const RSI_VECTORS = [
  [0, -1],
  [15, -0.75],
  [30, -0.5],
  [40, -0.25],
  [50, 0],
  [60, 0.25],
  [70, 0.5],
  [85, 0.75],
  [100, 1],
] as const
const apart = (percent: number) => ({ fast: 100 + percent, slow: 100, previousFast: 100 + percent, previousSlow: 100 })

describe('the original formulas, negative = buy', () => {
  it.each(RSI_VECTORS)('RSI %d scores %d', (rsi, score) => {
    expect(originalRsiScore(rsi, 30, 70)).toBeCloseTo(score, 14)
  })
  it('RSI scores run through the levels without a jump', () => {
    for (const level of [35, 65]) expect(originalRsiScore(level - 1e-9, 35, 65)).toBeCloseTo(originalRsiScore(level + 1e-9, 35, 65), 7)
  })
  it.each([
    [1, -0.0997],
    [5, -0.4621],
    [10, -0.7616],
  ])('averages %d %% apart score %d', (percent, score) => {
    const v = apart(percent)
    expect(originalMovingAverageScore(v, separationPercent(v))).toBeCloseTo(score, 4)
  })
  it('a crossing up scores -0.8, a crossing down +0.8, from a touch as well', () => {
    const score = (previousFast: number, fast: number) => originalMovingAverageScore({ fast, slow: 100, previousFast, previousSlow: 100 }, fast - 100)
    expect([score(99, 101), score(100, 101), score(101, 99), score(100, 99)]).toEqual([-0.8, -0.8, 0.8, 0.8])
  })
  it.each([
    [90_000, -0.4],
    [1, -0.211],
    [0.27, -0.131],
    [0.0007, -0.1],
  ])('the same relative move scores by the price: MACD at %d scores %d', (price, score) => {
    const v = { macd: -0.001 * price, signal: -0.002 * price, histogram: 0.001 * price, previousHistogram: (0.001 - 0.0003884) * price }
    expect(originalMacdScore(v)).toBeCloseTo(score, 3)
  })
  it('MACD stays within -1..+1 and takes a line on zero for a fall', () => {
    expect(originalMacdScore({ macd: 1, signal: 0, histogram: 1, previousHistogram: 0 })).toBe(-1)
    expect(originalMacdScore({ macd: 0, signal: 0, histogram: 0, previousHistogram: 0 })).toBeCloseTo(0.7, 14)
  })
})

describe('the standard formulas, positive = buy', () => {
  it.each(RSI_VECTORS)('RSI %d scores the opposite of the original %d', (rsi, original) => {
    expect(rsiScore(rsi, 30, 70)).toBeCloseTo(-original, 14)
  })
  it.each([
    [1, 0.0997],
    [-1, -0.0997],
    [5, 0.4621],
    [10, 0.7616],
  ])('averages %d %% apart score %d', (percent, score) => {
    expect(movingAverageScore(apart(percent), percent)).toBeCloseTo(score, 4)
  })
  it('a crossing up scores +0.8 and a crossing down -0.8, from a touch as well; a touch is no crossing', () => {
    const score = (previousFast: number, fast: number) => movingAverageScore({ fast, slow: 100, previousFast, previousSlow: 100 }, fast - 100)
    expect([score(99, 101), score(100, 101), score(101, 99), score(100, 99), score(99, 100), score(100, 100)]).toEqual([0.8, 0.8, -0.8, -0.8, 0, 0])
  })
  it('MACD adds 0.4, 0.3 and 0.3 parts, each with the sign of its own, none at zero', () => {
    const score = (macd: number, signal: number, change: number) => macdScore({ macd, signal, histogram: change, previousHistogram: 0 }, 1)
    expect(score(2, 1, 1)).toBeCloseTo(1, 14)
    expect(score(-2, -1, -1)).toBeCloseTo(-1, 14)
    expect(score(1, 2, 0)).toBeCloseTo(-0.1, 14)
    expect(score(1, 1, 0)).toBeCloseTo(0.3, 14)
    expect(score(0, 0, 0)).toBe(0)
    expect(score(0, 0, 0.0003884)).toBeCloseTo(0.3 * 0.37, 4)
  })
  it('MACD gives the original formula at a price of 1, and the same for the same relative move at any price', () => {
    const at = (price: number) =>
      macdScore({ macd: -0.001 * price, signal: -0.002 * price, histogram: 0.001 * price, previousHistogram: (0.001 - 0.0003884) * price }, price)
    expect(at(1)).toBeCloseTo(0.211, 3)
    for (const price of [90_000, 0.27, 0.0007]) expect(at(price)).toBeCloseTo(at(1), 12)
  })
})
