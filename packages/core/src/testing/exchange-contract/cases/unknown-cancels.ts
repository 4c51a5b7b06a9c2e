import { exchangeCase, type CaseDefinition } from '../case.ts'
import { must } from '../must.ts'
import { isLive } from '../checks.ts'
import type { Trial } from '../trial.ts'
import { restingBuy } from './limit-orders.ts'

const never = new AbortController().signal

type Fault = () => void | Promise<void>

/** A cancel without an answer: unknown, until the order itself is asked. */
async function cancelUnanswered(trial: Trial, fault: Fault, carriedOut: boolean): Promise<void> {
  const ref = await restingBuy(trial)
  await fault()
  const { outcome } = await trial.exchange.cancel(ref, never)
  if (carriedOut) {
    must(outcome !== 'tooLate', () => 'expected unknown, received tooLate: the answer to the cancel was lost')
    await trial.reaches(ref, 'cancelled')
    return
  }
  must(outcome === 'unknown', () => `expected unknown, received ${outcome}: the venue never had the cancel`)
  must(await isLive(trial, ref), () => 'liveOrders(): expected an order whose cancel was lost, received a list without it')
  await trial.exchange.cancel(ref, never)
  await trial.reaches(ref, 'cancelled')
}

export const unknownCancelCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E99',
    name: 'a cancel whose reply is lost is resolved by asking',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; the reply to the next request is lost; cancel; order(ref)',
    expected: 'unknown (or cancelled, where the exchange has asked by itself), never tooLate; found cancelled',
    events: ['open cancelled'],
    needs: ['loseReply'],
    check: (trial, { loseReply }) => cancelUnanswered(trial, loseReply, true),
  }),
  exchangeCase({
    id: 'E100',
    name: 'a cancel that is lost is unknown, and can be sent again',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; the next request is lost; cancel; liveOrders(); cancel',
    expected: 'unknown; still live; then cancelled',
    events: ['open cancelled'],
    needs: ['loseRequest'],
    check: (trial, { loseRequest }) => cancelUnanswered(trial, loseRequest, false),
  }),
]
