import type { FillRecord, OrderRecord } from '@millrace/core'
import { DAY_MS, utcDayStart } from '@millrace/core'

/** The last known price of something, at a moment. */
export interface Price {
  readonly atMs: number
  readonly instrument: string
  readonly price: number
}

/** What one bot holds, by its own fills. */
export interface Holding {
  quantity: number
  /** Quote that left for what is held, fees included. */
  cost: number
  /** Entry orders since it was flat. */
  readonly entries: Set<string>
}

/** Follows fills bot by bot and calls back after each, with what is held then. Written apart from the engine's ledger, which it is there to check. */
export function followHoldings(fills: readonly FillRecord[], after: (fill: FillRecord, holdings: ReadonlyMap<string, Holding>) => void): void {
  const holdings = new Map<string, Holding>()
  for (const fill of fills) {
    const holding = holdings.get(fill.botId) ?? { quantity: 0, cost: 0, entries: new Set<string>() }
    holdings.set(fill.botId, holding)
    const quantity = Number(fill.quantity)
    if (fill.side === 'buy') {
      holding.quantity += quantity
      holding.cost += Number(fill.value) + Number(fill.feeAmount)
      holding.entries.add(fill.clientOrderId)
    } else {
      const left = Math.max(0, 1 - quantity / holding.quantity)
      holding.quantity = left < 1e-9 ? 0 : holding.quantity - quantity
      holding.cost *= left < 1e-9 ? 0 : left
      if (holding.quantity === 0) holding.entries.clear()
    }
    after(fill, holdings)
  }
}

/** A point in the total order of a replay: candles of one moment come by instrument, fills before all of them. */
export interface Moment {
  readonly atMs: number
  /** Empty for a fill. */
  readonly instrument: string
}

/** True when an order was made at or after the moment, in the total order. */
export const notBefore = (order: OrderRecord, moment: Moment | undefined): boolean =>
  moment !== undefined && (order.createdAtMs > moment.atMs || (order.createdAtMs === moment.atMs && order.instrument >= moment.instrument))

/** The first moment of each UTC day at which the loss since 00:00Z (cash and coins at the last price) reached the limit. */
export function lossReachedAt(limit: number, startingCash: number, fills: readonly FillRecord[], prices: readonly Price[]): ReadonlyMap<number, Moment> {
  const reached = new Map<number, Moment>()
  const last = new Map<string, number>()
  const held = new Map<string, number>()
  let cash = startingCash
  let day = Number.NaN
  let dayEquity = startingCash
  let next = 0
  const equity = (): number => [...held].reduce((sum, [instrument, quantity]) => sum + quantity * (last.get(instrument) ?? 0), cash)
  const look = (moment: Moment): void => {
    if (!reached.has(day) && dayEquity - equity() >= limit) reached.set(day, moment)
  }
  const enter = (atMs: number): void => {
    const today = utcDayStart(atMs)
    if (today === day) return
    day = today
    dayEquity = equity()
  }
  const book = (fill: FillRecord): void => {
    enter(fill.atMs)
    const sign = fill.side === 'buy' ? 1 : -1
    cash -= sign * Number(fill.value) + Number(fill.feeAmount)
    held.set(fill.instrument, (held.get(fill.instrument) ?? 0) + sign * Number(fill.quantity))
    look({ atMs: fill.atMs, instrument: '' })
  }
  for (const { atMs, instrument, price } of prices) {
    while (next < fills.length && fills[next]!.atMs <= atMs) book(fills[next++]!)
    enter(atMs)
    last.set(instrument, price)
    look({ atMs, instrument })
  }
  return reached
}

/** Entry orders with a fill by UTC day. */
export function entriesByDay(fills: readonly FillRecord[]): ReadonlyMap<number, readonly { readonly botId: string; readonly clientOrderId: string }[]> {
  const days = new Map<number, Map<string, { readonly botId: string; readonly clientOrderId: string }>>()
  for (const { side, atMs, botId, clientOrderId } of fills) {
    if (side !== 'buy') continue
    const day = Math.floor(atMs / DAY_MS)
    const orders = days.get(day) ?? new Map<string, { readonly botId: string; readonly clientOrderId: string }>()
    orders.set(clientOrderId, { botId, clientOrderId })
    days.set(day, orders)
  }
  return new Map([...days].map(([day, orders]) => [day, [...orders.values()]]))
}
