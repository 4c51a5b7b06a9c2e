import type { Signer } from '@millrace/coinbase-adapter'
import type { VenueSimulator } from '@millrace/coinbase-adapter/simulator'
import type { SimulatedClock } from '@millrace/core/testing'

/** Moves virtual time only when everything that does not wait for it has come as far as it can: real sockets, signatures and all. */
export interface Driver {
  readonly fetch: typeof fetch
  signer(inner: Signer): Signer
  /** So many ms of virtual time. */
  pass(ms: number): Promise<void>
  /** Until the work is done. */
  until<T>(work: Promise<T>): Promise<T>
}

/** Rounds of the event loop without anything under way that count as quiet. */
const QUIET_ROUNDS = 3
/** A request that the venue keeps for good must not hold time up for ever. */
const MOST_ROUNDS = 5_000

export function driver(clock: SimulatedClock, venue: VenueSimulator): Driver {
  let signing = 0
  let asking = 0

  const counted = async <T>(work: Promise<T>): Promise<T> => {
    signing++
    try {
      return await work
    } finally {
      signing--
    }
  }
  async function settled(): Promise<void> {
    let quiet = 0
    for (let round = 0; quiet < QUIET_ROUNDS && round < MOST_ROUNDS; round++) {
      // Signatures and sockets are others' work: waiting for them must not take their processor.
      const busy = signing > 0 || asking > venue.waitingRequests
      await new Promise<void>((resolve) => (busy ? setTimeout(resolve, 1) : setImmediate(resolve)))
      quiet = signing === 0 && asking <= venue.waitingRequests ? quiet + 1 : 0
    }
    await venue.settled()
  }
  async function pass(ms: number): Promise<void> {
    const endMs = clock.nowMs() + ms
    await settled()
    while (clock.nextMs <= endMs) {
      clock.set(Math.max(clock.nextMs, clock.nowMs()))
      await settled()
    }
    clock.set(endMs)
    await settled()
  }
  return {
    pass,
    signer: (inner) => ({
      ...inner,
      rest: (...args) => counted(inner.rest(...args)),
      socket: (nowMs) => counted(inner.socket(nowMs)),
    }),
    async fetch(input, init) {
      asking++
      try {
        const response = await fetch(input, init)
        // The body is part of the answer.
        const body = await response.text()
        return new Response(response.status === 204 ? null : body, { status: response.status, headers: response.headers })
      } finally {
        asking--
      }
    },
    async until(work) {
      let over = false
      const ended = work.finally(() => (over = true))
      ended.catch(() => undefined)
      for (let i = 0; i < 4_000 && !over; i++) await pass(250)
      return ended
    },
  }
}
