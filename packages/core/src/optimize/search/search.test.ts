import { describe, expect, it } from 'vitest'
import { parameterSpace } from '../parameter-space.ts'
import { gridSearch } from './grid-search.ts'
import { randomSearch } from './random-search.ts'
import type { SearchPlan } from './search.ts'
import { sequentialSearch } from './sequential-search.ts'

const values = Array.from({ length: 40 }, (_, i) => i)
const space = parameterSpace([
  { name: 'x', values },
  { name: 'y', values },
  { name: 'kind', values: ['a', 'b', 'c'] },
])
/** A hill at x 31, y 8, kind b; worth 0 at its top. */
const height = (point: number): number => {
  const [x, y, kind] = [Math.floor(point / 120), Math.floor(point / 3) % 40, point % 3]
  return -((x - 31) * (x - 31)) - (y - 8) * (y - 8) - (kind === 1 ? 0 : 200)
}
function best(plan: SearchPlan): number {
  const search = plan.create(space, 0)
  let top = -Infinity
  for (let points = search.ask(); points.length > 0; points = search.ask()) {
    search.tell(points.map((point) => ({ point, score: height(point) })))
    top = Math.max(top, ...points.map(height))
  }
  return top
}

describe('a sequential search', () => {
  it('finds a hill that as many random trials miss', () => {
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
    const mean = (plan: (seed: number) => SearchPlan): number => seeds.reduce((sum, seed) => sum + best(plan(seed)), 0) / seeds.length
    const [random, sequential] = [mean((seed) => randomSearch({ trials: 120, seed })), mean((seed) => sequentialSearch({ trials: 120, seed }))]
    expect(sequential).toBeGreaterThan(-12)
    expect(random).toBeLessThan(2 * sequential)
  })
  it('goes on when no trial has a score', () => {
    const search = sequentialSearch({ trials: 40, seed: 1 }).create(space, 0)
    let count = 0
    for (let points = search.ask(); points.length > 0; points = search.ask()) {
      count += points.length
      search.tell(points.map((point) => ({ point, score: undefined })))
    }
    expect(count).toBe(40)
  })
})

it('draws other numbers for another seed and another step', () => {
  const points = (seed: number, round: number): string => String(randomSearch({ trials: 5, seed }).create(space, round).ask())
  expect(new Set([points(1, 0), points(2, 0), points(1, 1)]).size).toBe(3)
})
it('refuses a grid that nobody would wait for', () => {
  const large = parameterSpace([
    { name: 'x', values: Array.from({ length: 2000 }, (_, i) => i) },
    { name: 'y', values: Array.from({ length: 2000 }, (_, i) => i) },
  ])
  expect(() => gridSearch().create(large, 0)).toThrow('at most 1000000 combinations')
})
