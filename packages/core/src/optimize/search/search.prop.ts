import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parameterSpace } from '../parameter-space.ts'
import type { ParameterSpace } from '../parameter-space.ts'
import { gridSearch } from './grid-search.ts'
import { randomSearch } from './random-search.ts'
import type { SearchPlan } from './search.ts'
import { sequentialSearch } from './sequential-search.ts'

const spaces = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 })
  .map((sizes) => parameterSpace(sizes.map((size, i) => ({ name: `p${i}`, values: Array.from({ length: size }, (_, v) => (i === 2 ? `word ${v}` : v)) }))))

/** Asks until there is nothing left; every point is scored by a function of it, and some have no score. */
function asked(plan: SearchPlan, space: ParameterSpace): number[] {
  const search = plan.create(space, 0)
  const all: number[] = []
  for (let points = search.ask(); points.length > 0; points = search.ask()) {
    all.push(...points)
    search.tell(points.map((point) => ({ point, score: point % 5 === 4 ? undefined : -((point - 17) * (point - 17)) })))
  }
  expect(all.length).toBe(search.total)
  return all
}

const plans = fc.oneof(
  fc.constant(gridSearch()),
  fc.record({ trials: fc.integer({ min: 1, max: 60 }), seed: fc.nat() }).map(randomSearch),
  fc.record({ trials: fc.integer({ min: 1, max: 60 }), seed: fc.nat() }).map(sequentialSearch),
)

test('a search asks for as many points of the space as it says, none twice, and the same again', () => {
  fc.assert(
    fc.property(plans, spaces, (plan, space) => {
      const points = asked(plan, space)
      expect(new Set(points).size).toBe(points.length)
      expect(points.every((point) => Number.isInteger(point) && point >= 0 && point < space.size)).toBe(true)
      expect(asked(plan, space)).toEqual(points)
    }),
    { numRuns: 60 },
  )
})

test('with enough trials every combination is tried', () => {
  fc.assert(
    fc.property(fc.record({ trials: fc.constant(200), seed: fc.nat() }), spaces, (options, space) => {
      const every = Array.from({ length: space.size }, (_, point) => point)
      if (space.size > options.trials) return
      for (const plan of [randomSearch(options), sequentialSearch(options)]) expect(asked(plan, space).toSorted((a, b) => a - b)).toEqual(every)
    }),
    { numRuns: 20 },
  )
})
