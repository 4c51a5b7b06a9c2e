import type { Observable } from 'rxjs'
import type { LinkEvent, OrderEvent } from '../../contracts/events.ts'
import type { VenueFill } from '../../model/fill.ts'
import type { OrderReport } from '../../model/order.ts'

/** Everything that a subscriber of `events()` was told. */
export interface Recorder {
  readonly reports: readonly OrderReport[]
  readonly fills: readonly VenueFill[]
  readonly links: readonly LinkEvent[]
  readonly completed: boolean
  /** What the stream failed with, as text; undefined while it did not. */
  readonly failure: string | undefined
  reportsOf(clientOrderId: string): readonly OrderReport[]
  stop(): void
}

/** Subscribes at once. */
export function record(events: Observable<OrderEvent | LinkEvent>): Recorder {
  const [reports, fills, links]: [OrderReport[], VenueFill[], LinkEvent[]] = [[], [], []]
  let completed = false
  let failure: string | undefined
  const subscription = events.subscribe({
    next: (event) => {
      if (event.type === 'report') reports.push(event.report)
      else if (event.type === 'fill') fills.push(event.fill)
      else links.push(event)
    },
    error: (error: unknown) => {
      failure = String(error)
    },
    complete: () => {
      completed = true
    },
  })
  return {
    reports,
    fills,
    links,
    get completed() {
      return completed
    },
    get failure() {
      return failure
    },
    reportsOf: (clientOrderId) => reports.filter(({ ref }) => ref.clientOrderId === clientOrderId),
    stop: () => subscription.unsubscribe(),
  }
}
