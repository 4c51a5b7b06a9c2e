import type { FaultKind } from './faults/kinds.ts'

/** What happened to the creates of one client order id. */
export interface CreateCount {
  /** How often it arrived, whatever became of it. */
  received: number
  /** How often it became an order: more than one would be a duplicate. */
  booked: number
}

/** What the venue saw, in plain data. */
export interface VenueReport {
  /** Requests by method and path, ids as `*`. */
  readonly requests: Readonly<Record<string, number>>
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>
  /** Why tokens were refused; the client is never told. */
  readonly refusedTokens: Readonly<Record<string, number>>
  /** Faults that did happen, by kind. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>
  readonly limits: {
    readonly privateBreaches: number
    readonly publicBreaches: number
    readonly socketBreaches: number
    /** The most requests of one key, and of one address, in any second. */
    readonly mostPrivateInASecond: number
    readonly mostPublicInASecond: number
  }
  readonly createOrders: Readonly<Record<string, CreateCount>>
  readonly connections: Readonly<Record<ConnectionFate, number>>
  readonly messagesSent: number
}

/** How connections began and ended. */
export type ConnectionFate = 'opened' | 'closed' | 'closedForNoSubscription' | 'closedForIdleness' | 'droppedByFault'

/** Counts while the venue runs. */
export interface Counters {
  readonly requests: Record<string, number>
  readonly statuses: Record<string, number>
  readonly refusedTokens: Record<string, number>
  readonly faults: Partial<Record<FaultKind, number>>
  readonly createOrders: Map<string, CreateCount>
  readonly connections: Record<ConnectionFate, number>
  messagesSent: number
  /** Requests that arrived and were not answered yet, those waiting for the clock included. */
  openRequests: number
  /** Of these, the ones that wait for the clock. */
  waitingRequests: number
  /** Grows with everything that arrives. */
  arrivals: number
}

export const createCounters = (): Counters => ({
  requests: {},
  statuses: {},
  refusedTokens: {},
  faults: {},
  createOrders: new Map(),
  connections: { opened: 0, closed: 0, closedForNoSubscription: 0, closedForIdleness: 0, droppedByFault: 0 },
  messagesSent: 0,
  openRequests: 0,
  waitingRequests: 0,
  arrivals: 0,
})

export function countOne(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}
