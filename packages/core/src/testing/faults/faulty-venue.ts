import type { Clock } from '../../contracts/clock.ts'
import type { LinkEvent, OrderEvent } from '../../contracts/events.ts'
import type { Instrument } from '../../model/instrument.ts'
import { currenciesOf } from '../../model/instrument.ts'
import { decimalText, money } from '../../model/money.ts'
import type { OrderRef, OrderReport, OrderRequest } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import { exact, exactText, ratio } from './exact.ts'
import type { Exact } from './exact.ts'
import type { FaultPlan } from './fault-plan.ts'
import { VenueLedger, partOf } from './venue-ledger.ts'
import type { VenueExecution, VenueOrder } from './venue-ledger.ts'

/** Nothing is kept from clients for longer than this. */
export const LONGEST_LAG_MS = 8_000

/** What a faulty venue is made of. */
export interface FaultyVenueOptions {
  readonly clock: Clock
  readonly plan: FaultPlan
  readonly instruments: readonly Instrument[]
  readonly cash: Readonly<Record<string, string>>
  readonly feeRate: string
}

type Listener = (event: OrderEvent | LinkEvent) => void

/** A venue in memory that keeps right books whatever its clients are told: orders, executions, and what is pushed or kept from them by a plan of faults. */
export class FaultyVenue {
  readonly ledger: VenueLedger
  readonly instruments: readonly Instrument[]
  readonly plan: FaultPlan
  readonly clock: Clock
  /** Executions in the order in which they became visible: a place in it is a cursor. */
  readonly visibleFills: VenueExecution[] = []
  /** Orders of clients, by the venue's id: what the owner does by hand is not among them. */
  readonly booked = new Set<string>()
  /** Buys for which there was not enough, by the client's id. */
  readonly short: string[] = []
  /** Orders that no list shows yet. */
  readonly hidden = new Set<string>()
  readonly listeners = new Set<Listener>()
  /** Orders that clients sent a second time to learn what came of the first. */
  probes = 0
  private readonly prices = new Map<string, Exact>()
  private down = false

  constructor({ clock, plan, instruments, cash, feeRate }: FaultyVenueOptions) {
    this.clock = clock
    this.plan = plan
    this.instruments = instruments
    this.ledger = new VenueLedger(cash, feeRate)
    for (const { id } of instruments) this.prices.set(id, exact('100'))
  }

  /** A new price: resting orders that it crosses fill; now and then the owner does something by hand, or the connection breaks. */
  price(instrument: string, price: string): void {
    const { plan, ledger } = this
    this.prices.set(instrument, exact(price))
    for (const order of ledger.orders.values()) if (order.type === 'limit' && order.instrument === instrument) this.match(order)
    if (plan.hit('manualTrade')) this.tradeByHand(instrument)
    if (plan.hit('deposit')) ledger.transfer(currenciesOf(instrument).quote, exact('7.5'))
    if (plan.hit('withdrawal')) ledger.transfer(currenciesOf(instrument).quote, exact('-3.25'))
    if (!this.down && plan.hit('linkDown')) this.breakLink()
  }

  /** What the venue does when an order reaches it, whether or not anyone hears of it. Undefined when there is not enough for it. */
  book(request: OrderRequest): VenueOrder | undefined {
    const { clientOrderId, instrument, side, size, expireAtMs } = request
    const type = request.type === 'market' ? 'market' : 'limit'
    const limitPrice = request.limitPrice === undefined ? undefined : exact(decimalText(request.limitPrice))
    const wished = 'quote' in size ? { quote: exact(decimalText(size.quote)) } : { base: exact(decimalText(size.base)) }
    const order = this.ledger.open({ clientOrderId, instrument, side, type, limitPrice, size: wished }, this.prices.get(instrument)!, this.step(instrument))
    if (order === undefined && side === 'buy') this.short.push(clientOrderId)
    if (order === undefined) return undefined
    this.booked.add(order.venueOrderId)
    if (this.plan.hit('orderLag')) this.hide(order.venueOrderId)
    if (type === 'market') this.fillMarket(order)
    else this.match(order)
    this.tell(order)
    if (expireAtMs !== undefined) this.later(expireAtMs - this.clock.nowMs(), () => this.finish(order, 'expired'))
    return order
  }

  /** Fills the rest of an order at the price of now. */
  fillRest(order: VenueOrder): void {
    this.execute(order, order.baseSize - order.filled, this.prices.get(order.instrument)!)
  }

  finish(order: VenueOrder, state: 'cancelled' | 'expired'): void {
    if (order.state !== 'open') return
    this.ledger.end(order, state)
    this.tell(order)
  }

