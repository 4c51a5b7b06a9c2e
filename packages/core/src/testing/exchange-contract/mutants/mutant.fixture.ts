import { filter, map, type Observable } from 'rxjs'
import type { LinkEvent, OrderEvent } from '../../../contracts/events.ts'
import type { Exchange } from '../../../contracts/exchange.ts'
import type { VenueFill } from '../../../model/fill.ts'
import type { OrderReport } from '../../../model/order.ts'
import type { ExchangeSubject } from '../harness.ts'

/** An exchange with one mistake, and the cases that find it. */
export interface Mutant {
  readonly name: string
  readonly caughtBy: readonly string[]
  readonly mistake: (exchange: Exchange, subject: ExchangeSubject) => Partial<Exchange>
}

export const never = new AbortController().signal

export type Told = OrderEvent | LinkEvent

export const onReports = (exchange: Exchange, change: (report: OrderReport) => OrderReport): Partial<Exchange> => ({
  order: async (ref, sentBefore) => {
    const found = await exchange.order(ref, sentBefore)
    return typeof found === 'string' ? found : change(found)
  },
  liveOrders: async () => {
    const live = await exchange.liveOrders()
    return { ...live, items: live.items.map(change) }
  },
  events: () => exchange.events().pipe(map((event) => (event.type === 'report' ? { ...event, report: change(event.report) } : event))),
})

export const onFills = (exchange: Exchange, change: (fills: readonly VenueFill[]) => readonly VenueFill[]): Partial<Exchange> => ({
  fills: async (after) => {
    const answer = await exchange.fills(after)
    return { ...answer, items: change(answer.items) }
  },
  events: () => exchange.events().pipe(filter((event) => event.type !== 'fill')),
})

export const onEvents = (exchange: Exchange, change: (events: Observable<Told>) => Observable<Told>): Partial<Exchange> => ({
  events: () => change(exchange.events()),
})
