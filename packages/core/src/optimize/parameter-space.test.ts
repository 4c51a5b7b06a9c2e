import { describe, expect, it } from 'vitest'
import { parameterRange, parameterSpace, pointDigits, pointOf, pointValues } from './parameter-space.ts'

describe('parameterRange', () => {
  it.each([
    [0.1, 0.5, 0.1, [0.1, 0.2, 0.3, 0.4, 0.5]],
    [10, 25, 10, [10, 20]],
    [-0.02, 0.02, 0.02, [-0.02, 0, 0.02]],
    [1e-7, 3e-7, 1e-7, [1e-7, 2e-7, 3e-7]],
    [5, 5, 1, [5]],
  ])('goes from %d to %d by %d in decimal steps', (from, to, step, values) => expect(parameterRange('p', from, to, step).values).toEqual(values))
  it.each([
    [1, 2, 0],
    [2, 1, 1],
    [0, Number.NaN, 1],
    [0, 1, 1e-13],
    [0, 1e6, 1],
  ])('refuses %d to %d by %d', (from, to, step) => expect(() => parameterRange('p', from, to, step)).toThrow(/param p: expected from:to:step/))
})

describe('parameterSpace', () => {
  const space = parameterSpace([
    { name: 'a', values: [1, 2] },
    { name: 'b', values: ['x', 'y', 'z'] },
    { name: 'c', values: [true, false] },
  ])
  it('numbers every combination once, the last parameter fastest', () => {
    const all = Array.from({ length: space.size }, (_, point) => pointValues(space, point))
    expect(all.slice(0, 3)).toEqual([
      { a: 1, b: 'x', c: true },
      { a: 1, b: 'x', c: false },
      { a: 1, b: 'y', c: true },
    ])
    expect(new Set(all.map((values) => JSON.stringify(values))).size).toBe(12)
    for (let point = 0; point < space.size; point++) expect(pointOf(space, pointDigits(space, point))).toBe(point)
    expect(() => pointValues(space, 12)).toThrow('expected a point from 0 to 11, received 12')
  })
  it('names every problem at once', () => {
    const wrong = () =>
      parameterSpace([
        { name: 'a', values: [] },
        { name: 'a', values: [1, 1] },
      ])
    expect(wrong).toThrow(/param a: expected 1 to 100000 values[\s\S]*a name that no other parameter has[\s\S]*each value once/)
    expect(() => parameterSpace([])).toThrow('at least one')
  })
})
