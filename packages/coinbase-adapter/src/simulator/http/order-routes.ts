import { z } from 'zod'
import { add, sub, text } from '../amount.ts'
import type { Amount } from '../amount.ts'
import { bestOf } from '../matching/book.ts'
import { cancel, place } from '../matching/orders.ts'
import { asPlanned } from '../matching/plan.ts'
import type { Rejection } from '../matching/rejection.ts'
import { check } from '../matching/validate.ts'
import { uuidOf } from '../random.ts'
import { invalid, ok } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Route, RouteRequest } from './route.ts'

/** Ids that one request may cancel. */
const MOST_CANCELS = 100

const configuration = z.record(z.string(), z.unknown()).refine((value) => Object.keys(value).length === 1, { message: 'expected exactly one configuration' })
const previewBody = z.object({ product_id: z.string(), side: z.string(), order_configuration: configuration, retail_portfolio_id: z.string().optional() })
const orderBody = previewBody.extend({ client_order_id: z.string().min(1).max(128) })
const cancelBody = z.object({ order_ids: z.array(z.string()).min(1) })

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw invalid(`${issue!.path.join('.') || 'body'}: ${issue!.message}`)
}

/** A key orders for its own portfolio only; another one named in the body is no account of it. */
function checkPortfolio(asked: string | undefined, portfolio: string): void {
  if (asked !== undefined && asked !== '' && asked !== portfolio) throw invalid('account is not available')
}

export const rejected = (rejection: Rejection, order_configuration: unknown): Answer =>
  ok({
    success: false,
    error_response: {
      error: rejection.error,
      message: rejection.message,
      error_details: '',
      preview_failure_reason: rejection.preview,
      new_order_failure_reason: rejection.error,
    },
    order_configuration,
  })

function create({ service, body, portfolio, key }: RouteRequest): Answer {
  const order = parsed(orderBody, body)
  checkPortfolio(order.retail_portfolio_id, portfolio)
  const { client_order_id, product_id, side, order_configuration } = order
  const placed = place(service.venue, { clientOrderId: client_order_id, portfolio, productId: product_id, side, configuration: order_configuration }, key!.name)
  if ('rejection' in placed) return rejected(placed.rejection, order_configuration)
  const success_response = { order_id: placed.order.id, product_id: placed.order.product, side: placed.order.side, client_order_id }
  return ok({ success: true, success_response, order_configuration: placed.order.configuration })
}

/** Says what an order would cost at what the book shows now. */
function preview({ service: { venue, defaultPortfolio }, body, portfolio }: RouteRequest): Answer {
  const { product_id, side, order_configuration, retail_portfolio_id } = parsed(previewBody, body)
  checkPortfolio(retail_portfolio_id, portfolio)
  const checked = check(venue, { clientOrderId: '', portfolio, productId: product_id, side, configuration: order_configuration })
  const product = venue.products.get(product_id)
  const book = product && venue.books.get(product.book)
  const best = { best_bid: priceOf(book && bestOf(book, 'BUY')), best_ask: priceOf(book && bestOf(book, 'SELL')) }
  const rest = {
    ...{ warning: [], ...best, is_max: false, order_margin_total: '0', leverage: '', long_leverage: '', short_leverage: '', slippage: '0' },
    preview_id: uuidOf(venue.seed, 'preview', defaultPortfolio, venue.clock.nowMs()),
    ...{ current_liquidation_buffer: '', projected_liquidation_buffer: '', max_leverage: '', pnl_configuration: {} },
  }
  if ('error' in checked) return ok({ order_total: '0', commission_total: '0', errs: [checked.preview], quote_size: '0', base_size: '0', ...rest })
  const { quantity, value, fee } = asPlanned(book!, checked, venue.rates.taker)
  const total = checked.terms.side === 'BUY' ? add(value, fee) : sub(value, fee)
  return ok({ order_total: text(total), commission_total: text(fee), errs: [], quote_size: text(value), base_size: text(quantity), ...rest })
}

const priceOf = (level: { readonly price: Amount } | undefined): string => (level === undefined ? '' : text(level.price))

function batchCancel({ service, body, portfolio }: RouteRequest): Answer {
  const { order_ids } = parsed(cancelBody, body)
  if (order_ids.length > MOST_CANCELS) throw invalid(`Too many orderIDs entered, limit is ${MOST_CANCELS}`)
  const results = order_ids.map((order_id) => {
    const answer = cancel(service.venue, portfolio, order_id)
    return { success: answer.success, failure_reason: answer.success ? 'UNKNOWN_CANCEL_FAILURE_REASON' : answer.reason, order_id }
  })
  // Not in the order of the question: they are to be matched by id.
  return ok({ results: results.toReversed() })
}

/** This venue changes no orders; the answer is the one that the real one has for those it will not change. */
const edit = (): Answer =>
  ok({ success: false, errors: [{ edit_failure_reason: 'COMMANDER_REJECTED_EDIT_ORDER', preview_failure_reason: 'UNKNOWN_PREVIEW_FAILURE_REASON' }] })

/** What creates, previews and cancels. */
export const orderRoutes: readonly Route[] = [
  { method: 'POST', path: '/orders', permission: 'canTrade', answer: create },
  { method: 'POST', path: '/orders/preview', permission: 'canView', answer: preview },
  { method: 'POST', path: '/orders/batch_cancel', permission: 'canTrade', answer: batchCancel },
  { method: 'POST', path: '/orders/edit', permission: 'canTrade', answer: edit },
  { method: 'POST', path: '/orders/edit_preview', permission: 'canTrade', answer: edit },
]
