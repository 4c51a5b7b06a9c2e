import { money } from '@millrace/core'
import type { OrderEvent, SimulatedExchange, SimulatedVenue } from '@millrace/core'

/** What may go wrong between us and the venue. */
export const faults = ['reject', 'unknown', 'lose', 'double', 'reverse', 'hold'] as const
export type Fault = (typeof faults)[number]

type OrderReport = Extract<OrderEvent, { type: 'report' }>['report']

/** A simulated exchange whose answers can be made to fail, one order at a time. */
export interface FaultyExchange extends SimulatedExchange {
  /** What happens to the next order that is sent. */
  arm(fault: Fault): void
  /** Lets everything that was held back arrive with the next event. */
  release(): void
}

export function faultyExchange(inner: SimulatedExchange): FaultyExchange {
  let armed: Fault | undefined
  let releasing = false
  // Answers that are under way for longer than anyone expected. They die with the process, as the venue does.
  let held: OrderEvent[] = []
  /** Orders all of whose answers are held back until they are released. */
  const silent = new Set<string>()
  /** Orders whose answers come twice, and last first. */
  const doubled = new Set<string>()
  const reversed = new Set<string>()

  const venue = (machine: SimulatedVenue): SimulatedVenue => {
    held = []
    for (const ids of [silent, doubled, reversed]) ids.clear()
    armed = undefined
    const answer = (answers: readonly OrderEvent[]): readonly OrderEvent[] => {
      const now: OrderEvent[] = []
      if (releasing) {
        releasing = false
        silent.clear()
        now.push(...held)
        held = []
      }
      for (const event of answers) {
        const id = idOf(event)
        const to = silent.has(id) ? held : now
        to.push(event)
        if (doubled.has(id)) to.push(event)
      }
      return now.some((event) => reversed.has(idOf(event))) ? now.reverse() : now
    }
    return {
      apply(event, nowMs) {
        if (event.type !== 'submit') return answer(machine.apply(event, nowMs))
        const fault = armed
        armed = undefined
        const { clientOrderId, instrument } = event.request
        if (fault === 'unknown' || fault === 'hold') silent.add(clientOrderId)
        if (fault === 'double') doubled.add(clientOrderId)
        if (fault === 'reverse') reversed.add(clientOrderId)
        const report = (state: OrderReport['state'], reason: string): readonly OrderEvent[] => [
          { type: 'report', report: { ref: { clientOrderId, instrument }, state, filledQuantity: money('0'), reason, atMs: nowMs } },
        ]
        if (fault === 'reject') return report('rejected', 'NOT_TODAY')
        // It never gets there, and nobody says so.
        if (fault === 'lose') return []
        const answers = answer(machine.apply(event, nowMs))
        // The venue has it and works on it; only the answer was lost.
        return fault === 'unknown' ? report('unknown', 'TIMEOUT') : answers
      },
      resume: (state) => machine.resume(state),
      feeRates: () => machine.feeRates(),
      snapshot: () => machine.snapshot(),
      restore: (state) => machine.restore(state),
    }
  }
  return Object.assign(Object.create(inner) as SimulatedExchange, {
    venue: (list: Parameters<SimulatedExchange['venue']>[0]) => venue(inner.venue(list)),
    arm: (fault: Fault) => {
      armed = fault
    },
    release: () => {
      releasing = true
    },
  })
}

const idOf = (event: OrderEvent): string => (event.type === 'fill' ? (event.fill.clientOrderId ?? '') : event.report.ref.clientOrderId)
