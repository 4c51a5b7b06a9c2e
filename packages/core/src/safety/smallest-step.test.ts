import { expect, it } from 'vitest'
import { smallestStep } from './smallest-step.ts'

it('finds the smallest number of steps that passes, and looks at few', () => {
  for (const wanted of [1, 2, 3, 7, 8, 9, 1_000_003]) {
    let looks = 0
    const passes = (steps: number): boolean => {
      looks++
      return steps >= wanted
    }
    expect(smallestStep(passes, 2 ** 40)).toBe(wanted)
    expect(looks).toBeLessThan(50)
  }
})

it('finds the last step that is allowed, and nothing beyond it', () => {
  expect(smallestStep((steps) => steps >= 100, 100)).toBe(100)
  expect(smallestStep((steps) => steps >= 101, 100)).toBeUndefined()
})
