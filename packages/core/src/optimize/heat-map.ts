import { pointDigits } from './parameter-space.ts'
import type { ParameterSpace, ParameterValue } from './parameter-space.ts'
import type { ScoredPoint } from './search/search.ts'

/** Scores over two parameters. With one parameter there is one row, and `yName` is empty. */
export interface HeatMap {
  readonly xName: string
  readonly yName: string
  readonly xValues: readonly ParameterValue[]
  readonly yValues: readonly ParameterValue[]
  /** By y, then x; null where nothing was tried. */
  readonly cells: readonly (readonly (HeatCell | null)[])[]
}

/** All trials with the same two values. */
export interface HeatCell {
  /** Trials that have a score; the others were refused or not ranked. */
  readonly trials: number
  /** Null when no trial has a score. */
  readonly mean: number | null
  readonly best: number | null
}

/** Maps at most, and values along one side: more nobody reads. */
const MOST_MAPS = 6
const MOST_VALUES = 40

/**
 * Returns the scores of trials over each pair of parameters, in their order; parameters with more than 40 values are left out. A single high cell among low ones is luck,
 * a high region is not.
 *
 * @example
 * ```ts
 * const space = parameterSpace([{ name: 'fast', values: [5, 10] }, { name: 'slow', values: [20, 30] }])
 * const map = heatMaps(space, [{ point: 0, score: 1 }, { point: 3, score: -2 }])[0]!
 * map.cells[1]![1]!.best // => -2
 * ```
 */
export function heatMaps(space: ParameterSpace, scored: Iterable<ScoredPoint>): readonly HeatMap[] {
  const sides = space.parameters.flatMap(({ name, values }, index) => (values.length >= 2 && values.length <= MOST_VALUES ? [{ name, values, index }] : []))
  const pairs = sides.length === 1 ? [[sides[0]!, undefined] as const] : sides.flatMap((x, i) => sides.slice(i + 1).map((y) => [x, y] as const))
  const maps = pairs.slice(0, MOST_MAPS).map(([x, y]) => ({ x, y, cells: (y?.values ?? ['']).map(() => x.values.map(() => emptyCell())) }))
  for (const { point, score } of scored) {
    const digits = pointDigits(space, point)
    for (const { x, y, cells } of maps) {
      const cell = cells[y === undefined ? 0 : digits[y.index]!]![digits[x.index]!]!
      cell.tried = true
      if (score === undefined) continue
      cell.trials++
      cell.sum += score
      cell.best = Math.max(cell.best, score)
    }
  }
  return maps.map(({ x, y, cells }) => ({
    xName: x.name,
    yName: y?.name ?? '',
    xValues: x.values,
    yValues: y?.values ?? [''],
    cells: cells.map((row) =>
      row.map(({ tried, trials, sum, best }) => (tried ? { trials, mean: trials === 0 ? null : sum / trials, best: trials === 0 ? null : best } : null)),
    ),
  }))
}

const emptyCell = () => ({ tried: false, trials: 0, sum: 0, best: -Infinity })
