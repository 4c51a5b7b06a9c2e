import type { PastOrders } from '../contracts/store.ts'
import type { Json } from '../model/json.ts'
import type { Order } from './order-machine.ts'
import { KeptOrder, restoreOrder, snapshotOrder } from './order-snapshot.ts'
import type { OrderTable } from './order-snapshot.ts'

/**
 * All orders by id: those in memory, the oldest first, and behind them, when there is somebody to ask, those that were over long ago. A start puts back every order
 * there ever was, a hundred thousand of them and hardly one of interest: those stay as they come until somebody asks for one.
 */
export class Orders {
  /** Two halves, because the older one goes as a whole, but for what still works: deleting one by one leaves old tables behind. */
  private older = new Map<string, Order | KeptOrder>()
  private newer = new Map<string, Order | KeptOrder>()
  /** The one that was asked for last: an order is asked for at each of its steps, and they come close together. */
  private last: Order | undefined
  private past: PastOrders | undefined
  private room = Number.POSITIVE_INFINITY
  /** Some are not in memory any more. */
  areForgotten = false
  private readonly snapshots = new WeakMap<Order, Pick<Order, 'botId' | 'bookedQuantity'> & { readonly plain: Json }>()

  /** How many are in memory. */
  get size(): number {
    return this.older.size + this.newer.size
  }

  has(clientOrderId: string): boolean {
    return this.holds(clientOrderId) || this.isOver(clientOrderId)
  }

  /** It is in memory: every order that is not finished is. */
  holds(clientOrderId: string): boolean {
    return this.newer.has(clientOrderId) || this.older.has(clientOrderId)
  }

  /** It was finished so long ago that it is not in memory any more. */
  isOver(clientOrderId: string): boolean {
    return !this.holds(clientOrderId) && this.past?.has(clientOrderId) === true
  }

  /** One that is over long since comes back into memory: that takes a walk through the journal. */
  get(clientOrderId: string): Order | undefined {
    if (this.last?.clientOrderId === clientOrderId) return this.last
    const found = this.newer.get(clientOrderId) ?? this.older.get(clientOrderId)
    if (found !== undefined) return (this.last = found instanceof KeptOrder ? this.read(found) : found)
    const plain = this.past?.order(clientOrderId)
    if (plain === undefined) return undefined
    const order = restoreOrder(plain as Parameters<typeof restoreOrder>[0])
    this.set(clientOrderId, order)
    return order
  }

  /** Our id of an order by the venue's. */
  nameOf(venueOrderId: string): string | undefined {
    for (const order of this.all()) if (order.venueOrderId === venueOrderId) return order.clientOrderId
    return this.past?.nameOf(venueOrderId)
  }

  set(clientOrderId: string, order: Order): void {
    this.put(clientOrderId, order)
    this.last = order
    if (this.newer.size >= this.room) this.turn()
  }

  /** Takes orders as they stand in a table; one that is known already is the newer one. */
  keepAll({ columns, rows }: OrderTable): void {
    for (const row of rows) {
      const kept = new KeptOrder(columns, row)
      this.put(kept.clientOrderId, kept)
    }
    this.last = undefined
  }

  /** Keeps those in memory that work, and of the others the newest, at most twice `room`; for what is older the store is asked. */
  relyOn(past: PastOrders, room: number): void {
    this.past = past
    this.room = room
    const newest = new Set([...this.ids()].slice(-room))
    this.forgetFinished(newest)
  }

  /** Lets go of what is finished and not among these; returns how many went. */
  forgetFinished(kept: ReadonlySet<string>): number {
    const before = this.size
    this.older = new Map([...this.older, ...this.newer].filter(([id, order]) => !order.done || kept.has(id)))
    this.newer = new Map()
    this.last = undefined
    if (this.size < before) this.areForgotten = true
    return before - this.size
  }

  clear(): void {
    this.last = undefined
    this.older.clear()
    this.newer.clear()
  }

  /** Of those in memory. */
  *values(): IterableIterator<Order> {
    for (const found of this.all()) yield found instanceof KeptOrder ? this.read(found) : found
  }

  unfinished(): Order[] {
    const found: Order[] = []
    for (const order of this.all()) if (!order.done) found.push(order instanceof KeptOrder ? this.read(order) : order)
    return found
  }

  /**
   * Those in memory. Finished ones are the same object in every snapshot for as long as nothing came late: a run keeps many snapshots, and there are many orders.
   *
   * @param endedAfterMs - leaves out those that were finished by then
   */
  snapshot(endedAfterMs = Number.NEGATIVE_INFINITY): Json[] {
    const plain: Json[] = []
    for (const found of this.all()) {
      if (found instanceof KeptOrder) {
        if (!found.done || endedAfterMs === Number.NEGATIVE_INFINITY) plain.push(found.plain())
      } else if (!found.done) plain.push(snapshotOrder(found))
      else if (found.updatedAtMs > endedAfterMs) plain.push(this.finished(found))
    }
    return plain
  }

  private *all(): IterableIterator<Order | KeptOrder> {
    yield* this.older.values()
    yield* this.newer.values()
  }

  private *ids(): IterableIterator<string> {
    yield* this.older.keys()
    yield* this.newer.keys()
  }

  private put(clientOrderId: string, order: Order | KeptOrder): void {
    const half = this.older.has(clientOrderId) ? this.older : this.newer
    half.set(clientOrderId, order)
  }

  private turn(): void {
    const working = [...this.older].filter(([, order]) => !order.done)
    if (working.length < this.older.size) this.areForgotten = true
    this.older = new Map([...working, ...this.newer])
    this.newer = new Map()
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
    this.put(order.clientOrderId, order)
    return order
  }
}
