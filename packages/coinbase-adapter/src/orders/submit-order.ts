import type { Clock, Instrument, OrderRef, OrderReport, OrderRequest, SentBefore, SubmitResult } from '@millrace/core'
import type { Decimal } from 'decimal.js'
import { CoinbaseError } from '../rest/coinbase-error.ts'
import type { RestClient } from '../rest/rest-client.ts'
import { createAnswerSchema } from '../wire/order-answers.ts'
import type { CreateAnswer } from '../wire/order-answers.ts'
import { problemOf } from '../wire/values.ts'
import { sameBook } from './instrument-names.ts'
import type { KnownOrders } from './known-orders.ts'
import { needsFeeRate, termsOf } from './order-terms.ts'
import type { OrderTerms } from './order-terms.ts'
import { refusalOf, refused, rejectionOf } from './rejection.ts'
import type { Refusal } from './rejection.ts'

export interface SubmitParts {
  readonly rest: RestClient
  readonly clock: Clock
  readonly offsetMs: () => number
  readonly known: KnownOrders
  /** The instrument with the rules of this moment; undefined when the venue lists no such one. */
  readonly instrument: (id: string) => Promise<Instrument | undefined>
  readonly takerRate: () => Promise<Decimal>
  readonly find: (ref: OrderRef, sentBefore?: SentBefore) => Promise<OrderReport | 'notFound' | 'unknown'>
  /** The venue did not take what our rules allow: they are old. */
  readonly rulesAreOld: () => void
}

/** An order that would wait longer for the budget of requests is not sent: its price grows old. */
const PATIENCE_MS = 5_000

type Answer = Exclude<SubmitResult, { readonly outcome: 'rejected' }> | Refusal

const unknown = (cause: string): Answer => ({ outcome: 'unknown', cause })

/**
 * Sends an order, once. What cannot be valid is refused without sending. A repeated sending is the probe for an order whose fate is unknown: the venue answers with
 * the order it has, and whatever else it says is held against the order lists before it counts as a refusal.
 */
export async function submitOrder(parts: SubmitParts, request: OrderRequest, signal: AbortSignal, sentBefore?: SentBefore): Promise<SubmitResult> {
  const { clientOrderId } = request
  for (let first = parts.known.ofClient(clientOrderId)?.sending; first !== undefined; first = parts.known.ofClient(clientOrderId)?.sending)
    await first.catch(() => undefined)
  const repeated = sentBefore !== undefined || parts.known.ofClient(clientOrderId)?.mayExist === true
  const order = parts.known.leaving(request, parts.clock.nowMs())
  // What is noted here is noted before anybody who waits for this sending goes on.
  const sending = sendOnce(parts, request, signal)
    .then((answer) => {
      if (answer.outcome !== 'rejected' || answer.code === 'DUPLICATE_CLIENT_ORDER_ID') order.mayExist = true
      return answer
    })
    .finally(() => (order.sending = undefined))
  order.sending = sending
  const answer = await sending
  const isDoubtful = answer.outcome === 'rejected' && (repeated || order.mayExist)
  const result = isDoubtful ? await doubted(parts, request, answer, sentBefore) : answer
  if (result.outcome === 'accepted') parts.known.accepted(clientOrderId, result.venueOrderId)
  return result
}

async function sendOnce(parts: SubmitParts, request: OrderRequest, signal: AbortSignal): Promise<Answer> {
  const terms = await prepare(parts, request)
  return 'outcome' in terms ? terms : send(parts, request, terms, signal)
}

/** Everything that is needed before an order can leave; that it cannot be had is a refusal as well, since nothing left. */
export async function prepare(parts: Omit<SubmitParts, 'known' | 'find'>, request: OrderRequest): Promise<OrderTerms | Refusal> {
  let instrument: Instrument | undefined
  let takerRate: Decimal | undefined
  try {
    instrument = await parts.instrument(request.instrument)
    takerRate = needsFeeRate(request) ? await parts.takerRate() : undefined
  } catch (error) {
    return refused('NOT_SENT', `the rules of ${request.instrument} are not known: ${messageOf(error)}`)
  }
  if (instrument === undefined) return refused('UNKNOWN_PRODUCT', `the venue lists no ${request.instrument}`)
  return termsOf(request, { instrument, takerRate, venueMs: parts.clock.nowMs() + parts.offsetMs() })
}

