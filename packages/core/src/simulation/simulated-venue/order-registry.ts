import type { OrderReport } from '../../model/order.ts'
import { reportOf, type VenueOrder } from './venue-order.ts'

/** Finished orders whose last report is remembered: long enough for any retry of a submit or a late cancel. */
const FINISHED_KEPT = 1000

/** The orders of a venue: those that work, and the last word on those that do not. */
export class OrderRegistry {
  /** When the next working order expires; Infinity when none does. */
  nextExpiryMs = Number.POSITIVE_INFINITY
  private readonly working = new Map<string, VenueOrder>()
  private readonly finished = new Map<string, OrderReport>()

  /** In the order of their acceptance. */
  live(): readonly VenueOrder[] {
    return [...this.working.values()]
  }

  find(clientOrderId: string): VenueOrder | undefined {
    return this.working.get(clientOrderId)
  }

  /** The last word on a finished order. */
  final(clientOrderId: string): OrderReport | undefined {
    return this.finished.get(clientOrderId)
  }

  report(clientOrderId: string): OrderReport | undefined {
    const order = this.working.get(clientOrderId)
    return order ? reportOf(order) : this.finished.get(clientOrderId)
  }

  /** Oldest first. */
  finals(): readonly OrderReport[] {
    return [...this.finished.values()]
  }

  place(order: VenueOrder): void {
    this.working.set(order.request.clientOrderId, order)
    this.lookForExpiry()
  }

  remember(report: OrderReport): void {
    if (this.working.delete(report.ref.clientOrderId)) this.lookForExpiry()
    this.finished.set(report.ref.clientOrderId, report)
    if (this.finished.size <= FINISHED_KEPT) return
    for (const oldest of this.finished.keys()) {
      this.finished.delete(oldest)
      return
    }
  }

  clear(): void {
    this.working.clear()
    this.finished.clear()
    this.nextExpiryMs = Number.POSITIVE_INFINITY
  }

  private lookForExpiry(): void {
    this.nextExpiryMs = Number.POSITIVE_INFINITY
    for (const { request } of this.working.values()) if (request.expireAtMs !== undefined && request.expireAtMs < this.nextExpiryMs) this.nextExpiryMs = request.expireAtMs
  }
}
