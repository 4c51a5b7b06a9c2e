import { z } from 'zod'
import type { Query, RestClient } from './rest-client.ts'
import { CoinbaseError } from './coinbase-error.ts'

const pageSchema = z.object({ has_next: z.boolean().optional(), cursor: z.string().nullish() })

/** No list of ours is as long. */
const MOST_PAGES = 1_000

export interface Pages {
  /** Why the end was not reached; undefined when it was. */
  readonly problem: string | undefined
  readonly error?: unknown
}

export interface PageOptions {
  readonly signal?: AbortSignal | undefined
  /** Takes the rows of one page; true when no further page is needed. */
  readonly page: (rows: readonly unknown[]) => boolean | void
}

/**
 * Reads a list page by page to its end. It ends where `has_next` is false, and for lists that have no such field at an empty cursor or page. A page that fails
 * ends it too, and the answer says so.
 */
export async function allPages(rest: RestClient, path: string, query: Query, key: string, { signal, page: take }: PageOptions): Promise<Pages> {
  let cursor: string | undefined
  for (let page = 1; ; page++) {
    let read: Page
    try {
      read = pageOf(await rest.get(path, cursor === undefined ? query : { ...query, cursor }, signal), key)
    } catch (error) {
      return { problem: `page ${page} of ${path}: ${error instanceof Error ? error.message : String(error)}`, error }
    }
    if (take(read.rows) === true || read.next === undefined) return { problem: undefined }
    if (read.next === '' || read.next === cursor) return { problem: `page ${page} of ${path}: there is more, and no new cursor to ask with` }
    if (page >= MOST_PAGES) return { problem: `${path}: more than ${MOST_PAGES} pages` }
    cursor = read.next
  }
}

interface Page {
  readonly rows: readonly unknown[]
  /** Undefined at the end. */
  readonly next: string | undefined
}

function pageOf(answer: unknown, key: string): Page {
  const page = pageSchema.safeParse(answer)
  const rows: unknown = page.success ? (answer as Readonly<Record<string, unknown>>)[key] : undefined
  if (!page.success || !Array.isArray(rows)) throw new CoinbaseError('unreadable', `expected a list of ${key}`)
  const { has_next, cursor } = page.data
  const more = has_next ?? (rows.length > 0 && Boolean(cursor))
  return { rows, next: more ? (cursor ?? '') : undefined }
}
