import type { Clock } from '@millrace/core'
import { CoinbaseError } from '../rest/coinbase-error.ts'
import type { RestClient } from '../rest/rest-client.ts'
import { timeSchema } from '../wire/market-messages.ts'
import { problemOf } from '../wire/values.ts'

/** Asks for the venue's time and returns the venue's clock minus ours in ms, taken in the middle of the round trip. */
export async function measureOffset(rest: RestClient, clock: Clock, signal?: AbortSignal): Promise<number> {
  const askedMs = clock.nowMs()
  const answer = timeSchema.safeParse(await rest.get('/time', {}, signal))
  if (!answer.success) throw new CoinbaseError('unreadable', `time: ${problemOf(answer.error)}`)
  return answer.data.epochMillis - (askedMs + clock.nowMs()) / 2
}