async function send(parts: SubmitParts, request: OrderRequest, terms: OrderTerms, signal: AbortSignal): Promise<Answer> {
  let body: unknown
  try {
    body = await parts.rest.post('/orders', { client_order_id: request.clientOrderId, ...terms }, signal, PATIENCE_MS)
  } catch (error) {
    // Called off before it left: the venue was never asked, and the caller knows why.
    if (signal.aborted && error instanceof CoinbaseError && !error.mayHaveArrived) return unknown(error.message)
    return ofError(error)
  }
  const answer = createAnswerSchema.safeParse(body)
  if (!answer.success) return unknown(`the answer to the order cannot be read: ${problemOf(answer.error)}`)
  if (answer.data.success) return accepted(answer.data, request, terms)
  const refusal = refusalOf(answer.data)
  if (suspicious.has(refusal.code)) parts.rulesAreOld()
  return refusal
}

/** Refusals that our own checks should have made. */
const suspicious: ReadonlySet<string> = new Set([
  'UNKNOWN_PRODUCT',
  'PRODUCT_NOT_TRADABLE',
  'PRODUCT_HALTED',
  'INVALID_SIZE_PRECISION',
  'INVALID_PRICE_PRECISION',
  'SIZE_TOO_SMALL',
  'SIZE_TOO_LARGE',
])

/** An answer that names another order says nothing of ours. */
function accepted({ success_response: said }: CreateAnswer, request: OrderRequest, terms: OrderTerms): Answer {
  if (!said?.order_id) return unknown('the venue took an order without naming it')
  if (said.client_order_id !== request.clientOrderId)
    return unknown(`the venue took order ${String(said.client_order_id)}, which is not ${request.clientOrderId}`)
  if ((said.product_id && !sameBook(said.product_id, terms.product_id)) || (said.side && said.side !== terms.side))
    return unknown(`the venue took a ${said.side} of ${said.product_id}, not this ${terms.side} of ${terms.product_id}`)
  return { outcome: 'accepted', venueOrderId: said.order_id }
}

/**
 * Which failures prove that an order was not taken: nothing left; the key (401, 403) or the number of requests (429) was refused, which is decided before the order is
 * read; or the venue says in its own words what is wrong with the request (400, 404, 422). Everything else leaves it open.
 */
function ofError(error: unknown): Answer {
  if (!(error instanceof CoinbaseError)) return unknown(messageOf(error))
  const { kind, status, code, message } = error
  if (!error.mayHaveArrived) return refused('NOT_SENT', message)
  switch (kind) {
    case 'unauthorized':
      return refused('UNAUTHORIZED', message)
    case 'forbidden':
      return refused('FORBIDDEN', message)
    case 'rateLimited':
      return refused('RATE_LIMITED', message)
    case 'invalid':
    case 'notFound':
      if (code === '' || (status !== 400 && status !== 404 && status !== 422)) return unknown(message)
      return refused(rejectionOf(code) === 'UNKNOWN_REASON' ? 'INVALID_REQUEST' : rejectionOf(code), message)
    case 'network':
    case 'unreadable':
    case 'venue':
      return unknown(message)
    default:
      return kind satisfies never
  }
}

/** Words that come before the venue looks at the order, or from ourselves: they say nothing of an earlier sending. */
const unheard: ReadonlySet<string> = new Set(['NOT_SENT', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMITED'])

/** A refusal of an order that may be at the venue already. It counts only when the venue looked at it and its lists, complete and old enough, do not have it. */
async function doubted(parts: SubmitParts, request: OrderRequest, refusal: Refusal, sentBefore: SentBefore | undefined): Promise<Answer> {
  const { clientOrderId, instrument } = request
  const doubt = unknown(`the order may have been sent before, and repeating it brought ${refusal.code}: ${refusal.detail}`)
  if (unheard.has(refusal.code)) return doubt
  const found = await parts.find({ clientOrderId, instrument }, sentBefore)
  if (typeof found !== 'string') return found.ref.venueOrderId === undefined ? doubt : { outcome: 'accepted', venueOrderId: found.ref.venueOrderId }
  return found === 'notFound' && refusal.code !== 'DUPLICATE_CLIENT_ORDER_ID' ? refusal : doubt
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
