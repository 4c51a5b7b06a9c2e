import type { Decimal } from 'decimal.js'
import { ZERO, add, fromEstimate, greater, isZero, minOf, multiply, subtract, toFloat } from '../../model/money.ts'
import type { Side } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import type { Market } from './market.ts'
import type { EndReason } from './reasons.ts'
import { affordable, slippedPrice } from './take-price.ts'
import type { VenueOrder } from './venue-order.ts'
import { protectionOf, type FillModel } from './venue-options.ts'

/** What the last update of a market means for an order: a fill, an end, or both. */
export interface Match {
  /** Zero when the order ends without a fill. */
  readonly quantity: Decimal
  readonly price: Decimal
  readonly liquidity: 'maker' | 'taker'
  readonly atMs: EpochMs
  /** `filled` when nothing is left, a reason when the rest is cancelled, undefined when the order works on. */
  readonly end: 'filled' | EndReason | undefined
}

const NEVER = Number.NaN

/**
 * When a taking order meets the last update; NaN when it does not. Of a whole candle only the open has a known moment, so it counts for
 * orders sent before it opened; an update counts from the moment the venue has the order.
 */
function takeTime(order: VenueOrder, market: Market): number {
  if (!market.whole) return market.updateAtMs >= order.acceptedAtMs ? market.updateAtMs : NEVER
  const reached = market.openTime >= order.submittedAtMs && market.updateAtMs > order.acceptedAtMs
  return reached ? Math.max(market.openTime, order.acceptedAtMs) : NEVER
}

const expired = (order: VenueOrder, atMs: number): boolean => order.request.expireAtMs !== undefined && atMs >= order.request.expireAtMs

/** The price a taking order sees: a whole candle's open; else quote or last price, never better than what the candle has shown. */
function seenPrice(order: VenueOrder, market: Market): number {
  if (market.whole) return market.open
  const price = market.takerPrice(order.request.side, market.updateAtMs)
  return order.request.side === 'buy' ? Math.max(price, market.low) : Math.min(price, market.high)
}

/** True when the price a taking order sees is the venue's own bid or ask. */
const quotedFor = (order: VenueOrder, market: Market): boolean => !market.whole && market.quotes(order.request.side, market.updateAtMs)

/** What the last update does to a market order. `capacity` > 0: base units that may still fill in it; `free`: quote available beyond the hold. */
export function matchMarketOrder(order: VenueOrder, market: Market, model: FillModel, capacity: Decimal, free: Decimal): Match | undefined {
  const atMs = takeTime(order, market) as EpochMs
  if (Number.isNaN(atMs) || expired(order, atMs)) return undefined
  const { side } = order.request
  const seen = seenPrice(order, market)
  const price = slippedPrice(seen, side, market.instrument, model, quotedFor(order, market))
  if (beyondProtection(price, seen, side, market, model)) return { quantity: ZERO, price, liquidity: 'taker', atMs, end: 'PRICE_PROTECTION' }
  return sizeMarketFill(order, market, model, capacity, free, price, atMs)
}

/** True when a price is further from the last one, against us, than a market order may go. Nothing is known before the second update. */
function beyondProtection(price: Decimal, seen: number, side: Side, market: Market, model: FillModel): boolean {
  const protection = protectionOf(model, market.instrument)
  // Nearly always far inside: only what is close to the border is worth the exact comparison.
  if (
    Number.isNaN(market.lastPrice) ||
    Math.abs(seen - market.lastPrice) < market.lastPrice * (protection / 2 - model.slippageBps / 10_000 - model.spreadBps / 20_000)
  )
    return false
  const last = fromEstimate(market.lastPrice)
  const away = side === 'buy' ? subtract(price, last) : subtract(last, price)
  return greater(away, multiply(last, fromEstimate(protection)))
}

/** How much of a market order fills at a price, and how it ends: always, one way or the other. */
function sizeMarketFill(order: VenueOrder, market: Market, model: FillModel, capacity: Decimal, free: Decimal, price: Decimal, atMs: EpochMs): Match {
  const { base, request } = order
  const { instrument } = market
  // The quote amount of the order is its hold; a purchase sized in base may also use what else is there.
  const covered = request.side === 'sell' ? undefined : affordable(base ? add(order.hold, free) : order.hold, price, instrument, model.takerRate)
  const left = base ? subtract(base, order.filledQuantity) : covered!
  if (!base && isZero(left)) return { quantity: ZERO, price, liquidity: 'taker', atMs, end: 'SIZE_BELOW_INCREMENT' }
  const wanted = covered ? minOf(left, covered) : left
  const quantity = minOf(wanted, capacity)
  const end = !greater(left, quantity) ? 'filled' : greater(wanted, quantity) ? 'VOLUME_SHARE' : 'FUNDS_EXHAUSTED'
  return { quantity, price, liquidity: 'taker', atMs, end }
}

/**
 * What the last update does to a limit order: one chance to take when it was marketable, then it rests and fills at its price when the
 * market trades through it by one increment.
 */
export function matchLimitOrder(order: VenueOrder, market: Market, model: FillModel, capacity: Decimal): Match | undefined {
  const limit = order.request.limitPrice!
  const left = subtract(order.base ?? ZERO, order.filledQuantity)
  const quantity = minOf(left, capacity)
  const end = greater(left, quantity) ? undefined : 'filled'
  if (order.mayTake) {
    const atMs = takeTime(order, market) as EpochMs
    if (Number.isNaN(atMs) || expired(order, atMs)) return undefined
    order.mayTake = false
    const price = slippedPrice(seenPrice(order, market), order.request.side, market.instrument, model, quotedFor(order, market))
    const within = order.request.side === 'buy' ? !greater(price, limit) : !greater(limit, price)
    if (within) return { quantity, price, liquidity: 'taker', atMs, end }
  }
  if (!tradedThrough(order, market, limit) || expired(order, market.updateAtMs)) return undefined
  return { quantity, price: limit, liquidity: 'maker', atMs: market.updateAtMs as EpochMs, end }
}

function tradedThrough(order: VenueOrder, market: Market, limit: Decimal): boolean {
  if (Number.isNaN(takeTime(order, market))) return false
  // Extremes that may be older than the order prove nothing for it; the last price does.
  const proven = market.whole || order.acceptedAtMs <= market.sinceMs
  const { priceIncrement } = market.instrument
  if (order.request.side === 'buy') return (proven ? market.lowSince : market.close) <= toFloat(subtract(limit, priceIncrement))
  return (proven ? market.highSince : market.close) >= toFloat(add(limit, priceIncrement))
}

/**
 * What a closed candle just seen does to a market order whose exit rule fired inside it: it fills at the price at which the rule fired (the
 * engine says which: the candle's open when that was worse), less slippage.
 */
export function matchTrigger(order: VenueOrder, trigger: number, market: Market, model: FillModel, capacity: Decimal, free: Decimal): Match | undefined {
  // Also false for NaN; a trigger that the candle did not reach makes an ordinary market order.
  if (!(trigger >= market.low && trigger <= market.high)) return undefined
  return sizeMarketFill(order, market, model, capacity, free, slippedPrice(trigger, order.request.side, market.instrument, model, false), order.acceptedAtMs)
}
