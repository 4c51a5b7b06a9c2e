import type { Clock } from '../contracts/clock.ts'
import type { Exchange } from '../contracts/exchange.ts'
import type { DurableState } from '../engine/durable-state.ts'
import type { OrderSide } from '../engine/event-loop.ts'
import { isFinal } from '../engine/order-machine.ts'
import type { Order } from '../engine/order-machine.ts'
import { refOf } from '../engine/venue-state.ts'
import type { EpochMs } from '../model/time.ts'
import { withDeadline } from './live/deadline.ts'

/** Longest wait for each answer of a venue. */
const ANSWER_MS = 5_000

/** What became of the orders that worked when the journal failed. */
export interface CancelOnlyReport {
  readonly cancelled: readonly string[]
  /** The venue did not confirm; the next start asks it. */
  readonly left: readonly string[]
}

/**
 * What is still done when the journal cannot be written any more: working orders are cancelled, because nobody would book their fills. Nothing else is asked of the venue,
 * and nothing is believed that it says: the next start brings journal and venue together.
 */
export function cancelSimulated(orders: OrderSide, books: DurableState, nowMs: EpochMs): CancelOnlyReport {
  const working = workingOrders(books)
  for (const order of working) orders.apply({ type: 'cancel', order: refOf(order) }, nowMs)
  return { cancelled: working.map(({ clientOrderId }) => clientOrderId), left: [] }
}

/** The same at a real venue: its own list tells what works there, also of orders whose answer never came. */
export async function cancelLive(exchange: Exchange, clock: Clock, books: DurableState, idle: Promise<void>): Promise<CancelOnlyReport> {
  await withDeadline(clock, ANSWER_MS, () => idle)
  const listed = await withDeadline(clock, ANSWER_MS, () => exchange.liveOrders())
  const refs = new Map(workingOrders(books).map((order) => [order.clientOrderId, refOf(order)]))
  if ('value' in listed) for (const { ref } of listed.value.items) if (isOurs(books, ref.clientOrderId)) refs.set(ref.clientOrderId, ref)
  const report = { cancelled: [] as string[], left: [] as string[] }
  await Promise.all(
    [...refs.values()].map(async (ref) => {
      const answer = await withDeadline(clock, ANSWER_MS, (signal) => exchange.cancel(ref, signal))
      const done = 'value' in answer && answer.value.outcome !== 'unknown'
      report[done ? 'cancelled' : 'left'].push(ref.clientOrderId)
    }),
  )
  return { cancelled: report.cancelled.sort(), left: report.left.sort() }
}

/** An order that is over in our books and works at the venue is asked of the store, which may be what failed: then nobody can tell whose it is. */
function isOurs({ orders }: DurableState, clientOrderId: string): boolean {
  try {
    return orders.has(clientOrderId)
  } catch {
    return false
  }
}

/** One line for people. */
export const cancelOnlyText = ({ cancelled, left }: CancelOnlyReport): string =>
  `no order leaves any more; ${cancelled.length} working ${cancelled.length === 1 ? 'order was' : 'orders were'} cancelled${left.length === 0 ? '' : `, of ${left.length} the venue did not confirm it (${left.join(', ')})`}`

const workingOrders = (books: DurableState): readonly Order[] => [...books.working.values()].filter(({ state }) => state !== 'intent' && !isFinal(state))
