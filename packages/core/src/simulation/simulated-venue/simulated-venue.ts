import type { Decimal } from 'decimal.js'
import type { Command, Effect, KernelEvent, OrderEvent } from '../../contracts/events.ts'
import type { Balance, FeeRates, SimulatedVenue, VenueState } from '../../contracts/exchange.ts'
import { EngineError } from '../../model/errors.ts'
import type { Json } from '../../model/json.ts'
import { ZERO, add, feeOf, greater, isZero, money, negate, subtract, valueOf } from '../../model/money.ts'
import type { OrderReport, OrderRequest } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import { resumedOrder, termsOf, type Terms } from './accept-order.ts'
import { Market } from './market.ts'
import { matchLimitOrder, matchMarketOrder, matchTrigger, type Match } from './match-order.ts'
import { OrderRegistry } from './order-registry.ts'
import { Purse } from './purse.ts'
import type { EndReason, RejectionReason } from './reasons.ts'
import { capacityOf } from './take-price.ts'
import { ownDecimals, reportOf, timeOf, type VenueOrder } from './venue-order.ts'
import { parseCash, parseFillModel, type FillModel, type SimulatedVenueOptions } from './venue-options.ts'
import { modelText, parseVenueState, restoreMarket, restoreOrder, writeVenueState } from './venue-state.ts'

/** The venue as a state machine that can also be looked into. */
export interface SimulatedVenueMachine extends SimulatedVenue {
  /** What the venue says of an order now; it remembers the last 1,000 finished ones. */
  report(clientOrderId: string): OrderReport | undefined
  /** Orders that work, in the order of their acceptance. */
  liveOrders(): readonly OrderReport[]
  /** By currency. */
  balances(): readonly Balance[]
  /** What `resume` takes. */
  state(): VenueState
}

function inOrder(events: readonly OrderEvent[]): boolean {
  for (let i = 1; i < events.length; i++) if (timeOf(events[i]!) < timeOf(events[i - 1]!)) return false
  return true
}

/** Returned whenever nothing happened, so that a replay allocates nothing. */
const NOTHING: readonly OrderEvent[] = Object.freeze([])

/**
 * Makes a simulated venue: the same events give the same answers, to the last digit and id. It fills from what the market showed after it
 * had the order (never from the candle that led to the order), pays real fees, and takes at most a share of what was traded.
 *
 * @throws ConfigError with every problem of the options
 * @example
 * ```ts
 * const venue = createSimulatedVenue({ instruments: [coinbaseInstrument('BTC-USD')!], cash: { USD: '1000' } })
 * decimalText(venue.feeRates().takerRate) // => '0.009'
 * venue.liveOrders() // => []
 * ```
 */
export const createSimulatedVenue = (options: SimulatedVenueOptions): SimulatedVenueMachine => new Venue(options)

class Venue implements SimulatedVenueMachine {
  private readonly model: FillModel
  private readonly markets = new Map<string, Market>()
  private readonly orders = new OrderRegistry()
  private readonly purse = new Purse()
  private nextId = 1

  constructor(options: SimulatedVenueOptions) {
    this.model = parseFillModel(options, 'venue')
    for (const instrument of options.instruments) this.markets.set(instrument.id, new Market(instrument))
    const currencies = new Set(options.instruments.flatMap(({ base, quote }) => [base, quote]))
    for (const [currency, amount] of Object.entries(parseCash(options.cash, 'venue.cash', currencies))) this.purse.credit(currency, amount)
  }

  apply(event: KernelEvent | Effect, nowMs: EpochMs): readonly OrderEvent[] {
    switch (event.type) {
      case 'candle': {
        const market = this.markets.get(event.instrument)
        if (market === undefined) return NOTHING
        const told = market.advance(event)
        if (market.working.length === 0 && nowMs < this.orders.nextExpiryMs) return NOTHING
        return this.answer(told ? market : undefined, nowMs)
      }
      case 'quote':
        this.markets.get(event.instrument)?.quote(event)
        return nowMs < this.orders.nextExpiryMs ? NOTHING : this.answer(undefined, nowMs)
      case 'submit':
        return this.submit(event.request, event.trigger, nowMs)
      case 'cancel':
        return this.cancel(event.order.clientOrderId, nowMs)
      case 'command':
        this.pay(event.command)
        return nowMs < this.orders.nextExpiryMs ? NOTHING : this.answer(undefined, nowMs)
      case 'timer':
      case 'link':
        return nowMs < this.orders.nextExpiryMs ? NOTHING : this.answer(undefined, nowMs)
      case 'order':
      case 'account':
      case 'wakeAt':
        return NOTHING
      default:
        return event satisfies never
    }
  }

  /** What a person pays in or takes out goes through the venue's books as well. */
  private pay(command: Command): void {
    if (command.kind === 'deposit') this.purse.credit(command.currency, money(command.amount))
    else if (command.kind === 'withdraw') this.purse.credit(command.currency, negate(money(command.amount)))
  }

