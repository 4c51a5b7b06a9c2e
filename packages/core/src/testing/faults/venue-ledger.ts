import { exact, floorTo, stepsOf, times } from './exact.ts'
import type { Exact } from './exact.ts'

/** An order as the venue has it. */
export interface VenueOrder {
  readonly clientOrderId: string
  readonly venueOrderId: string
  readonly instrument: string
  readonly side: 'buy' | 'sell'
  readonly type: 'market' | 'limit'
  readonly limitPrice: Exact | undefined
  readonly baseSize: Exact
  state: 'open' | 'filled' | 'cancelled' | 'expired'
  filled: Exact
  value: Exact
  fees: Exact
  /** Still held for it: quote of a buy, base of a sale. */
  hold: Exact
}

/** An execution as the venue has it. */
export interface VenueExecution {
  readonly fillId: string
  readonly venueOrderId: string
  readonly instrument: string
  readonly side: 'buy' | 'sell'
  readonly price: Exact
  readonly quantity: Exact
  readonly fee: Exact
  readonly atMs: number
}

/** What a client asks for, as the venue reads it. */
export interface VenueWish extends Pick<VenueOrder, 'clientOrderId' | 'instrument' | 'side' | 'type' | 'limitPrice'> {
  /** What a buy by quote may cost, fee included; else the size in base. */
  readonly size: { readonly quote: Exact } | { readonly base: Exact }
}

/** The books of a venue for one account: what a client believes is judged against them. */
export class VenueLedger {
  readonly orders = new Map<string, VenueOrder>()
  readonly byClientId = new Map<string, VenueOrder>()
  readonly executions: VenueExecution[] = []
  private readonly free = new Map<string, Exact>()
  private readonly held = new Map<string, Exact>()
  private readonly feeRate: Exact
  private next = 1

  constructor(cash: Readonly<Record<string, string>>, feeRate: string) {
    for (const [currency, amount] of Object.entries(cash)) this.free.set(currency, exact(amount))
    this.feeRate = exact(feeRate)
  }

  available(currency: string): Exact {
    return this.free.get(currency) ?? 0n
  }

  inHold(currency: string): Exact {
    return this.held.get(currency) ?? 0n
  }

  total(currency: string): Exact {
    return this.available(currency) + this.inHold(currency)
  }

  currencies(): readonly string[] {
    return [...new Set([...this.free.keys(), ...this.held.keys()])]
  }

  /** Money or coins that come (> 0) or go (< 0) without a trade; false when there is not enough. */
  transfer(currency: string, amount: Exact): boolean {
    const after = this.available(currency) + amount
    if (after < 0n) return false
    this.free.set(currency, after)
    return true
  }

  /** Books a new order and its hold; undefined when there is not enough for it. */
  open(wish: VenueWish, price: Exact, step: Exact): VenueOrder | undefined {
    const [base, quote] = wish.instrument.split('-') as [string, string]
    const { size, limitPrice, side } = wish
    const withFee = times(limitPrice ?? price, exact('1') + this.feeRate)
    const baseSize = 'base' in size ? size.base : stepsOf(size.quote, withFee, step)
    const cost = 'quote' in size ? size.quote : times(baseSize, withFee)
    const hold = side === 'buy' ? cost : baseSize
    const currency = side === 'buy' ? quote : base
    if (baseSize <= 0n || hold > this.available(currency)) return undefined
    this.move(currency, hold)
    const { clientOrderId, instrument, type } = wish
    const venueOrderId = `venue-${this.next++}`
    const order: VenueOrder = {
      clientOrderId,
      venueOrderId,
      instrument,
      side,
      type,
      limitPrice,
      baseSize,
      state: 'open',
      filled: 0n,
      value: 0n,
      fees: 0n,
      hold,
    }
    this.orders.set(order.venueOrderId, order)
    this.byClientId.set(order.clientOrderId, order)
    return order
  }

  /** Executes a part of an order. */
  execute(order: VenueOrder, quantity: Exact, price: Exact, atMs: number): VenueExecution {
    const { venueOrderId, instrument, side } = order
    const [base, quote] = instrument.split('-') as [string, string]
    const value = times(quantity, price)
    const fee = times(value, this.feeRate)
    const used = side === 'buy' ? value + fee : quantity
    const spent = side === 'buy' ? quote : base
    order.hold -= used
    this.held.set(spent, this.inHold(spent) - used)
    const got = side === 'buy' ? base : quote
    this.free.set(got, this.available(got) + (side === 'buy' ? quantity : value - fee))
    order.filled += quantity
    order.value += value
    order.fees += fee
    const execution: VenueExecution = { fillId: `fill-${this.next++}`, venueOrderId, instrument, side, price, quantity, fee, atMs }
    this.executions.push(execution)
    return execution
  }

  /** Ends an order and frees what is held for it. */
  end(order: VenueOrder, state: 'filled' | 'cancelled' | 'expired'): void {
    const [base, quote] = order.instrument.split('-') as [string, string]
    this.move(order.side === 'buy' ? quote : base, -order.hold)
    order.hold = 0n
    order.state = state
  }

  /** From what is free into what is held. */
  private move(currency: string, amount: Exact): void {
    this.free.set(currency, this.available(currency) - amount)
    this.held.set(currency, this.inHold(currency) + amount)
  }
}

/** A part of an order in whole steps; the whole of it when a part would be nothing. */
export const partOf = (quantity: Exact, parts: number, step: Exact): Exact => floorTo(quantity / BigInt(parts), step) || quantity
