import { expect, it } from 'vitest'
import { monteCarlo } from './monte-carlo.ts'
import { heatMaps } from './heat-map.ts'
import { parameterSpace } from './parameter-space.ts'
import { ChunkPacer } from './chunk-pacer.ts'

it('shuffles the same round trips: the worst order has the deepest fall, and no order another sum', () => {
  const pnls = [10, -10, 10, -10, 10, -10]
  const told = monteCarlo({ startEquity: 100, pnls, seed: 1, runs: 2000 })!
  // By hand: in turn, each loss falls from 110 to 100; all losses first fall from 100 to 70; all gains first from 130.
  expect(told.drawdownPercent).toBeCloseTo(1000 / 110, 9)
  expect(told.shuffledDrawdownPercent.p5).toBeGreaterThanOrEqual(1000 / 110)
  expect(told.shuffledDrawdownPercent.p95).toBeLessThanOrEqual(30)
  expect(told.shuffledDrawdownPercent.p95).toBeGreaterThan(20)
  // Six fair draws of +-10: more than half are lost with probability 22/64.
  expect(told.losingShare).toBeCloseTo(22 / 64, 1)
  expect(told.drawnReturnPercent.p50).toBe(0)
  expect(monteCarlo({ startEquity: 100, pnls, seed: 1, runs: 2000 })).toEqual(told)
  expect(monteCarlo({ startEquity: 100, pnls, seed: 2, runs: 2000 })).not.toEqual(told)
  expect(monteCarlo({ startEquity: 100, pnls: [1], seed: 1 })).toBeUndefined()
})

it('puts the scores of trials on maps: mean and best of each cell, and what was never tried apart from what has no score', () => {
  const space = parameterSpace([
    { name: 'a', values: [1, 2] },
    { name: 'b', values: [1, 2] },
    { name: 'c', values: [1, 2] },
  ])
  const maps = heatMaps(space, [
    { point: 0, score: 1 },
    { point: 1, score: 4 },
    { point: 6, score: undefined },
  ])
  expect(maps.map(({ xName, yName }) => `${xName} ${yName}`)).toEqual(['a b', 'a c', 'b c'])
  expect(maps[0]!.cells).toEqual([
    [{ trials: 2, mean: 2.5, best: 4 }, null],
    [null, { trials: 0, mean: null, best: null }],
  ])
  const [line] = heatMaps(parameterSpace([{ name: 'a', values: [1, 2, 3] }]), [{ point: 2, score: 7 }])
  expect([line!.yName, line!.cells]).toEqual(['', [[null, null, { trials: 1, mean: 7, best: 7 }]]])
})

it('sends one trial first, then as many as are worth it, and shares the last ones out', () => {
  const pacer = new ChunkPacer()
  expect(pacer.next(1000, 4)).toBe(1)
  pacer.took(1, 2)
  expect(pacer.next(1000, 4)).toBe(8)
  pacer.took(8, 16)
  expect(pacer.next(1000, 4)).toBe(64)
  pacer.took(64, 128)
  expect(pacer.next(1000, 4)).toBe(200)
  // 400 are left for four workers: a hundred each; but never less than 50 ms of work, unless less is left.
  expect(pacer.next(400, 4)).toBe(100)
  expect(pacer.next(40, 4)).toBe(25)
  expect(pacer.next(3, 4)).toBe(3)
  pacer.took(1, 5000)
  expect(pacer.next(1000, 1)).toBe(1)
})