  feeRates(): FeeRates {
    return { makerRate: this.model.makerRate, takerRate: this.model.takerRate }
  }

  report(clientOrderId: string): OrderReport | undefined {
    return this.orders.report(clientOrderId)
  }

  liveOrders(): readonly OrderReport[] {
    return this.orders.live().map((order) => reportOf(order))
  }

  balances(): readonly Balance[] {
    return this.purse.list()
  }

  state(): VenueState {
    const working = this.orders
      .live()
      .map(({ request, venueOrderId, filledQuantity, filledQuote, acceptedAtMs }) => ({ request, venueOrderId, filledQuantity, filledQuote, acceptedAtMs }))
    return { balances: this.balances(), working, nextId: this.nextId }
  }

  resume(state: VenueState): void {
    this.clear(state.nextId)
    // What was held is held again below, order by order.
    this.purse.replace(state.balances.map(({ currency, available, held }) => ({ currency, available: add(money(available), money(held)), held: ZERO })))
    for (const working of state.working) {
      const request = ownDecimals(working.request)
      const { instrument } = this.market(request.instrument)
      const order = resumedOrder({ ...working, request }, instrument, this.model)
      this.purse.hold(order.currency, order.hold)
      this.place(order)
    }
  }

  snapshot(): Json {
    return writeVenueState({
      model: this.model,
      nextId: this.nextId,
      balances: this.balances(),
      working: this.orders.live(),
      finished: this.orders.finals(),
      markets: [...this.markets.values()],
    })
  }

  restore(json: Json): void {
    const state = parseVenueState(json)
    if (state.model !== modelText(this.model))
      throw new EngineError('STORE_MISMATCH', `expected a venue with the parameters ${modelText(this.model)}, received ${state.model}`)
    for (const { instrument } of state.markets) this.market(instrument)
    for (const { request } of state.working) this.market(request.instrument)
    this.clear(state.nextId)
    this.purse.replace(state.balances)
    for (const market of state.markets) restoreMarket(this.market(market.instrument), market)
    for (const report of state.finished) this.orders.remember(report)
    for (const order of state.working) this.place(restoreOrder(order))
  }

  private submit(given: OrderRequest, trigger: number | undefined, nowMs: EpochMs): readonly OrderEvent[] {
    const request = ownDecimals(given)
    const acceptedAtMs = (nowMs + this.model.latencyMs) as EpochMs
    const known = this.report(request.clientOrderId)
    if (known) return [{ type: 'report', report: { ...known, atMs: acceptedAtMs } }]
    const market = this.markets.get(request.instrument)
    const terms = market ? termsOf(request, market, this.model, nowMs) : 'UNKNOWN_PRODUCT'
    if (!market || typeof terms === 'string') return this.reject(request, typeof terms === 'string' ? terms : 'UNKNOWN_PRODUCT', acceptedAtMs)
    if (greater(terms.hold, this.purse.available(terms.currency))) return this.reject(request, 'INSUFFICIENT_FUND', acceptedAtMs)
    const order = this.accept(request, terms, nowMs, acceptedAtMs)
    const out: OrderEvent[] = [{ type: 'report', report: reportOf(order) }]
    if (trigger !== undefined && request.type === 'market') this.fillAtTrigger(order, trigger, market, nowMs, out)
    return out
  }

  private accept(request: OrderRequest, { base, currency, hold, mayTake }: Terms, submittedAtMs: EpochMs, acceptedAtMs: EpochMs): VenueOrder {
    const order: VenueOrder = {
      request,
      venueOrderId: `sim-${this.number()}`,
      submittedAtMs,
      acceptedAtMs,
      base,
      currency,
      hold,
      mayTake,
      state: 'open',
      filledQuantity: ZERO,
      filledQuote: ZERO,
      fees: ZERO,
      reason: undefined,
      atMs: acceptedAtMs,
    }
    this.purse.hold(currency, hold)
    this.place(order)
    return order
  }

  private reject(request: OrderRequest, reason: RejectionReason, atMs: EpochMs): readonly OrderEvent[] {
    const report: OrderReport = {
      ref: { clientOrderId: request.clientOrderId, instrument: request.instrument },
      state: 'rejected',
      filledQuantity: ZERO,
      reason,
      atMs,
    }
    this.orders.remember(report)
    return [{ type: 'report', report }]
  }

  /** Only where the market is known by whole candles, and only for the candle just closed. */
  private fillAtTrigger(order: VenueOrder, trigger: number, market: Market, nowMs: number, out: OrderEvent[]): void {
    if (!market.whole || !(nowMs - market.updateAtMs < market.timeframeMs)) return
    const capacity = capacityOf(market.volume, market.used, market.instrument, this.model)
    if (isZero(capacity)) return
    const match = matchTrigger(order, trigger, market, this.model, capacity, this.freeFor(order))
    if (match) this.carryOut(order, match, market, out)
  }

