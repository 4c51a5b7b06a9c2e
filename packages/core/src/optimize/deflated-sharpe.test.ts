import { describe, expect, it } from 'vitest'
import { deflatedSharpe } from './deflated-sharpe.ts'
import { normalProbability, normalQuantile } from './normal-distribution.ts'

/** The example of the paper: five years of 250 days, an annual Sharpe ratio of 2.5, an annual variance among the trials of 1/2. */
const paper = { sharpe: 2.5 / Math.sqrt(250), periods: 1250, skewness: -3, kurtosis: 10, variance: 0.5 / 250 }

describe('deflatedSharpe', () => {
  it.each([
    ['100 trials, skewed returns with long tails', { trials: 100 }, 0.9004],
    ['46 trials: what would have been enough', { trials: 46 }, 0.9505],
    ['88 trials, had the returns been normal', { trials: 88, skewness: 0, kurtosis: 3 }, 0.9505],
  ])('gives the figures of Bailey and López de Prado (2014): %s', (_name, change, probability) => {
    expect(deflatedSharpe({ ...paper, ...change })!.probability).toBeCloseTo(probability, 4)
  })
  it('expects more of the best the more were tried', () => {
    const expected = [1, 2, 10, 100, 10_000].map((trials) => deflatedSharpe({ ...paper, trials })!.expectedBest)
    expect(expected).toEqual(expected.toSorted((a, b) => a - b))
    expect(expected[0]).toBe(0)
    expect(expected[3]).toBeCloseTo(0.1132, 4)
  })
  it('says nothing where there is nothing to say it of', () => {
    expect(deflatedSharpe({ ...paper, trials: 5, periods: 1 })).toBeUndefined()
    expect(deflatedSharpe({ ...paper, trials: 5, sharpe: 2, skewness: 3, kurtosis: 1 })).toBeUndefined()
  })
})

describe('the normal distribution', () => {
  // Tabulated to 15 digits in Abramowitz and Stegun, table 26.1, and by continued fraction in the tail.
  it.each([
    [0, 0.5],
    [1, 0.841344746068543],
    [2, 0.977249868051821],
    [-3, 0.00134989803163],
    [5, 0.999999713348428],
    [-6, 9.865876450376981e-10],
    [-10, 7.619853024160527e-24],
    [-40, 0],
  ])('of %d is %d', (x, probability) =>
    expect(Math.abs(normalProbability(x) - probability)).toBeLessThanOrEqual(1e-14 * (probability > 1e-3 ? 1 : Math.max(probability, 1e-300))),
  )
  it('is undone by its inverse, far into both tails', () => {
    for (const x of [-9, -5.6, -5.4, -2, -0.3, 0, 0.3, 2, 5]) expect(normalQuantile(normalProbability(x))).toBeCloseTo(x, 8)
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(-0.1), normalProbability(Number.NaN)]).toEqual([-Infinity, Infinity, Number.NaN, Number.NaN])
  })
})
