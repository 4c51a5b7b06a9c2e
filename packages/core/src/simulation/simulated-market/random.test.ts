import { describe, expect, test } from 'vitest'
import { RandomStream, randomStream } from './random.ts'

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next)
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('RandomStream', () => {
  test('is xoshiro128** 1.1: the first numbers of the state 1, 2, 3, 4 as its reference implementation gives them', () => {
    const stream = new RandomStream(1, 2, 3, 4)
    expect(draw(10, () => stream.bits())).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804])
  })

  test('uniform numbers fill 0..1', () => {
    const stream = randomStream(1, 'uniform', 0)
    const numbers = draw(20_000, () => stream.uniform())
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...numbers)).toBeLessThan(1)
    expect(mean(numbers)).toBeCloseTo(0.5, 2)
    for (let tenth = 0; tenth < 10; tenth++) expect(numbers.filter((x) => Math.floor(x * 10) === tenth).length / 2_000).toBeCloseTo(1, 0.9)
  })

  test('normal numbers have mean 0, deviation 1, no skew and nearly normal tails', () => {
    const stream = randomStream(2, 'normal', 0)
    const numbers = draw(100_000, () => stream.normal())
    expect(mean(numbers)).toBeCloseTo(0, 1.9)
    expect(mean(numbers.map((x) => x * x))).toBeCloseTo(1, 1.6)
    expect(mean(numbers.map((x) => x * x * x))).toBeCloseTo(0, 1.2)
    // Twelve uniforms: 3 - 1.2 / 12.
    expect(mean(numbers.map((x) => x * x * x * x))).toBeCloseTo(2.9, 0.8)
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThan(6)
  })

  test('seeds, names and indices give streams of their own, the same ones the same stream', () => {
    const first = (seed: number, name: string, index: number): number => randomStream(seed, name, index).bits()
    expect(first(7, 'BTC/path', 100)).toBe(first(7, 'BTC/path', 100))
    const all = [0, 1, -1, 7, 2 ** 32 + 7, 2 ** 53 - 1].flatMap((seed) =>
      ['BTC', 'ETH'].flatMap((name) => [0, 1, -1, 20_454].map((index) => first(seed, name, index))),
    )
    expect(new Set(all).size).toBe(all.length)
  })
})
