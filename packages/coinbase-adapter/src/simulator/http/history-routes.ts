import type { Fill, VenueOrder } from '../ledger/order.ts'
import { isOver } from '../ledger/order.ts'
import { amount, divide, floorTo, isZero } from '../amount.ts'
import { stillLive, visibleState } from '../matching/visible.ts'
import { fillResting } from '../matching/matcher.ts'
import type { VenueState } from '../venue-state.ts'
import { fillRow, orderRow } from '../wire/order-row.ts'
import { HttpProblem, invalid, ok } from './answer.ts'
import type { Answer } from './answer.ts'
import { pageOf } from './paging.ts'
import type { Route, RouteRequest } from './route.ts'

function order({ service, id, portfolio }: RouteRequest): Answer {
  const found = visibleState(service.venue, id)
  if (found?.portfolio !== portfolio) throw new HttpProblem(404, 'unknown', 'order with this orderID was not found')
  return ok({ order: orderRow(found, service.userId) })
}

/** An empty list of a filter lets everything through. */
const admits = (allowed: readonly string[], value: string): boolean => allowed.length === 0 || allowed.includes(value)

function timeOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name)
  if (value === null || value === '') return undefined
  const atMs = Date.parse(value)
  if (Number.isNaN(atMs)) throw invalid(`${name}: expected an RFC 3339 time, received ${value}`)
  return atMs
}

/** The filters of the list; names that the venue does not know are ignored, as its old singular ones are. */
function orderFilter(query: URLSearchParams): (order: Readonly<VenueOrder>) => boolean {
  const statuses = query.getAll('order_status')
  // OPEN is a list of its own: it neither holds PENDING orders nor can it be asked for together with others.
  if (statuses.length > 1 && statuses.includes('OPEN')) throw invalid('order_status: OPEN cannot be combined with other statuses')
  const [ids, products, sides] = [query.getAll('order_ids'), query.getAll('product_ids'), query.getAll('order_side')]
  const [timesInForce, types] = [query.getAll('time_in_forces'), query.getAll('order_types')]
  const [fromMs, untilMs] = [timeOf(query, 'start_date') ?? -Infinity, timeOf(query, 'end_date') ?? Infinity]
  return (each) =>
    [admits(statuses, each.status), admits(ids, each.id), admits(products, each.product), admits(timesInForce, each.timeInForce)].every(Boolean) &&
    [admits(types, each.type), admits(sides, each.side), each.createdMs >= fromMs, each.createdMs < untilMs].every(Boolean)
}

const liveStatuses: ReadonlySet<string> = new Set(['OPEN', 'PENDING', 'QUEUED', 'CANCEL_QUEUED', 'EDIT_QUEUED'])

function orders({ service, query, portfolio }: RouteRequest): Answer {
  const { venue } = service
  const filter = orderFilter(query)
  const statuses = query.getAll('order_status')
  // Most orders are over, and most questions are about those that are not.
  const ids = statuses.length > 0 && statuses.every((status) => liveStatuses.has(status)) ? stillLive(venue) : [...venue.orders.keys()]
  const rows = ids
    .map((id) => visibleState(venue, id))
    .filter((each) => each !== undefined)
    .filter((each) => each.portfolio === portfolio && filter(each))
    .toReversed()
  const page = pageOf(rows, query, { usual: 100, most: 1000 })
  return ok({ orders: page.rows.map((each) => orderRow(each, service.userId)), sequence: '0', has_next: page.cursor !== '', cursor: page.cursor })
}

function fills(request: RouteRequest): Answer {
  const { service, query, portfolio } = request
  const { venue } = service
  const nowMs = venue.clock.nowMs()
  const [ids, products, trades] = [query.getAll('order_ids'), query.getAll('product_ids'), query.getAll('trade_ids')]
  const [fromMs, untilMs] = [timeOf(query, 'start_sequence_timestamp') ?? -Infinity, timeOf(query, 'end_sequence_timestamp') ?? Infinity]
  const rows: Fill[] = []
  for (let index = venue.fills.length - 1; index >= 0 && venue.fills[index]!.atMs >= fromMs; index--) {
    const fill = venue.fills[index]!
    const isSeen = fill.portfolio === portfolio && fill.visibleMs <= nowMs && fill.atMs <= untilMs
    if (isSeen && admits(ids, fill.orderId) && admits(products, fill.product) && admits(trades, fill.tradeId)) rows.push(fill)
  }
  const page = pageOf(rows, query, { usual: 100, most: 1000 })
  if (page.cursor !== '') comeBetween(venue, portfolio)
  return ok({ fills: page.rows.map((fill) => fillRow(fill, service.userId)), cursor: page.cursor })
}

/** The fault of fills that come while somebody reads page by page: those on the way arrive, or a resting order gets a part. */
function comeBetween(venue: VenueState, portfolio: string): void {
  const nowMs = venue.clock.nowMs()
  const hidden = venue.fills.filter((fill: Fill) => fill.portfolio === portfolio && fill.visibleMs > nowMs)
  const resting = [...venue.orders.values()].find((each) => each.portfolio === portfolio && each.status === 'OPEN' && !each.waiting && !isOver(each))
  if (hidden.length === 0 && resting === undefined) return
  const fault = venue.faults.draw(['fillsBetweenPages'], 'GET /orders/historical/fills')
  if (fault === undefined) return
  venue.faults.count('fillsBetweenPages')
  for (const fill of hidden) fill.visibleMs = nowMs
  if (hidden.length > 0 || resting === undefined) return
  const book = venue.books.get(resting.book)!
  const half = floorTo(divide(resting.leaves, amount(2)), book.product.baseIncrement)
  fillResting(venue, book, resting, isZero(half) ? resting.leaves : half)
  venue.fills.at(-1)!.visibleMs = nowMs
}

/** What became of orders. */
export const historyRoutes: readonly Route[] = [
  { method: 'GET', path: '/orders/historical/batch', permission: 'canView', answer: orders },
  { method: 'GET', path: '/orders/historical/fills', permission: 'canView', answer: fills },
  { method: 'GET', path: '/orders/historical/*', permission: 'canView', answer: order },
]
