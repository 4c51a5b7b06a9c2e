import { ceilTo, decimalText, floorTo, greater, isPositive, isoTime, less, money, multiply, quantityFor } from '@millrace/core'
import type { Instrument, OrderRequest, TimeInForce } from '@millrace/core'
import type { Decimal } from 'decimal.js'
import { refused } from './rejection.ts'
import type { Refusal } from './rejection.ts'

/** What of an order goes over the wire, beside its name: the same for sending and for a preview. */
export interface OrderTerms {
  readonly product_id: string
  readonly side: 'BUY' | 'SELL'
  readonly order_configuration: Readonly<Record<string, Readonly<Record<string, string | boolean>>>>
}

export interface TermsContext {
  readonly instrument: Instrument
  /** Needed for a purchase of a quote amount at a limit only. */
  readonly takerRate: Decimal | undefined
  /** The venue's time. */
  readonly venueMs: number
}

/** True for an order whose size must be worked out from an amount of money that includes the fee. */
export const needsFeeRate = ({ type, size }: OrderRequest): boolean => type !== 'market' && 'quote' in size

/**
 * Translates an order: sizes are rounded down, prices of purchases down and of sales up, to the venue's increments. What cannot be valid is refused here; nothing
 * is ever rounded up to a minimum.
 *
 * @throws RangeError on an amount that is not finite
 */
export function termsOf(given: OrderRequest, context: TermsContext): OrderTerms | Refusal {
  const { instrument } = context
  const request = ownDecimals(given)
  const works = timeInForceOf(request)
  const problem = formProblem(request, works) ?? stateProblem(request, instrument) ?? timeProblem(request, context.venueMs)
  if (problem) return problem
  const prices = pricesOf(request, instrument)
  if ('outcome' in prices) return prices
  const size = sizeOf(request, prices.limit, context)
  if (isRefusal(size)) return size
  return {
    product_id: instrument.id,
    side: request.side === 'buy' ? 'BUY' : 'SELL',
    order_configuration: { [configurationName(request, works)]: { ...size, ...configuration(request, prices) } },
  }
}

/** The request with amounts of the library's own precision, whatever Decimal they were made with. */
const ownDecimals = (request: OrderRequest): OrderRequest => ({
  ...request,
  size: 'quote' in request.size ? { quote: money(request.size.quote) } : { base: money(request.size.base) },
  ...(request.limitPrice && { limitPrice: money(request.limitPrice) }),
  ...(request.stopPrice && { stopPrice: money(request.stopPrice) }),
})

const timeInForceOf = ({ type, timeInForce, expireAtMs }: OrderRequest): TimeInForce =>
  timeInForce ?? (type === 'market' ? 'ioc' : expireAtMs === undefined ? 'gtc' : 'gtd')

const isRefusal = (value: object): value is Refusal => 'outcome' in value

function configurationName({ type }: OrderRequest, works: TimeInForce): string {
  if (type === 'market') return 'market_market_ioc'
  if (type === 'stopLimit') return `stop_limit_stop_limit_${works}`
  return works === 'ioc' ? 'sor_limit_ioc' : `limit_limit_${works}`
}

function formProblem(request: OrderRequest, works: TimeInForce): Refusal | undefined {
  const { type, side, size, postOnly, limitPrice, stopPrice, expireAtMs } = request
  const unsupported = (detail: string): Refusal => refused('UNSUPPORTED_ORDER', detail)
  if (side === 'sell' && 'quote' in size) return unsupported('a sale is sized in base')
  if ((type === 'market') === (limitPrice !== undefined)) return unsupported(`a ${type} order has ${type === 'market' ? 'no' : 'a'} limit price`)
  if ((type === 'stopLimit') !== (stopPrice !== undefined)) return unsupported(`a ${type} order has ${type === 'stopLimit' ? 'a' : 'no'} stop price`)
  if ((works === 'gtd') !== (expireAtMs !== undefined)) return unsupported('an end time and "gtd" go together')
  const may: readonly TimeInForce[] = type === 'market' ? ['ioc'] : type === 'stopLimit' ? ['gtc', 'gtd'] : ['gtc', 'gtd', 'ioc', 'fok']
  if (!may.includes(works)) return unsupported(`a ${type} order is ${may.join(' or ')}, not ${works}`)
  if (postOnly === true && (type !== 'limit' || works === 'ioc' || works === 'fok')) return unsupported('only a limit order that rests can be post-only')
  return undefined
}

