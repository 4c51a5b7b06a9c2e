import { currenciesOf, isoTime } from '@millrace/core'
import type { Complete, EpochMs, VenueFill } from '@millrace/core'
import { allPages } from '../rest/all-pages.ts'
import type { RestClient } from '../rest/rest-client.ts'
import { fillSchema } from '../wire/fill.ts'
import type { WireFill } from '../wire/fill.ts'
import { problemOf } from '../wire/values.ts'
import type { Trouble } from './find-order.ts'
import type { InstrumentNames } from './instrument-names.ts'
import type { KnownOrders } from './known-orders.ts'

export interface FillParts {
  readonly rest: RestClient
  readonly known: KnownOrders
  readonly names: InstrumentNames
  readonly signal: AbortSignal
  /** The venue's time. */
  readonly venueMs: () => number
  /** A fill may become visible so much later than ones that are younger than it. */
  readonly overlapMs: number
  readonly trouble: Trouble
}

const PAGE = 100
const FIRST_LOOK_MS = 24 * 3_600_000
const form = /^v1:(\d{1,15})$/

/**
 * Reads fills, oldest first, from a cursor of an earlier answer less an overlap; the last 24 hours without one. Fills may come again, and are known by their ids;
 * none is left out: the cursor moves on only over lists that were read to their end, and to the newest fill seen, never to the present.
 *
 * @throws RangeError on a cursor that is none
 */
export async function fetchFills(parts: FillParts, after: string | undefined): Promise<Complete<VenueFill> & { readonly next: string | undefined }> {
  const told = after === undefined ? Math.floor(parts.venueMs()) - FIRST_LOOK_MS + parts.overlapMs : Number(form.exec(after)?.[1] ?? Number.NaN)
  if (Number.isNaN(told)) throw new RangeError(`expected a cursor that fills() gave, received ${JSON.stringify(after)}`)
  const { rows, problems } = await readFills(parts, Math.max(0, told - parts.overlapMs))
  for (const { detail, code } of problems) parts.trouble(detail, code)
  const complete = problems.length === 0
  const newest = rows.reduce((latest, { listedMs }) => Math.max(latest, listedMs), told)
  return { items: inOrder(rows).map((row) => venueFill(parts, row)), complete, next: `v1:${complete ? newest : told}` }
}

/** All fills from a moment on; made by `exchange.fillHistory`. */
export interface FillHistory extends Complete<VenueFill> {
  /** Why it is not complete, one line each. */
  readonly problems: readonly string[]
}

/** Reads every fill from a moment on, oldest first, and tells after each page how many there are so far. */
export async function fetchFillHistory(parts: FillParts, fromMs: number, progress?: (fills: number) => void): Promise<FillHistory> {
  const { rows, problems } = await readFills(parts, Math.max(0, fromMs), progress)
  const items = inOrder(rows).map((row) => venueFill(parts, row))
  return { items, complete: problems.length === 0, problems: problems.map(({ detail }) => detail) }
}

interface FillsRead {
  readonly rows: readonly WireFill[]
  readonly problems: readonly { readonly detail: string; readonly code?: Parameters<Trouble>[1] }[]
}

/** Reads the list from a moment on to its end, newest first; a row that cannot be read is a problem and costs that row. */
async function readFills({ rest, signal }: FillParts, fromMs: number, progress?: (fills: number) => void): Promise<FillsRead> {
  const rows: WireFill[] = []
  const problems: { readonly detail: string; readonly code?: 'unreadable' }[] = []
  const take = (page: readonly unknown[]): void => {
    for (const row of page) {
      const fill = fillSchema.safeParse(row)
      if (fill.success) rows.push(fill.data)
      else problems.push({ detail: `a fill: ${problemOf(fill.error)}`, code: 'unreadable' })
    }
    progress?.(rows.length)
  }
  const query = { limit: PAGE, start_sequence_timestamp: isoTime(fromMs as EpochMs) }
  const { problem } = await allPages(rest, '/orders/historical/fills', query, 'fills', { signal, page: take })
  return { rows, problems: problem === undefined ? problems : [...problems, { detail: problem }] }
}

/** The list is newest first; within a millisecond its own order is kept. A fill that new ones pushed onto the next page came twice. */
function inOrder(rows: readonly WireFill[]): readonly WireFill[] {
  const once = new Map(rows.map((row) => [row.fillId, row]))
  return [...once.values()].toReversed().sort((a, b) => a.listedMs - b.listedMs)
}

function venueFill({ known, names }: FillParts, { product, fee, listedMs: _, ...fill }: WireFill): VenueFill {
  const instrument = names(product, { venueOrderId: fill.venueOrderId })
  const clientOrderId = known.ofVenue(fill.venueOrderId)?.request.clientOrderId
  return { ...fill, instrument, ...(clientOrderId !== undefined && { clientOrderId }), fee: { amount: fee, currency: currenciesOf(instrument).quote } }
}
