import type { Clock, EpochMs, LinkCode, LinkEvent, OrderEvent } from '@millrace/core'
import { Observable } from 'rxjs'
import type { InstrumentNames } from '../orders/instrument-names.ts'
import { userReportOf } from '../orders/order-report.ts'
import { connection } from '../socket/connection.ts'
import type { ConnectionEvent, ConnectionOptions } from '../socket/connection.ts'
import { userEventSchema, userOrderSchema } from '../wire/order.ts'
import { problemOf, timeField } from '../wire/values.ts'
import type { KeyWatch } from './key-watch.ts'
import { createReportFilter } from './report-filter.ts'
import type { ReportFilter } from './report-filter.ts'

export interface UserParts {
  readonly clock: Clock
  readonly offsetMs: () => number
  readonly names: InstrumentNames
  readonly watch: KeyWatch
  readonly socket: Omit<ConnectionOptions, 'channels'>
}

/**
 * The user channel: how orders stand, cumulative. It wakes up who keeps the books; executions come from the list of fills alone, which has their ids. Never
 * errors.
 */
export const userEvents = (parts: UserParts): Observable<OrderEvent | LinkEvent> =>
  new Observable((subscriber) => {
    const filter = createReportFilter()
    const tell = (event: OrderEvent | LinkEvent): void => subscriber.next(event)
    return connection({ ...parts.socket, channels: [{ name: 'user' }] }).subscribe((event) => take(event, parts, filter, tell))
  })

type Tell = (event: OrderEvent | LinkEvent) => void

function take(event: ConnectionEvent, parts: UserParts, filter: ReportFilter, tell: Tell): void {
  switch (event.type) {
    case 'ready':
      parts.watch.socket(false)
      tell({ type: 'ready', detail: 'Coinbase: news of orders arrive' })
      break
    case 'down':
      tell({ type: /rate limit/i.test(event.refusal ?? '') ? 'rateLimited' : 'down', detail: event.detail })
      if (/authenticat|authoriz/i.test(event.refusal ?? '')) parts.watch.socket(true)
      break
    case 'gap':
      tell({ type: 'gap', detail: event.detail })
      break
    case 'unreadable':
      tell(lost('unreadable', event.detail))
      break
    case 'message':
      if (event.channel === 'user') for (const each of event.events) takeEvent(each, messageTime(event.timestamp, parts), parts, filter, tell)
      break
    default:
      event satisfies never
  }
}

/** A message that could not be read may have been news of any order: as good as missed. */
const lost = (code: LinkCode, detail: string): LinkEvent => ({ type: 'gap', code, detail })

function messageTime(timestamp: string | undefined, { clock, offsetMs }: UserParts): EpochMs {
  const time = timeField.safeParse(timestamp)
  return time.success ? time.data : ((clock.nowMs() + offsetMs()) as EpochMs)
}

function takeEvent(event: unknown, atMs: EpochMs, { names }: UserParts, filter: ReportFilter, tell: Tell): void {
  const read = userEventSchema.safeParse(event)
  if (!read.success) return tell(lost('unreadable', `user: ${problemOf(read.error)}`))
  for (const row of read.data.orders) {
    const order = userOrderSchema.safeParse(row)
    if (!order.success) {
      tell(lost('unreadable', `user, an order: ${problemOf(order.error)}`))
      continue
    }
    const { report, unknownStatus } = userReportOf(order.data, names, atMs)
    if (unknownStatus !== undefined)
      tell({ type: 'error', code: 'unknownValue', detail: `order ${order.data.order_id}: unknown status ${JSON.stringify(unknownStatus)}` })
    if (filter.isNews(report)) tell({ type: 'report', report })
  }
}
