import type { JournalEntry } from '../contracts/journal.ts'
import type { DurableState } from './durable-state.ts'

/** True when all orders and fills that a batch speaks of are in memory, or new. */
export function coversBatch({ orders, ledger }: DurableState, batch: readonly JournalEntry[], isBooked: (fillId: string) => boolean): boolean {
  const begun = new Set<string>()
  return batch.every(({ type, data }) => {
    const { clientOrderId, fillId } = data as { readonly clientOrderId: string; readonly fillId: string }
    if (type === 'intent') begun.add(clientOrderId)
    // Takes over all orders of a bot.
    if (type === 'adopted') return false
    if (type !== 'sent' && type !== 'orderEvent' && type !== 'fill') return true
    if (!begun.has(clientOrderId) && !orders.holds(clientOrderId)) return false
    return type !== 'fill' || ledger.hasFill(fillId) || !isBooked(fillId)
  })
}
