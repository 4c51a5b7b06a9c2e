import { amountOrUndefined, isZero } from '../amount.ts'
import type { Amount } from '../amount.ts'
import type { OrderTerms, Side, TimeInForce } from '../ledger/order.ts'
import type { Product } from '../market/products.ts'
import { rejections } from './rejection.ts'
import type { Rejection } from './rejection.ts'

/** What an order says, before it is looked at. */
export interface OrderRequest {
  readonly clientOrderId: string
  readonly portfolio: string
  readonly productId: string
  readonly side: string
  readonly configuration: Readonly<Record<string, unknown>>
}

type Shape = Pick<OrderTerms, 'type' | 'timeInForce'>

const shape = (type: OrderTerms['type'], timeInForce: TimeInForce): Shape => ({ type, timeInForce })

/** The configurations this venue trades. The others exist at the real one and are refused here as unsupported. */
const shapes: Readonly<Record<string, Shape>> = {
  market_market_ioc: shape('MARKET', 'IMMEDIATE_OR_CANCEL'),
  sor_limit_ioc: shape('LIMIT', 'IMMEDIATE_OR_CANCEL'),
  limit_limit_gtc: shape('LIMIT', 'GOOD_UNTIL_CANCELLED'),
  limit_limit_gtd: shape('LIMIT', 'GOOD_UNTIL_DATE_TIME'),
  limit_limit_fok: shape('LIMIT', 'FILL_OR_KILL'),
  stop_limit_stop_limit_gtc: shape('STOP_LIMIT', 'GOOD_UNTIL_CANCELLED'),
  stop_limit_stop_limit_gtd: shape('STOP_LIMIT', 'GOOD_UNTIL_DATE_TIME'),
}

type Fields = Readonly<Record<string, unknown>>

/** Reads side and configuration of an order for a product, or says why not. Sizes and prices are numbers then, but not yet ones the product takes. */
export function termsOf(request: OrderRequest, product: Product): OrderTerms | Rejection {
  if (request.side !== 'BUY' && request.side !== 'SELL') return rejections.invalidSide
  const [[name, value] = ['', undefined], ...more] = Object.entries(request.configuration)
  const found = shapes[name]
  if (found === undefined || more.length > 0 || typeof value !== 'object' || value === null) return rejections.unsupported
  const fields = value as Fields
  const sizes = sizesOf(found, request.side, fields)
  if ('error' in sizes) return sizes
  const prices = pricesOf(found, fields)
  if ('error' in prices) return prices
  const { clientOrderId, portfolio, configuration } = request
  const named = { clientOrderId, portfolio, configuration, product: product.id, book: product.book, base: product.base, quote: product.quote }
  return { ...named, side: request.side, ...found, ...sizes, ...prices, postOnly: fields['post_only'] === true }
}

function sizesOf(found: Shape, side: Side, fields: Fields): { readonly baseSize: Amount } | { readonly quoteSize: Amount } | Rejection {
  const { base_size, quote_size } = fields
  // By quote only purchases at the market are taken; by both, or none, nothing is.
  if ((base_size === undefined) === (quote_size === undefined)) return rejections.unsupported
  if (quote_size !== undefined && (side === 'SELL' || found.type !== 'MARKET')) return rejections.unsupported
  const size = amountOrUndefined(base_size ?? quote_size)
  if (size === undefined) return rejections.nonNumeric
  return quote_size === undefined ? { baseSize: size } : { quoteSize: size }
}

type Prices = Pick<OrderTerms, 'limitPrice' | 'stopPrice' | 'stopDirection' | 'endMs'>

function pricesOf({ type, timeInForce }: Shape, fields: Fields): Prices | Rejection {
  if (type === 'MARKET') return {}
  const limitPrice = amountOrUndefined(fields['limit_price'])
  if (limitPrice === undefined || isZero(limitPrice)) return rejections.invalidPrice
  const end = timeInForce === 'GOOD_UNTIL_DATE_TIME' ? endOf(fields['end_time']) : undefined
  if (end && 'error' in end) return end
  const until = end ?? {}
  if (type === 'LIMIT') return { limitPrice, ...until }
  const [stopPrice, stopDirection] = [amountOrUndefined(fields['stop_price']), fields['stop_direction']]
  if (stopPrice === undefined || isZero(stopPrice)) return rejections.stopPrecision
  if (stopDirection !== 'STOP_DIRECTION_STOP_UP' && stopDirection !== 'STOP_DIRECTION_STOP_DOWN') return rejections.unsupported
  return { limitPrice, stopPrice, stopDirection, ...until }
}

function endOf(value: unknown): { readonly endMs: number } | Rejection {
  const endMs = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(endMs) ? rejections.endTimeMissing : { endMs }
}
