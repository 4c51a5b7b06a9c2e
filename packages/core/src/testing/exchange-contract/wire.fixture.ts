import { firstValueFrom } from 'rxjs'
import type { LinkEvent, OrderEvent } from '../../contracts/events.ts'
import type { Exchange } from '../../contracts/exchange.ts'
import type { VenueFill } from '../../model/fill.ts'
import type { OrderReport } from '../../model/order.ts'
import { simulatedClock } from '../simulated-clock.ts'
import type { VenueBooks } from './harness.ts'
import type { PaperSubject } from './paper-subject.fixture.ts'

/** What happens to the next request that changes an order. */
export type WireFault = 'loseRequest' | 'loseReply' | 'failBefore' | 'failAfter' | 'garbleReply' | 'limitRate' | number

/** An answer as it arrives: the body is only worth reading with status 200. */
export interface WireAnswer {
  readonly status: number
  readonly body: unknown
}

export interface WireMessage {
  readonly sequence: number
  readonly event: OrderEvent | LinkEvent
}

interface Listener {
  message(message: WireMessage): void
  lost(): void
}

/** The paper exchange as a venue at the other end of a made-up wire: requests and messages may be lost, late, spoilt or told twice, its books stay right. */
export class WireVenue {
  readonly clock
  readonly inner: Exchange
  nextFault: WireFault | undefined
  failingReads = false
  hideOrdersMs = 0
  hideFillsMs = 0
  pageSize = Number.POSITIVE_INFINITY
  duplicating = false
  skipping = false
  refusing = false
  private up = true
  private readonly orders = new Map<string, number>()
  private readonly listedFills: VenueFill[] = []
  private readonly past: (OrderEvent | LinkEvent)[] = []
  private readonly listeners = new Map<Listener, number>()
  private readonly ticking = new Set<() => void>()

  constructor(subject: PaperSubject) {
    this.clock = simulatedClock(subject.nowMs())
    this.inner = subject.exchange
    this.inner.events().subscribe((event) => {
      this.past.push(event)
      this.send(event)
    })
  }

  /** Time has gone on. */
  async tick(nowMs: number): Promise<void> {
    this.clock.set(nowMs)
    await this.listFills()
    for (const each of [...this.ticking]) each()
  }

  onTick(each: () => void): void {
    this.ticking.add(each)
  }

  /** A request that changes an order; rejects when no answer comes. */
  async post(clientOrderId: string | undefined, carryOut: () => Promise<unknown>): Promise<WireAnswer> {
    const fault = this.nextFault
    this.nextFault = undefined
    if (fault === 'loseRequest') throw new Error('the connection was reset')
    if (fault === 'limitRate') return { status: 429, body: 'too many requests' }
    if (fault === 'failBefore') return { status: 503, body: 'unavailable' }
    const body = await carryOut()
    if (clientOrderId !== undefined && !this.orders.has(clientOrderId) && typeof (await this.inner.order(named(clientOrderId))) !== 'string')
      this.orders.set(clientOrderId, this.clock.nowMs())
    if (fault === 'loseReply') throw new Error('the connection was reset')
    if (fault === 'failAfter') return { status: 502, body: 'bad gateway' }
    if (fault === 'garbleReply') return { status: 200, body: '<html>' }
    if (typeof fault === 'number') await firstValueFrom(this.clock.at(this.clock.nowMs() + fault))
    return { status: 200, body }
  }

  async order(clientOrderId: string): Promise<OrderReport | 'notFound'> {
    this.read()
    const found = await this.inner.order(named(clientOrderId))
    return typeof found === 'string' || this.hidden(clientOrderId) ? 'notFound' : found
  }

  async liveOrders(): Promise<readonly OrderReport[]> {
    this.read()
    return (await this.inner.liveOrders()).items.filter(({ ref }) => !this.hidden(ref.clientOrderId))
  }

  /** A page in the order in which the fills were listed. */
  async fills(from: number): Promise<{ readonly items: readonly VenueFill[]; readonly more: boolean }> {
    this.read()
    await this.listFills()
    const items = this.listedFills.slice(from, from + this.pageSize)
    return { items, more: from + items.length < this.listedFills.length }
  }

  async balances(): ReturnType<Exchange['balances']> {
    this.read()
    return this.inner.balances()
  }

  async books(): Promise<VenueBooks> {
    const reports = await Promise.all([...this.orders.keys()].map((id) => this.inner.order(named(id))))
    const orders = reports.flatMap((report) =>
      typeof report === 'string' ? [] : [{ clientOrderId: report.ref.clientOrderId, filledQuantity: report.filledQuantity }],
    )
    return { balances: await this.inner.balances(), orders }
  }

  /** True when the subscription was taken, false when it was refused; throws when there is no connection to be had. */
  connect(listener: Listener): boolean {
    if (!this.up) throw new Error('no route to the venue')
    if (this.refusing) {
      this.refusing = false
      return false
    }
    this.listeners.set(listener, 0)
    return true
  }

  leave(listener: Listener): void {
    this.listeners.delete(listener)
  }

  drop(): void {
    this.up = false
    for (const listener of [...this.listeners.keys()]) {
      this.listeners.delete(listener)
      listener.lost()
    }
  }

  restore(): void {
    this.up = true
  }

  replay(): void {
    for (const event of [...this.past]) this.send(event)
  }

  private send(event: OrderEvent | LinkEvent): void {
    for (const [listener, sequence] of [...this.listeners]) {
      this.listeners.set(listener, sequence + 1)
      if (!this.skipping) for (let copy = 0; copy < (this.duplicating ? 2 : 1); copy++) listener.message({ sequence, event })
    }
    if (this.listeners.size > 0) this.skipping = false
  }

  private hidden(clientOrderId: string): boolean {
    return this.clock.nowMs() < (this.orders.get(clientOrderId) ?? 0) + this.hideOrdersMs
  }

  private read(): void {
    if (this.failingReads) throw new Error('the connection was reset')
  }

  /** A fill is listed once its time has come, behind those that are: the list only grows. */
  private async listFills(): Promise<void> {
    const { items } = await this.inner.fills(undefined)
    const listed = new Set(this.listedFills.map(({ fillId }) => fillId))
    for (const fill of items) if (!listed.has(fill.fillId) && this.clock.nowMs() >= fill.atMs + this.hideFillsMs) this.listedFills.push(fill)
  }
}

const named = (clientOrderId: string): { readonly clientOrderId: string; readonly instrument: string } => ({ clientOrderId, instrument: '' })
