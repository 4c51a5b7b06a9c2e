import type { Decimal } from 'decimal.js'
import { ZERO, add, feeOf, fits, fromEstimate, greater, isPositive, isZero, less, money, multiply, quantityFor, subtract, toFloat } from '../../model/money.ts'
import type { Instrument } from '../../model/instrument.ts'
import type { VenueState } from '../../contracts/exchange.ts'
import type { EpochMs } from '../../model/time.ts'
import type { OrderRequest } from '../../model/order.ts'
import type { Market } from './market.ts'
import type { RejectionReason } from './reasons.ts'
import { costOf } from './take-price.ts'
import { limitOf, type VenueOrder } from './venue-order.ts'
import { protectionOf, type FillModel } from './venue-options.ts'

/** What the venue works out when it takes an order. */
export interface Terms {
  /** Base units wanted in all; undefined for a market purchase sized in quote. */
  readonly base: Decimal | undefined
  /** Currency and amount to hold. */
  readonly currency: string
  readonly hold: Decimal
  /** A limit order that may trade at once. */
  readonly mayTake: boolean
}

/** Returns the terms of an order, or why the venue rejects it; in the order of the real venue: state, form, precision, size, price, then (by the caller) funds. */
export function termsOf(request: OrderRequest, market: Market, model: FillModel, nowMs: number): Terms | RejectionReason {
  const { instrument } = market
  const problem = stateProblem(request, instrument) ?? formProblem(request, nowMs + model.latencyMs) ?? precisionProblem(request, instrument)
  if (problem) return problem
  const price = request.type === 'limit' ? limitOf(request) : market.close
  const base = baseOf(request, instrument, model)
  return sizeProblem(request, base, price, instrument) ?? priceTerms(request, base, market, model, nowMs)
}

function stateProblem(request: OrderRequest, instrument: Instrument): RejectionReason | undefined {
  switch (instrument.state) {
    case 'online':
      return undefined
    case 'limitOnly':
      return request.type === 'limit' ? undefined : 'PRODUCT_NOT_TRADABLE'
    case 'postOnly':
      return request.type === 'limit' && request.postOnly === true ? undefined : 'PRODUCT_NOT_TRADABLE'
    case 'cancelOnly':
    case 'halted':
    case 'delisted':
      return 'PRODUCT_NOT_TRADABLE'
    default:
      return instrument.state satisfies never
  }
}

function formProblem(request: OrderRequest, acceptedAtMs: number): RejectionReason | undefined {
  if (request.type === 'stopLimit' || request.stopPrice !== undefined) return 'UNSUPPORTED_ORDER'
  if ((request.type === 'limit') !== (request.limitPrice !== undefined)) return 'UNSUPPORTED_ORDER'
  if (request.type === 'market' && request.postOnly === true) return 'UNSUPPORTED_ORDER'
  if (request.side === 'sell' && 'quote' in request.size) return 'UNSUPPORTED_ORDER'
  const works = request.type === 'market' ? 'ioc' : request.expireAtMs === undefined ? 'gtc' : 'gtd'
  if ((request.timeInForce ?? works) !== works) return 'UNSUPPORTED_ORDER'
  return request.expireAtMs !== undefined && request.expireAtMs <= acceptedAtMs ? 'END_TIME_IN_THE_PAST' : undefined
}

function precisionProblem(request: OrderRequest, instrument: Instrument): RejectionReason | undefined {
  const { size, limitPrice } = request
  const whole = 'quote' in size ? fits(size.quote, instrument.quoteIncrement) : fits(size.base, instrument.baseIncrement)
  if (!whole) return 'INVALID_SIZE_PRECISION'
  return limitPrice && !(isPositive(limitPrice) && fits(limitPrice, instrument.priceIncrement)) ? 'INVALID_PRICE_PRECISION' : undefined
}

/** Base units wanted; a limit purchase sized in quote wants what the amount buys at its price, fee included. */
function baseOf(request: OrderRequest, instrument: Instrument, model: FillModel): Decimal | undefined {
  if ('base' in request.size) return request.size.base
  return request.limitPrice ? quantityFor(request.size.quote, request.limitPrice, model.takerRate, instrument.baseIncrement) : undefined
}

