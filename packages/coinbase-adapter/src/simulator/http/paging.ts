import { invalid } from './answer.ts'

export interface Page<T> {
  readonly rows: readonly T[]
  /** Where the next page begins; empty on the last one. */
  readonly cursor: string
}

export interface PageRules {
  readonly usual: number
  readonly most: number
}

/**
 * Returns a page of a list. A cursor is a place in the list, not a row: when rows come in at the top between two pages, the next page tells some again, as
 * a venue may.
 */
export function pageOf<T>(rows: readonly T[], query: URLSearchParams, { usual, most }: PageRules): Page<T> {
  const limit = wholeNumber(query, 'limit') ?? usual
  if (limit < 1 || limit > most) throw invalid(`limit: expected 1 to ${most}, received ${limit}`)
  const from = placeOf(query.get('cursor'))
  const next = from + limit
  return { rows: rows.slice(from, next), cursor: next < rows.length ? Buffer.from(`place ${next}`).toString('base64') : '' }
}

/** @throws HttpProblem 400 for what is no whole number */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name)
  if (value === null || value === '') return undefined
  if (!/^\d{1,12}$/.test(value)) throw invalid(`${name}: expected a whole number, received ${value}`)
  return Number(value)
}

function placeOf(cursor: string | null): number {
  if (cursor === null || cursor === '') return 0
  const place = /^place (\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))?.[1]
  if (place === undefined) throw invalid('cursor: expected one that was handed out')
  return Number(place)
}