function stateProblem(request: OrderRequest, { id, state }: Instrument): Refusal | undefined {
  const unfit = (): Refusal => refused('PRODUCT_NOT_TRADABLE', `${id} is ${state}`)
  switch (state) {
    case 'online':
      return undefined
    case 'limitOnly':
      return request.type === 'limit' ? undefined : unfit()
    case 'postOnly':
      return request.postOnly === true ? undefined : unfit()
    case 'cancelOnly':
    case 'delisted':
      return unfit()
    case 'halted':
      return refused('PRODUCT_HALTED', `${id} is halted`)
    default:
      return state satisfies never
  }
}

const timeProblem = ({ expireAtMs }: OrderRequest, venueMs: number): Refusal | undefined =>
  expireAtMs !== undefined && expireAtMs <= venueMs ? refused('END_TIME_IN_THE_PAST') : undefined

interface Prices {
  readonly limit: Decimal | undefined
  readonly stop: Decimal | undefined
}

function pricesOf({ side, limitPrice, stopPrice }: OrderRequest, { priceIncrement }: Instrument): Prices | Refusal {
  const rounded = (price: Decimal): Decimal => (side === 'buy' ? floorTo(price, priceIncrement) : ceilTo(price, priceIncrement))
  for (const price of [limitPrice, stopPrice])
    if (price !== undefined && !(isPositive(price) && isPositive(rounded(price))))
      return refused('INVALID_PRICE', `expected a price of at least ${decimalText(priceIncrement)}, received ${decimalText(price)}`)
  return { limit: limitPrice && rounded(limitPrice), stop: stopPrice && rounded(stopPrice) }
}

function sizeOf(request: OrderRequest, limit: Decimal | undefined, { instrument, takerRate }: TermsContext): Readonly<Record<string, string>> | Refusal {
  const { baseIncrement, quoteIncrement, minBase, minQuote, maxBase } = instrument
  const tooSmall = (least: Decimal, currency: string, received: Decimal): Refusal =>
    refused('SIZE_TOO_SMALL', `expected at least ${decimalText(least)} ${currency}, received ${decimalText(received)}`)
  const { size } = request
  const given = 'quote' in size ? size.quote : size.base
  if (!isPositive(given)) return refused('SIZE_TOO_SMALL', `expected a size above 0, received ${decimalText(given)}`)
  if ('quote' in size && limit === undefined) {
    const quote = floorTo(size.quote, quoteIncrement)
    return isPositive(quote) && !less(quote, minQuote) ? { quote_size: decimalText(quote) } : tooSmall(minQuote, instrument.quote, size.quote)
  }
  const base = 'base' in size ? floorTo(size.base, baseIncrement) : quantityFor(size.quote, limit!, takerRate!, baseIncrement)
  if (!isPositive(base) || less(base, minBase)) return tooSmall(minBase, instrument.base, given)
  if (limit !== undefined && less(multiply(base, limit), minQuote)) return tooSmall(minQuote, instrument.quote, multiply(base, limit))
  if (greater(base, maxBase)) return refused('SIZE_TOO_LARGE', `expected at most ${decimalText(maxBase)} ${instrument.base}, received ${decimalText(base)}`)
  return { base_size: decimalText(base) }
}

function configuration({ type, side, postOnly, expireAtMs }: OrderRequest, { limit, stop }: Prices): Readonly<Record<string, string | boolean>> {
  return {
    ...(limit && { limit_price: decimalText(limit) }),
    // The usual meaning of a stop: a purchase waits for a rise, a sale for a fall.
    ...(stop && { stop_price: decimalText(stop), stop_direction: side === 'buy' ? 'STOP_DIRECTION_STOP_UP' : 'STOP_DIRECTION_STOP_DOWN' }),
    ...(expireAtMs !== undefined && { end_time: isoTime(expireAtMs) }),
    ...(type === 'limit' && postOnly === true && { post_only: true }),
  }
}
