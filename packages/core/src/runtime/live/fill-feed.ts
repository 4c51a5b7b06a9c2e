import type { Clock } from '../../contracts/clock.ts'
import type { Exchange } from '../../contracts/exchange.ts'
import { isFinal, lacksFills } from '../../engine/order-machine.ts'
import type { Order } from '../../engine/order-machine.ts'
import type { VenueFill } from '../../model/fill.ts'
import { currenciesOf } from '../../model/instrument.ts'
import { RecentMap } from '../../model/recent-map.ts'
import { withDeadline } from './deadline.ts'
import type { DeskHost } from './desk-host.ts'

/** Longest wait for one answer to a question. */
export const QUESTION_MS = 30_000

/** Names of orders that are looked up without asking the books. */
const NAMES = 500

/** True while the venue may have, or has, executions of the order that our books do not hold. */
export const awaitsFills = (order: Order): boolean => !order.done && (isFinal(order.state) || lacksFills(order))

/** Written down and sent, and the venue's own id is not known: its fills cannot be told from somebody else's. */
export const isNameless = (order: Order): boolean => !order.done && order.venueOrderId === undefined

/**
 * The venue's executions, the only source of fills: read from a place on, again and again, until every order is settled. The place moves on only then, so that an
 * execution that the venue shows late is still seen.
 */
export class FillFeed {
  cursor: string | undefined
  /** Fills given to the books so far. */
  delivered = 0
  /** Currencies of fills of which nobody knows yet whose they are. */
  holding: ReadonlySet<string> = new Set()
  private readonly exchange: Exchange
  private readonly clock: Clock
  private readonly host: DeskHost
  /** Our order ids by the venue's, of the orders that were spoken of lately; the books know the others. */
  private readonly names = new RecentMap<string, string>(NAMES)
  /** Fills of orders that are not ours and that were told already, with the venue's ids of those orders. */
  private foreign = new Map<string, string>()
  private running: Promise<boolean> | undefined
  private next: Promise<boolean> | undefined

  constructor(exchange: Exchange, clock: Clock, host: DeskHost) {
    this.exchange = exchange
    this.clock = clock
    this.host = host
    this.cursor = host.books.fillsCursor
  }

  name(venueOrderId: string, clientOrderId: string): void {
    if (this.names.get(venueOrderId) === clientOrderId) return
    this.names.set(venueOrderId, clientOrderId)
    // What seemed to be somebody else's is its own.
    for (const [fillId, other] of this.foreign) if (other === venueOrderId) this.foreign.delete(fillId)
  }

  nameOf(venueOrderId: string): string | undefined {
    return this.names.get(venueOrderId) ?? this.host.books.orders.nameOf(venueOrderId)
  }

  /** Reads once more, beginning after this call; true when the answer was whole. */
  pull(): Promise<boolean> {
    if (this.running === undefined) {
      this.running = this.read().finally(() => (this.running = undefined))
      return this.running
    }
    this.next ??= this.running.then(() => {
      this.next = undefined
      return this.pull()
    })
    return this.next
  }

  /** A new account begins here: what was executed before is none of our business. False when the venue did not tell. */
  async skipPast(): Promise<boolean> {
    const answer = await this.ask()
    if (answer === undefined || !answer.complete) return false
    this.cursor = answer.next
    this.foreign = new Map(answer.items.map(({ fillId, venueOrderId }) => [fillId, venueOrderId]))
    return true
  }

  private async ask(): Promise<Awaited<ReturnType<Exchange['fills']>> | undefined> {
    const answer = await withDeadline(this.clock, QUESTION_MS, () => this.exchange.fills(this.cursor))
    if ('value' in answer) return answer.value
    this.host.link({ type: 'error', detail: `fills: ${answer.failure}` })
    return undefined
  }

  private async read(): Promise<boolean> {
    const answer = await this.ask()
    if (answer === undefined) return false
    const { items, complete, next } = answer
    const held = items.filter((fill) => !this.take(fill))
    this.holding = new Set(held.flatMap(({ instrument }) => Object.values(currenciesOf(instrument))))
    // What does not come again need not be remembered.
    if (complete) this.foreign = new Map(items.flatMap(({ fillId, venueOrderId }) => (this.foreign.has(fillId) ? [[fillId, venueOrderId] as const] : [])))
    if (complete && next !== undefined && held.length === 0 && !this.unsettled()) this.cursor = next
    return complete
  }

  /** @returns false for a fill that may belong to an order whose answer we still wait for */
  private take(fill: VenueFill): boolean {
    const { books } = this.host
    if (books.ledger.hasFill(fill.fillId) || this.foreign.has(fill.fillId)) return true
    const clientOrderId = fill.clientOrderId ?? this.nameOf(fill.venueOrderId)
    if (clientOrderId !== undefined && books.orders.has(clientOrderId)) {
      this.delivered++
      this.host.order({ type: 'fill', fill: { ...fill, clientOrderId } })
      return true
    }
    if (this.mayBeOurs(fill)) return false
    this.foreign.set(fill.fillId, fill.venueOrderId)
    this.host.order({ type: 'fill', fill })
    return true
  }

  private mayBeOurs({ side }: VenueFill): boolean {
    if (this.host.books.lost?.open === true) return true
    for (const order of this.host.books.working.values()) if (isNameless(order) && order.side === side) return true
    return false
  }

  private unsettled(): boolean {
    for (const order of this.host.books.working.values()) if (isNameless(order) || awaitsFills(order)) return true
    return false
  }
}
