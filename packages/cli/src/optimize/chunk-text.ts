import { parameterSpace, pointValues, valuesText } from '@millrace/core'
import type { Parameter } from '@millrace/core'

/** Trials that are run together, for people: what whoever looks for a fault tries by itself. */
export function chunkText(parameters: readonly Parameter[], points: readonly number[]): string {
  const space = parameterSpace(parameters)
  const [first, last] = [points[0]!, points.at(-1)!].map((each) => valuesText(pointValues(space, each)))
  return points.length === 1 ? `the trial ${first}` : `the chunk of ${points.length} trials from ${first} to ${last}`
}