  find({ clientOrderId, venueOrderId }: OrderRef): VenueOrder | undefined {
    return (venueOrderId === undefined ? undefined : this.ledger.orders.get(venueOrderId)) ?? this.ledger.byClientId.get(clientOrderId)
  }

  report(order: VenueOrder): OrderReport {
    const { clientOrderId, venueOrderId, instrument, side, type, baseSize, limitPrice, filled, value } = order
    const limit = limitPrice === undefined ? {} : { limitPrice: money(exactText(limitPrice)) }
    const terms = { side, type, size: { base: money(exactText(baseSize)) }, ...limit }
    const state = order.state === 'open' && filled > 0n ? 'partiallyFilled' : order.state
    const average = filled === 0n ? {} : { averagePrice: money(exactText(ratio(value, filled))) }
    return { ref: { clientOrderId, venueOrderId, instrument }, state, filledQuantity: money(exactText(filled)), ...average, terms, atMs: this.clock.nowMs() }
  }

  later(ms: number, action: () => void): void {
    this.clock.at((this.clock.nowMs() + Math.max(0, ms)) as EpochMs).subscribe(action)
  }

  /** In one piece, or in several over some seconds. */
  private fillMarket(order: VenueOrder): void {
    const parts = this.plan.hit('partialFills') ? 2 + this.plan.between(0, 2) : 1
    const price = this.prices.get(order.instrument)!
    const part = partOf(order.baseSize, parts, this.step(order.instrument))
    for (let i = 0, left = order.baseSize; left > 0n; i++) {
      const quantity = i === parts - 1 ? left : part
      left -= quantity
      this.later(parts === 1 ? 0 : this.plan.between(0, 3_000), () => this.execute(order, quantity, price))
    }
  }

  private match(order: VenueOrder): void {
    if (order.state !== 'open') return
    const price = this.prices.get(order.instrument)!
    const limit = order.limitPrice!
    if (order.side === 'buy' ? price > limit : price < limit) return
    this.execute(order, partOf(order.baseSize - order.filled, this.plan.hit('partialFills') ? 2 : 1, this.step(order.instrument)), limit)
  }

  private execute(order: VenueOrder, quantity: Exact, price: Exact): void {
    if (order.state !== 'open' || quantity <= 0n) return
    const execution = this.ledger.execute(order, quantity, price, this.clock.nowMs())
    this.later(this.plan.hit('fillLag') ? this.plan.between(500, LONGEST_LAG_MS) : 0, () => this.visibleFills.push(execution))
    if (order.filled >= order.baseSize) this.ledger.end(order, 'filled')
    this.tell(order)
  }

  /** Pushes the state of an order: once, twice, late, or never, which the sequence of messages gives away. */
  private tell(order: VenueOrder): void {
    const { plan } = this
    const report = this.report(order)
    if (this.down) return
    if (plan.hit('droppedEvent')) return this.later(plan.between(100, 3_000), () => this.push({ type: 'gap', detail: 'a message is missing' }))
    this.later(plan.hit('reorderedEvent') ? plan.between(500, 5_000) : 20, () => this.push({ type: 'report', report }))
    if (plan.hit('duplicateEvent')) this.later(plan.between(0, 5_000), () => this.push({ type: 'report', report }))
  }

  private push(event: OrderEvent | LinkEvent): void {
    for (const listener of [...this.listeners]) listener(event)
  }

  private breakLink(): void {
    this.down = true
    this.push({ type: 'down', detail: 'the connection broke' })
    this.later(this.plan.between(1_000, 20_000), () => {
      this.down = false
      this.push({ type: 'ready', detail: 'connected again' })
    })
  }

  /** The owner buys something himself: money and coins move, and no order of ours is the reason. */
  private tradeByHand(instrument: string): void {
    const price = this.prices.get(instrument)!
    const clientOrderId = `by-hand-${this.clock.nowMs()}-${instrument}`
    const wish = { clientOrderId, instrument, side: 'buy', type: 'market', limitPrice: undefined, size: { quote: exact('2') } } as const
    const order = this.ledger.open(wish, price, this.step(instrument))
    if (order !== undefined) this.execute(order, order.baseSize, price)
  }

  private hide(venueOrderId: string): void {
    this.hidden.add(venueOrderId)
    this.later(this.plan.between(500, LONGEST_LAG_MS), () => this.hidden.delete(venueOrderId))
  }

  private step(instrument: string): Exact {
    return exact(decimalText(this.instruments.find(({ id }) => id === instrument)!.baseIncrement))
  }
}
