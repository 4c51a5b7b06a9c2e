import type { CancelResult, Clock, OrderRef, OrderReport } from '@millrace/core'
import type { RestClient } from '../rest/rest-client.ts'
import { waitFor } from '../rest/wait.ts'
import { cancelAnswerSchema } from '../wire/order-answers.ts'
import { problemOf } from '../wire/values.ts'

export interface CancelParts {
  readonly rest: RestClient
  readonly clock: Clock
  readonly find: (ref: OrderRef) => Promise<OrderReport | 'notFound' | 'unknown'>
}

/** The venue says that it will cancel, not that it has, and its answer may be lost: the order is looked at after each of these pauses, in ms. */
const LOOKS = [0, 250, 1_000] as const

/**
 * Cancels an order and looks what became of it: a cancel that was taken may still be overtaken by a fill, and one that was refused or lost may find the order
 * closed.
 */
export async function cancelOrder({ rest, clock, find }: CancelParts, ref: OrderRef, signal: AbortSignal): Promise<CancelResult> {
  const target = ref.venueOrderId === undefined ? await find(ref) : ref
  if (target === 'notFound') return { outcome: 'unknown', detail: `the venue has no order ${ref.clientOrderId} that could be cancelled` }
  if (target === 'unknown') return { outcome: 'unknown', detail: `order ${ref.clientOrderId} could not be looked up` }
  if ('state' in target) {
    const closed = closedAs(target)
    if (closed !== undefined) return closed
  }
  const named = 'state' in target ? target.ref : target
  const said = await ask(rest, named.venueOrderId!, signal)
  for (const pauseMs of said.final ? LOOKS.slice(0, 1) : LOOKS) {
    if (pauseMs > 0 && !(await waited(clock, pauseMs, signal))) break
    const found = await find(named)
    const closed = typeof found === 'string' ? undefined : closedAs(found)
    if (closed !== undefined) return closed
  }
  return { outcome: 'unknown', detail: said.detail }
}

/** What an order that is closed means for a wish to cancel it; undefined while it works. */
function closedAs({ state, reason }: OrderReport): CancelResult | undefined {
  switch (state) {
    case 'cancelled':
      return { outcome: 'cancelled', ...(reason !== undefined && { detail: reason }) }
    case 'filled':
    case 'expired':
    case 'rejected':
      return { outcome: 'tooLate', detail: `the order is ${state}` }
    case 'intent':
    case 'sent':
    case 'open':
    case 'partiallyFilled':
    case 'unknown':
      return undefined
    default:
      return state satisfies never
  }
}

async function ask(rest: RestClient, venueOrderId: string, signal: AbortSignal): Promise<{ readonly final: boolean; readonly detail: string }> {
  try {
    const answer = cancelAnswerSchema.safeParse(await rest.post('/orders/batch_cancel', { order_ids: [venueOrderId] }, signal))
    if (!answer.success) return { final: false, detail: `the answer to the cancel cannot be read: ${problemOf(answer.error)}` }
    const row = answer.data.results.find(({ order_id }) => order_id === venueOrderId)
    if (row === undefined) return { final: false, detail: 'the answer to the cancel does not name the order' }
    const reason = row.failure_reason ?? 'the venue gives no reason'
    return row.success ? { final: false, detail: 'the venue is cancelling it' } : { final: reason !== 'DUPLICATE_CANCEL_REQUEST', detail: reason }
  } catch (error) {
    return { final: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

async function waited(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await waitFor(clock, ms, signal)
    return true
  } catch {
    // Given up by the caller, who is told that it is open.
    return false
  }
}
