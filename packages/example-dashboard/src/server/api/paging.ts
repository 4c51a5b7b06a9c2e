import { Refusal } from '../problem.ts'

export interface PageQuery {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface Paged<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | undefined
  readonly total: number | undefined
}

/**
 * One page of a whole list, newest first. The cursor is the key of the page's last entry, so what comes in at the front moves nothing.
 *
 * @throws Refusal when the cursor is the key of no entry
 */
export function pageOfList<T>(list: readonly T[], keyOf: (item: T) => string, { limit, cursor }: PageQuery): Paged<T> {
  const before = cursor === undefined ? -1 : list.findIndex((item) => keyOf(item) === cursor)
  if (cursor !== undefined && before < 0) throw new Refusal('query-invalid', 'cursor: expected the next_cursor of a page of this list')
  const items = list.slice(before + 1, before + 1 + limit)
  const more = before + 1 + limit < list.length
  return { items, nextCursor: more ? keyOf(items.at(-1)!) : undefined, total: list.length }
}
