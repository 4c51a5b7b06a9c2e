import type { At } from '../contracts/crash-point.ts'
import type { OrderSide } from '../engine/event-loop.ts'

/** What takes orders, with its calls at crash points. */
export function venueAt(orders: OrderSide, at: At): OrderSide {
  return {
    apply: (event, nowMs) =>
      event.type === 'submit' || event.type === 'cancel' ? at(`venue:${event.type}`, () => orders.apply(event, nowMs)) : orders.apply(event, nowMs),
    snapshot: () => orders.snapshot(),
    restore: (state) => orders.restore(state),
  }
}
