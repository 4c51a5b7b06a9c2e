import type { At } from '../contracts/crash-point.ts'
import type { SimulatedVenue } from '../contracts/exchange.ts'

/** The venue with its calls at crash points. */
export function venueAt(venue: SimulatedVenue, at: At): SimulatedVenue {
  return {
    apply: (event, nowMs) =>
      event.type === 'submit' || event.type === 'cancel' ? at(`venue:${event.type}`, () => venue.apply(event, nowMs)) : venue.apply(event, nowMs),
    resume: (state) => venue.resume(state),
    feeRates: () => venue.feeRates(),
    snapshot: () => venue.snapshot(),
    restore: (state) => venue.restore(state),
  }
}
