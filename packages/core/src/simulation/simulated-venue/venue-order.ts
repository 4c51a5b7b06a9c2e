import type { Decimal } from 'decimal.js'
import type { OrderEvent } from '../../contracts/events.ts'
import { averagePriceOf, isZero, money, toFloat } from '../../model/money.ts'
import type { OrderReport, OrderRequest, OrderState } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'

/** One order at the venue. */
export interface VenueOrder {
  readonly request: OrderRequest
  readonly venueOrderId: string
  readonly submittedAtMs: EpochMs
  readonly acceptedAtMs: EpochMs
  /** Base units wanted in all; undefined for a market purchase sized in quote. */
  readonly base: Decimal | undefined
  /** Currency of the hold. */
  readonly currency: string
  /** What is still held for it. */
  hold: Decimal
  /** A limit order that has not had its chance to take yet. */
  mayTake: boolean
  state: OrderState
  filledQuantity: Decimal
  /** Value of the fills, without fees. */
  filledQuote: Decimal
  /** Undefined when it was resumed with fills whose fees are not known. */
  fees: Decimal | undefined
  reason: string | undefined
  atMs: EpochMs
}

/** What the venue says of an order now; amounts are cumulative. */
export function reportOf(order: VenueOrder, atMs: EpochMs = order.atMs): OrderReport {
  const { request, venueOrderId, state, filledQuantity, filledQuote, fees, reason } = order
  const report: { -readonly [K in keyof OrderReport]: OrderReport[K] } = {
    ref: { clientOrderId: request.clientOrderId, venueOrderId, instrument: request.instrument },
    state,
    filledQuantity,
    atMs,
  }
  if (!isZero(filledQuantity)) report.averagePrice = averagePriceOf(filledQuote, filledQuantity)
  if (fees) report.feesTotal = fees
  if (reason !== undefined) report.reason = reason
  return report
}

/** The limit price as float64, for comparison with candles. */
export const limitOf = (request: OrderRequest): number => (request.limitPrice ? toFloat(request.limitPrice) : Number.NaN)

export const timeOf = (event: OrderEvent): number => (event.type === 'fill' ? event.fill.atMs : event.report.atMs)

/** The request with its amounts in the library's own precision, whatever Decimal they were made with. */
export function ownDecimals(request: OrderRequest): OrderRequest {
  const { size, limitPrice } = request
  const own = 'quote' in size ? money(size.quote) === size.quote : money(size.base) === size.base
  if (own && (!limitPrice || money(limitPrice) === limitPrice)) return request
  return {
    ...request,
    size: 'quote' in size ? { quote: money(size.quote) } : { base: money(size.base) },
    ...(limitPrice ? { limitPrice: money(limitPrice) } : {}),
  }
}
