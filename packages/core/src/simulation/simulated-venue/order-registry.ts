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
  /** A ring of the ids in `finished`: deleting the first key of a Map over and over makes finding the next one slow. */
  private readonly finishedIds: string[] = []
  private oldest = 0

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
    const { finishedIds, oldest } = this
    return [...finishedIds.slice(oldest), ...finishedIds.slice(0, oldest)].map((id) => this.finished.get(id)!)
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
    if (!this.finished.has(clientOrderId)) {
      if (this.finished.size === FINISHED_KEPT) this.finished.delete(this.finishedIds[this.oldest]!)
      this.finishedIds[this.oldest] = clientOrderId
      this.oldest = (this.oldest + 1) % FINISHED_KEPT
    }
    this.finished.set(clientOrderId, report)
  }

  clear(): void {
    this.working.clear()
    this.finished.clear()
    this.finishedIds.length = 0
    this.oldest = 0
    this.nextExpiryMs = Number.POSITIVE_INFINITY
  }

  private lookForExpiry(): void {
    this.nextExpiryMs = Number.POSITIVE_INFINITY
    for (const { request } of this.working.values())
      if (request.expireAtMs !== undefined && request.expireAtMs < this.nextExpiryMs) this.nextExpiryMs = request.expireAtMs
  }
}
