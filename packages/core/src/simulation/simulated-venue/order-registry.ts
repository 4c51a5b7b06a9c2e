import { Few } from '../../model/few.ts'
import type { OrderReport } from '../../model/order.ts'
import { reportOf, type VenueOrder } from './venue-order.ts'

/** Finished orders whose last report is remembered: long enough for any retry of a submit or a late cancel. */
export const FINISHED_KEPT = 100

/** The orders of a venue: those that work, and the last word on those that do not. */
export class OrderRegistry {
  /** When the next working order expires; Infinity when none does. */
  nextExpiryMs = Number.POSITIVE_INFINITY
  private readonly working = new Few<string, VenueOrder>()
  /** The last reports in a ring. */
  private readonly finished: OrderReport[] = []
  private oldest = 0
  /** Places in the ring by id, in two halves: the older one is dropped as a whole, since deleting keys one by one makes a Map slow and leaves old tables behind. */
  private recent = new Map<string, number>()
  private older = new Map<string, number>()

  /** In the order of their acceptance. */
  live(): readonly VenueOrder[] {
    return [...this.working.values()]
  }

  find(clientOrderId: string): VenueOrder | undefined {
    return this.working.get(clientOrderId)
  }

  /** The last word on a finished order. */
  final(clientOrderId: string): OrderReport | undefined {
    const place = this.recent.get(clientOrderId) ?? this.older.get(clientOrderId)
    const report = place === undefined ? undefined : this.finished[place]
    return report?.ref.clientOrderId === clientOrderId ? report : undefined
  }

  report(clientOrderId: string): OrderReport | undefined {
    const order = this.working.get(clientOrderId)
    return order ? reportOf(order) : this.final(clientOrderId)
  }

  /** Oldest first. */
  finals(): readonly OrderReport[] {
    return [...this.finished.slice(this.oldest), ...this.finished.slice(0, this.oldest)]
  }

  place(order: VenueOrder): void {
    const { clientOrderId, expireAtMs } = order.request
    this.working.set(clientOrderId, order)
    if (expireAtMs !== undefined && expireAtMs < this.nextExpiryMs) this.nextExpiryMs = expireAtMs
  }

  remember(report: OrderReport): void {
    const { clientOrderId } = report.ref
    const ended = this.working.get(clientOrderId)
    this.working.delete(clientOrderId)
    if (ended?.request.expireAtMs !== undefined) this.lookForExpiry()
    // What worked until now had no last word yet.
    const known = ended === undefined ? this.final(clientOrderId) : undefined
    if (known !== undefined) {
      this.finished[this.finished.indexOf(known)] = report
      return
    }
    if (this.recent.size === FINISHED_KEPT) {
      this.older = this.recent
      this.recent = new Map()
    }
    this.recent.set(clientOrderId, this.oldest)
    this.finished[this.oldest] = report
    this.oldest = (this.oldest + 1) % FINISHED_KEPT
  }

  clear(): void {
    this.working.clear()
    this.finished.length = 0
    this.recent.clear()
    this.older.clear()
    this.oldest = 0
    this.nextExpiryMs = Number.POSITIVE_INFINITY
  }

  private lookForExpiry(): void {
    this.nextExpiryMs = Number.POSITIVE_INFINITY
    for (const { request } of this.working.values())
      if (request.expireAtMs !== undefined && request.expireAtMs < this.nextExpiryMs) this.nextExpiryMs = request.expireAtMs
  }
}
