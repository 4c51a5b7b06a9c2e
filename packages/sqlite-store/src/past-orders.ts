import type { PastOrders } from '@millrace/core'
import type { AppendParts } from './append.ts'
import { foldJournal } from './fold.ts'

/** What a file tells of orders that are over. */
export function pastOrders({ path, statements, checkpoints }: Pick<AppendParts, 'path' | 'statements' | 'checkpoints'>, assertOpen: () => void): PastOrders {
  const has = (clientOrderId: string): boolean => {
    assertOpen()
    return statements.row('orders', clientOrderId) !== undefined
  }
  return {
    has,
    // As a start would find it: the one fold there is, so that a late fill is booked as if its order had never left the memory.
    order: (clientOrderId) => (has(clientOrderId) ? foldJournal(path, statements, 'head', checkpoints.state()).projector.order(clientOrderId) : undefined),
    nameOf(venueOrderId) {
      assertOpen()
      return statements.orderNamed(venueOrderId)
    },
    hasFill(fillId) {
      assertOpen()
      return statements.row('fills', fillId) !== undefined
    },
  }
}
