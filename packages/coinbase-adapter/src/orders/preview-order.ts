import type { OrderRequest } from '@millrace/core'
import type { Decimal } from 'decimal.js'
import { CoinbaseError } from '../rest/coinbase-error.ts'
import { previewSchema } from '../wire/order-answers.ts'
import { problemOf } from '../wire/values.ts'
import { refused, rejectionOf } from './rejection.ts'
import type { Refusal } from './rejection.ts'
import { prepare } from './submit-order.ts'
import type { SubmitParts } from './submit-order.ts'

/** What would come of an order now, as the venue works it out. Nothing is placed. */
export interface OrderPreview {
  readonly previewId: string | undefined
  /** Quote amount with the fee. */
  readonly total: Decimal | undefined
  /** Quote units. */
  readonly fee: Decimal | undefined
  /** Value before the fee, in quote. */
  readonly quoteSize: Decimal | undefined
  /** Base units. */
  readonly baseSize: Decimal | undefined
  /** Quote units for one base unit, when the venue was asked; so is `bestAsk`. */
  readonly bestBid: Decimal | undefined
  readonly bestAsk: Decimal | undefined
  /** As the venue tells it; its documents name no unit. */
  readonly slippage: Decimal | undefined
  /** Why the order would be rejected; empty when it would be taken. */
  readonly refusals: readonly Refusal[]
  /** In the venue's words. */
  readonly warnings: readonly string[]
}

/**
 * Asks the venue what an order would do.
 *
 * @throws CoinbaseError when there is no readable answer
 */
export async function previewOrder(parts: Omit<SubmitParts, 'known' | 'find'>, request: OrderRequest, signal: AbortSignal): Promise<OrderPreview> {
  const terms = await prepare(parts, request)
  if ('outcome' in terms) return { ...previewOf(previewSchema.parse({})), refusals: [terms] }
  const answer = previewSchema.safeParse(await parts.rest.post('/orders/preview', terms, signal))
  if (!answer.success) throw new CoinbaseError('unreadable', `preview: ${problemOf(answer.error)}`)
  return previewOf(answer.data)
}

const previewOf = (answer: ReturnType<typeof previewSchema.parse>): OrderPreview => ({
  previewId: answer.preview_id || undefined,
  total: answer.order_total,
  fee: answer.commission_total,
  quoteSize: answer.quote_size,
  baseSize: answer.base_size,
  bestBid: answer.best_bid,
  bestAsk: answer.best_ask,
  slippage: answer.slippage,
  refusals: answer.errs.map((word) => refused(rejectionOf(word), word)),
  warnings: answer.warning,
})