function sizeProblem(request: OrderRequest, base: Decimal | undefined, price: number, instrument: Instrument): RejectionReason | undefined {
  if ('quote' in request.size && less(request.size.quote, instrument.minQuote)) return 'SIZE_TOO_SMALL'
  if (base) {
    if (!isPositive(base) || less(base, instrument.minBase)) return 'SIZE_TOO_SMALL'
    if ('base' in request.size && price > 0 && less(multiply(base, fromEstimate(price)), instrument.minQuote)) return 'SIZE_TOO_SMALL'
    return greater(base, instrument.maxBase) ? 'SIZE_TOO_LARGE' : undefined
  }
  return 'quote' in request.size && toFloat(request.size.quote) / price > toFloat(instrument.maxBase) ? 'SIZE_TOO_LARGE' : undefined
}

function priceTerms(request: OrderRequest, base: Decimal | undefined, market: Market, model: FillModel, nowMs: number): Terms | RejectionReason {
  let mayTake = false
  if (request.type === 'limit') {
    const seen = market.takerPrice(request.side, nowMs)
    const limit = limitOf(request)
    const crosses = request.side === 'buy' ? limit >= seen : limit <= seen
    if (request.postOnly === true && Number.isNaN(seen)) return 'NO_MARKET_PRICE'
    if (request.postOnly === true && crosses) return 'LIMIT_PRICE_POST_ONLY'
    mayTake = request.postOnly !== true && (crosses || Number.isNaN(seen))
  }
  const { instrument } = market
  if (request.side === 'sell') return { base, currency: instrument.base, hold: base ?? ZERO, mayTake }
  const hold = purchaseHold(request, base, market, model)
  return hold ? { base, currency: instrument.quote, hold, mayTake } : 'NO_MARKET_PRICE'
}

/** What a purchase may cost at most; undefined when that cannot be known. */
function purchaseHold(request: OrderRequest, base: Decimal | undefined, market: Market, model: FillModel): Decimal | undefined {
  if (request.limitPrice && base) return costOf(base, request.limitPrice, model.takerRate)
  if ('quote' in request.size) return request.size.quote
  if (!base || !(market.close > 0)) return undefined
  const worst = multiply(fromEstimate(market.close), fromEstimate(1 + protectionOf(model, market.instrument)))
  return costOf(base, worst, model.takerRate)
}

/**
 * Returns an order as it was before a restart. It rests at its price when it is a limit: whether it had its chance to take is not known.
 */
export function resumedOrder(state: VenueState['working'][number], instrument: Instrument, model: FillModel): VenueOrder {
  const { request, venueOrderId, acceptedAtMs } = state
  const base = baseOf(request, instrument, model)
  const filledQuantity = money(state.filledQuantity)
  const filledQuote = money(state.filledQuote)
  const untouched = isZero(filledQuantity)
  return {
    request,
    venueOrderId,
    submittedAtMs: (acceptedAtMs - model.latencyMs) as EpochMs,
    acceptedAtMs,
    base,
    currency: request.side === 'buy' ? instrument.quote : instrument.base,
    hold: holdLeft(request, base, filledQuantity, filledQuote, model),
    mayTake: false,
    state: untouched ? 'open' : 'partiallyFilled',
    filledQuantity,
    filledQuote,
    fees: untouched ? ZERO : undefined,
    reason: undefined,
    atMs: acceptedAtMs,
  }
}

/** What an order may yet cost, or the coins it may yet sell. A market purchase sized in base pays out of what is available. */
function holdLeft(request: OrderRequest, base: Decimal | undefined, filledQuantity: Decimal, filledQuote: Decimal, model: FillModel): Decimal {
  if (request.side === 'sell') return subtract(base ?? ZERO, filledQuantity)
  if (request.limitPrice && base) return costOf(subtract(base, filledQuantity), request.limitPrice, model.takerRate)
  return 'quote' in request.size ? subtract(request.size.quote, add(filledQuote, feeOf(filledQuote, model.takerRate))) : ZERO
}
