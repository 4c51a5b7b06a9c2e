import { isoTime } from '@millrace/core'
import type { Clock, Complete, EpochMs, OrderRef, OrderReport, SentBefore } from '@millrace/core'
import { allPages } from '../rest/all-pages.ts'
import { CoinbaseError } from '../rest/coinbase-error.ts'
import type { Query, RestClient } from '../rest/rest-client.ts'
import { orderAnswerSchema, orderSchema } from '../wire/order.ts'
import type { WireOrder } from '../wire/order.ts'
import { problemOf } from '../wire/values.ts'
import type { InstrumentNames } from './instrument-names.ts'
import type { KnownOrders } from './known-orders.ts'
import { liveStatuses, reportOf } from './order-report.ts'

const HISTORY = '/orders/historical/batch'
const PAGE = 250
/** A scan of the history starts so much before the order left: our clock and the venue's may differ. */
const MARGIN_MS = 300_000

/** Told of what could not be read, is not known, or (without a code) could not be had. */
export type Trouble = (detail: string, code?: 'unreadable' | 'unknownValue') => void

export interface FindParts {
  readonly rest: RestClient
  readonly clock: Clock
  readonly offsetMs: () => number
  readonly known: KnownOrders
  readonly names: InstrumentNames
  readonly signal: AbortSignal
  /** An order that left less than this long ago may exist although no list has it. */
  readonly visibleAfterMs: number
  /** How far back the history is scanned for an order of which nobody knows when it left. */
  readonly lookBackMs: number
  readonly trouble: Trouble
}

/** Looks an order up: by the venue's id, else through all live orders and the history, since the venue has no lookup by our id. */
export async function findOrder(parts: FindParts, ref: OrderRef, sentBefore?: SentBefore): Promise<OrderReport | 'notFound' | 'unknown'> {
  const known = parts.known.ofClient(ref.clientOrderId)
  const venueOrderId = ref.venueOrderId ?? known?.venueOrderId
  const direct = venueOrderId === undefined ? undefined : await byVenueId(parts, ref.clientOrderId, venueOrderId)
  if (direct !== undefined && direct !== 'notFound') return direct
  const sentAtMs = earliest(sentBefore?.firstSentAtMs, known?.firstSentAtMs)
  const found = await scan(parts, ref.clientOrderId, sentAtMs)
  if (found !== 'notFound') return found
  // The venue named it, so it is there: a list that lags is no proof.
  if (known?.venueOrderId !== undefined || known?.sending !== undefined) return 'unknown'
  const newest = Math.max(sentBefore?.firstSentAtMs ?? 0, sentBefore?.lastSentAtMs ?? 0, known?.lastSentAtMs ?? 0)
  return parts.clock.nowMs() - newest < parts.visibleAfterMs ? 'unknown' : 'notFound'
}

const earliest = (a: EpochMs | undefined, b: EpochMs | undefined): number | undefined => (a === undefined ? b : b === undefined ? a : Math.min(a, b))

async function byVenueId(parts: FindParts, clientOrderId: string, venueOrderId: string): Promise<OrderReport | 'notFound' | 'unknown'> {
  try {
    const answer = orderAnswerSchema.safeParse(await parts.rest.get(`/orders/historical/${encodeURIComponent(venueOrderId)}`, {}, parts.signal))
    if (!answer.success) {
      parts.trouble(`order ${venueOrderId}: ${problemOf(answer.error)}`, 'unreadable')
      return 'unknown'
    }
    const { order } = answer.data
    if (order.order_id === venueOrderId && order.client_order_id === clientOrderId) return readReport(parts, order)
    parts.trouble(`asked for order ${venueOrderId} (${clientOrderId}), received ${order.order_id} (${order.client_order_id})`, 'unreadable')
    return 'unknown'
  } catch (error) {
    if (isNotFound(error)) return 'notFound'
    parts.trouble(`order ${venueOrderId}: ${error instanceof Error ? error.message : String(error)}`)
    return 'unknown'
  }
}

