import type { Json } from './json.ts'

/** One place in which two pieces of plain data differ; null is absent as well. */
export interface Difference {
  /** As in `sizing.params.base`. */
  readonly path: string
  readonly before: Json
  readonly after: Json
}

type Members = Readonly<Record<string, Json>>

const isObject = (data: Json): data is Members => typeof data === 'object' && data !== null && !Array.isArray(data)

/** Returns every place in which two pieces of plain data differ. Lists are compared as a whole. */
export function differences(before: Json, after: Json, path = ''): readonly Difference[] {
  if (isObject(before) && isObject(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differences(before[key] ?? null, after[key] ?? null, path === '' ? key : `${path}.${key}`),
    )
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }]
}
