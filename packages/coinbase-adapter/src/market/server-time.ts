import type { Clock } from '@millrace/core'
import { CoinbaseError } from '../rest/coinbase-error.ts'
import type { RestClient } from '../rest/rest-client.ts'
import { timeSchema } from '../wire/market-messages.ts'
import { problemOf } from '../wire/values.ts'

/** Asks for the venue's time and returns the venue's clock minus ours in ms, taken in the middle of the round trip. */
async function measureOffset(rest: RestClient, clock: Clock, signal?: AbortSignal): Promise<number> {
  const askedMs = clock.nowMs()
  const answer = timeSchema.safeParse(await rest.get('/time', {}, signal))
  if (!answer.success) throw new CoinbaseError('unreadable', `time: ${problemOf(answer.error)}`)
  return Math.round(answer.data.epochMillis - (askedMs + clock.nowMs()) / 2)
}

/** The venue's time as far as we know it. */
export interface VenueClock {
  /** The venue's clock minus ours in ms; undefined before it was asked. */
  readonly offsetMs: number | undefined
  /** Asks again and returns the new difference. */
  measure(): Promise<number>
  /** The last known difference, asked for when there is none yet. */
  known(): Promise<number>
}

/** Returns a clock that is asked for once by all who need it first, and keeps its last answer while it is asked again. */
export function createVenueClock(rest: RestClient, clock: Clock, signal: AbortSignal): VenueClock {
  let offsetMs: number | undefined
  let asking: Promise<number> | undefined
  async function measure(): Promise<number> {
    asking = measureOffset(rest, clock, signal)
    try {
      return (offsetMs = await asking)
    } finally {
      asking = undefined
    }
  }
  return {
    get offsetMs() {
      return offsetMs
    },
    measure,
    known: async () => offsetMs ?? (await (asking ?? measure())),
  }
}
