import { isOver } from '../ledger/order.ts'
import type { VenueOrder } from '../ledger/order.ts'
import type { OrderVersion, VenueState } from '../venue-state.ts'

/** Forgets the states that everybody can see a newer one of. */
export function forgetOld(venue: VenueState, versions: OrderVersion[]): void {
  while (versions.length > 1 && versions[1]!.visibleMs <= venue.clock.nowMs()) versions.shift()
}

/** The state of an order that queries show at this moment; undefined while they know nothing of it. */
export function visibleState(venue: VenueState, orderId: string): Readonly<VenueOrder> | undefined {
  const nowMs = venue.clock.nowMs()
  return venue.versions.get(orderId)?.findLast(({ visibleMs }) => visibleMs <= nowMs)?.order
}

/** Orders that some query may still show as not over, in order of arrival. */
export function stillLive(venue: VenueState): string[] {
  for (const id of venue.live) {
    const versions = venue.versions.get(id)!
    forgetOld(venue, versions)
    // A last state that follows on others is seen by everybody.
    if (versions.length === 1 && isOver(versions[0]!.order)) venue.live.delete(id)
  }
  return [...venue.live]
}