/** The venue has three ways to say that it does not know an order. */
const isNotFound = (error: unknown): boolean =>
  error instanceof CoinbaseError && (error.kind === 'notFound' || (error.kind === 'invalid' && /not found/i.test(error.message)))

/**
 * Looks through the live orders, status by status, then twice through the history. Lists were seen that are empty without an error, so a history counts only when it
 * has every order that is known to be there.
 */
async function scan(parts: FindParts, clientOrderId: string, sentAtMs: number | undefined): Promise<OrderReport | 'notFound' | 'unknown'> {
  const nowMs = parts.clock.nowMs()
  const startMs = sentAtMs === undefined ? nowMs - parts.lookBackMs : sentAtMs - MARGIN_MS
  const history: Query = { limit: PAGE, start_date: isoTime(Math.floor(startMs + parts.offsetMs())) }
  const live = liveStatuses.map((status): Query => ({ limit: PAGE, order_status: [status] }))
  const witnesses = parts.known.named(startMs + MARGIN_MS / 2, nowMs - parts.visibleAfterMs)
  let complete = true
  for (const query of [...live, history, history]) {
    const list = await listOrders(parts, query, ({ client_order_id }) => client_order_id === clientOrderId)
    const order = list.items.find(({ client_order_id }) => client_order_id === clientOrderId)
    if (order !== undefined) {
      parts.known.accepted(clientOrderId, order.order_id)
      return readReport(parts, order)
    }
    complete &&= list.complete
    if (query !== history || !list.complete) continue
    const missing = witnesses.find((id) => !list.items.some(({ order_id }) => order_id === id))
    if (missing === undefined) continue
    parts.trouble(`the history of orders lacks ${missing}, which the venue took: it proves nothing`)
    complete = false
  }
  return complete ? 'notFound' : 'unknown'
}

/** All orders that may still trade. Each status is asked for by itself: "open" alone hides those that are not open yet. */
export async function liveOrders(parts: FindParts): Promise<Complete<OrderReport>> {
  const byId = new Map<string, WireOrder>()
  let complete = true
  for (const status of liveStatuses) {
    const list = await listOrders(parts, { limit: PAGE, order_status: [status] })
    complete &&= list.complete
    for (const order of list.items) byId.set(order.order_id, order)
  }
  return { items: [...byId.values()].map((order) => readReport(parts, order)), complete }
}

/** Every order since a moment, by our clock, whatever became of it. */
export async function orderHistory(parts: FindParts, sinceMs: number): Promise<Complete<OrderReport>> {
  const { items, complete } = await listOrders(parts, { limit: PAGE, start_date: isoTime(Math.floor(sinceMs - MARGIN_MS + parts.offsetMs()) as EpochMs) })
  return { items: items.map((order) => readReport(parts, order)), complete }
}

async function listOrders(parts: FindParts, query: Query, wanted?: (order: WireOrder) => boolean): Promise<Complete<WireOrder>> {
  const items: WireOrder[] = []
  let unreadable = 0
  const read = (rows: readonly unknown[]): boolean => {
    const before = items.length
    for (const row of rows) {
      const order = orderSchema.safeParse(row)
      if (order.success) items.push(order.data)
      else {
        unreadable++
        parts.trouble(`an order of the list: ${problemOf(order.error)}`, 'unreadable')
      }
    }
    return wanted !== undefined && items.slice(before).some(wanted)
  }
  const { problem } = await allPages(parts.rest, HISTORY, query, 'orders', { signal: parts.signal, page: read })
  if (problem !== undefined) parts.trouble(problem)
  return { items, complete: problem === undefined && unreadable === 0 }
}

function readReport(parts: FindParts, order: WireOrder): OrderReport {
  const { report, unknownStatus } = reportOf(order, parts.names, (parts.clock.nowMs() + parts.offsetMs()) as EpochMs)
  if (unknownStatus !== undefined) parts.trouble(`order ${order.order_id}: unknown status ${JSON.stringify(unknownStatus)}`, 'unknownValue')
  return report
}
