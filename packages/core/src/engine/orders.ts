import type { Json } from '../model/json.ts'
import type { Order } from './order-machine.ts'
import { KeptOrder, restoreOrder, snapshotOrder } from './order-snapshot.ts'
import type { OrderTable } from './order-snapshot.ts'

/**
 * All orders by id, the oldest first. A start puts back every order there ever was, a hundred thousand of them and hardly one of interest: those stay as they come until
 * somebody asks for one.
 */
export class Orders {
  private readonly byId = new Map<string, Order | KeptOrder>()
  /** The one that was asked for last: an order is asked for at each of its steps, and they come close together. */
  private last: Order | undefined
  private readonly snapshots = new WeakMap<Order, Pick<Order, 'botId' | 'bookedQuantity'> & { readonly plain: Json }>()

  get size(): number {
    return this.byId.size
  }

  has(clientOrderId: string): boolean {
    return this.byId.has(clientOrderId)
  }

  get(clientOrderId: string): Order | undefined {
    if (this.last?.clientOrderId === clientOrderId) return this.last
    const found = this.byId.get(clientOrderId)
    return found === undefined ? undefined : (this.last = found instanceof KeptOrder ? this.read(found) : found)
  }

  set(clientOrderId: string, order: Order): void {
    this.byId.set(clientOrderId, order)
    this.last = order
  }

  /** Takes orders as they stand in a table; one that is known already is the newer one. */
  keepAll({ columns, rows }: OrderTable): void {
    for (const row of rows) {
      const kept = new KeptOrder(columns, row)
      this.byId.set(kept.clientOrderId, kept)
    }
    this.last = undefined
  }

  clear(): void {
    this.last = undefined
    this.byId.clear()
  }

  *values(): IterableIterator<Order> {
    for (const found of this.byId.values()) yield found instanceof KeptOrder ? this.read(found) : found
  }

  unfinished(): Order[] {
    const found: Order[] = []
    for (const order of this.byId.values()) if (!order.done) found.push(order instanceof KeptOrder ? this.read(order) : order)
    return found
  }

  /**
   * Finished orders are the same object in every snapshot for as long as nothing came late: a run keeps many snapshots, and there are many orders.
   *
   * @param endedAfterMs - leaves out those that were finished by then
   */
  snapshot(endedAfterMs = Number.NEGATIVE_INFINITY): Json[] {
    const plain: Json[] = []
    for (const found of this.byId.values()) {
      if (found instanceof KeptOrder) {
        if (!found.done || endedAfterMs === Number.NEGATIVE_INFINITY) plain.push(found.plain())
      } else if (!found.done) plain.push(snapshotOrder(found))
      else if (found.updatedAtMs > endedAfterMs) plain.push(this.finished(found))
    }
    return plain
  }

  private finished(order: Order): Json {
    const { botId, bookedQuantity } = order
    const known = this.snapshots.get(order)
    // Late fills and another bot are all that still comes.
    if (known?.bookedQuantity === bookedQuantity && known.botId === botId) return known.plain
    const plain = snapshotOrder(order)
    this.snapshots.set(order, { botId, bookedQuantity, plain })
    return plain
  }

  private read(kept: KeptOrder): Order {
    const order = restoreOrder(kept.plain())
    this.byId.set(order.clientOrderId, order)
    return order
  }
}