  private cancel(clientOrderId: string, nowMs: EpochMs): readonly OrderEvent[] {
    const atMs = (nowMs + this.model.latencyMs) as EpochMs
    const order = this.orders.find(clientOrderId)
    if (!order) {
      // Too late: what the venue said last stands, and is said again.
      const final = this.orders.final(clientOrderId)
      return final ? [{ type: 'report', report: { ...final, atMs } }] : NOTHING
    }
    const out: OrderEvent[] = []
    this.end(order, 'cancelled', 'CANCEL_REQUESTED', atMs, out)
    return out
  }

  /** What the last update of a market, and the time, do to the orders that work. */
  private answer(market: Market | undefined, nowMs: number): readonly OrderEvent[] {
    const out: OrderEvent[] = []
    if (market) this.matchAll(market, out)
    if (nowMs >= this.orders.nextExpiryMs) this.expire(nowMs, out)
    if (out.length === 0) return NOTHING
    return inOrder(out) ? out : out.sort((a, b) => timeOf(a) - timeOf(b))
  }

  private matchAll(market: Market, out: OrderEvent[]): void {
    let capacity = capacityOf(market.traded, ZERO, market.instrument, this.model)
    for (const order of [...market.working]) {
      if (isZero(capacity)) return
      const match =
        order.request.type === 'limit'
          ? matchLimitOrder(order, market, this.model, capacity)
          : matchMarketOrder(order, market, this.model, capacity, this.freeFor(order))
      if (!match) continue
      capacity = subtract(capacity, match.quantity)
      this.carryOut(order, match, market, out)
    }
  }

  /** What a purchase may cost beyond its hold: one sized in quote has said what it may cost. */
  private freeFor(order: VenueOrder): Decimal {
    return order.base && order.request.side === 'buy' ? this.purse.available(order.currency) : ZERO
  }

  private carryOut(order: VenueOrder, match: Match, market: Market, out: OrderEvent[]): void {
    if (!isZero(match.quantity)) this.fill(order, match, market, out)
    if (match.end === 'filled') this.end(order, 'filled', undefined, match.atMs, out)
    else if (match.end) this.end(order, 'cancelled', match.end, match.atMs, out)
    else {
      order.state = 'partiallyFilled'
      order.atMs = match.atMs
      out.push({ type: 'report', report: reportOf(order) })
    }
  }

  private fill(order: VenueOrder, match: Match, market: Market, out: OrderEvent[]): void {
    const { quantity, price, liquidity, atMs } = match
    const { instrument } = market
    const { side, clientOrderId } = order.request
    const value = valueOf(quantity, price)
    const fee = feeOf(value, liquidity === 'maker' ? this.model.makerRate : this.model.takerRate)
    order.hold = this.purse.pay(order.currency, side === 'buy' ? add(value, fee) : quantity, order.hold)
    if (side === 'buy') this.purse.credit(instrument.base, quantity)
    else this.purse.credit(instrument.quote, subtract(value, fee))
    order.filledQuantity = add(order.filledQuantity, quantity)
    order.filledQuote = add(order.filledQuote, value)
    order.fees = order.fees && add(order.fees, fee)
    market.used = add(market.used, quantity)
    const fillId = `sim-fill-${this.number()}`
    out.push({
      type: 'fill',
      fill: {
        fillId,
        venueOrderId: order.venueOrderId,
        clientOrderId,
        instrument: instrument.id,
        side,
        price,
        quantity,
        fee: { amount: fee, currency: instrument.quote },
        liquidity,
        atMs,
      },
    })
  }

  private end(order: VenueOrder, state: 'filled' | 'cancelled' | 'expired', reason: EndReason | undefined, atMs: EpochMs, out: OrderEvent[]): void {
    order.state = state
    order.reason = reason
    order.atMs = atMs
    this.purse.release(order.currency, order.hold)
    order.hold = ZERO
    const { working } = this.market(order.request.instrument)
    working.splice(working.indexOf(order), 1)
    const report = reportOf(order)
    this.orders.remember(report)
    out.push({ type: 'report', report })
  }

  private expire(nowMs: number, out: OrderEvent[]): void {
    for (const order of this.orders.live()) {
      const { expireAtMs } = order.request
      if (expireAtMs !== undefined && nowMs >= expireAtMs) this.end(order, 'expired', undefined, expireAtMs, out)
    }
  }

  private place(order: VenueOrder): void {
    this.orders.place(order)
    this.market(order.request.instrument).working.push(order)
  }

  private clear(nextId: number): void {
    this.orders.clear()
    for (const market of this.markets.values()) market.working.length = 0
    this.nextId = nextId
  }

  private market(instrument: string): Market {
    const market = this.markets.get(instrument)
    if (!market)
      throw new EngineError('STORE_MISMATCH', `expected an instrument of this venue (${[...this.markets.keys()].join(', ')}), received ${instrument}`)
    return market
  }

  /** One count for orders and fills, so that no id is ever used twice. */
  private number(): string {
    return String(this.nextId++).padStart(6, '0')
  }
}
