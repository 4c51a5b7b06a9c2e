import type { EpochMs, OrderRequest, SubmitResult } from '@millrace/core'
import { decimalText } from '@millrace/core'

/** An order that this process sent. */
interface KnownOrder {
  readonly request: OrderRequest
  readonly firstSentAtMs: EpochMs
  lastSentAtMs: EpochMs
  venueOrderId: string | undefined
  /** Resolves with what came of the sending that is under way. */
  sending: Promise<SubmitResult> | undefined
  /** False only when every sending was refused before it could be taken. */
  mayExist: boolean
}

/** What this process knows of its orders beyond what the venue tells: written before an order leaves, since news of it may come before the answer. */
export interface KnownOrders {
  /**
   * Notes that an order is about to leave.
   *
   * @throws RangeError when an order of this name was sent with other terms
   */
  leaving(request: OrderRequest, nowMs: EpochMs): KnownOrder
  accepted(clientOrderId: string, venueOrderId: string): void
  ofClient(clientOrderId: string): KnownOrder | undefined
  ofVenue(venueOrderId: string): KnownOrder | undefined
  /** Orders that the venue has named, by its ids, which left for the first time after one moment and for the last time before another. */
  named(afterMs: number, beforeMs: number): readonly string[]
  readonly size: number
}

/** Returns an account of the last `limit` orders. What is forgotten can still be found at the venue. */
export function createKnownOrders(limit = 10_000): KnownOrders {
  const byClient = new Map<string, KnownOrder>()
  const byVenue = new Map<string, KnownOrder>()

  function forgetOldest(): void {
    for (const [id, order] of byClient) {
      if (byClient.size <= limit) return
      if (order.sending !== undefined) continue
      byClient.delete(id)
      if (order.venueOrderId !== undefined) byVenue.delete(order.venueOrderId)
    }
  }

  return {
    leaving(request, nowMs) {
      const known = byClient.get(request.clientOrderId)
      if (known !== undefined && termsText(known.request) !== termsText(request))
        throw new RangeError(`order ${request.clientOrderId} was sent before with other terms: an id is never used for a second order`)
      const order = known ?? { request, firstSentAtMs: nowMs, lastSentAtMs: nowMs, venueOrderId: undefined, sending: undefined, mayExist: false }
      order.lastSentAtMs = nowMs
      byClient.set(request.clientOrderId, order)
      forgetOldest()
      return order
    },
    accepted(clientOrderId, venueOrderId) {
      const order = byClient.get(clientOrderId)
      if (order === undefined) return
      order.venueOrderId = venueOrderId
      byVenue.set(venueOrderId, order)
    },
    ofClient: (clientOrderId) => byClient.get(clientOrderId),
    ofVenue: (venueOrderId) => byVenue.get(venueOrderId),
    named: (afterMs, beforeMs) => [...byVenue].flatMap(([id, order]) => (order.firstSentAtMs > afterMs && order.lastSentAtMs < beforeMs ? [id] : [])),
    get size() {
      return byClient.size
    },
  }
}

const termsText = ({ instrument, side, type, size, limitPrice, stopPrice, postOnly, expireAtMs, timeInForce }: OrderRequest): string =>
  JSON.stringify([
    instrument,
    side,
    type,
    'quote' in size ? `quote ${decimalText(size.quote)}` : `base ${decimalText(size.base)}`,
    limitPrice && decimalText(limitPrice),
    stopPrice && decimalText(stopPrice),
    postOnly === true,
    expireAtMs,
    timeInForce,
  ])
