import { Observable } from 'rxjs'
import type { CancelResult, Exchange, ExchangeCapabilities, SentBefore, SubmitResult } from '../../contracts/exchange.ts'
import type { VenueFill } from '../../model/fill.ts'
import { currenciesOf } from '../../model/instrument.ts'
import { money } from '../../model/money.ts'
import type { OrderRef, OrderRequest } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import { exactText } from './exact.ts'
import type { FaultyVenue } from './faulty-venue.ts'
import { LONGEST_LAG_MS } from './faulty-venue.ts'
import type { VenueExecution } from './venue-ledger.ts'

/** A look this long after the last sending is a proof of absence: nothing stays on its way or hidden for that long. */
const PROOF_MS = 2 * LONGEST_LAG_MS + 4_000
/** An answer that comes long after anybody's patience. */
const LATE_MS = 40_000

const capabilities: ExchangeCapabilities = {
  orderTypes: ['market', 'limit'],
  quoteSizedBuys: true,
  feeInsideQuoteSize: true,
  idempotentClientOrderId: true,
  lookupByClientOrderId: false,
}

/** A client's connection to a faulty venue: what is asked and answered is lost, late, refused, cut short or unreadable by the venue's plan. */
export function faultyExchange(venue: FaultyVenue): Exchange {
  const { plan, ledger, clock } = venue
  /** Time passes; false when the question failed. */
  const asked = async (): Promise<boolean> => {
    await pause(venue, 300)
    return !plan.hit('queryError')
  }
  return {
    id: 'faulty',
    environment: 'live',
    capabilities,
    instruments: async () => venue.instruments,
    submit: (request, signal, sentBefore) => submit(venue, request, signal, sentBefore),
    cancel: (ref, signal) => cancel(venue, ref, signal),
    async order(ref, sentBefore) {
      if (!(await asked())) return 'unknown'
      const order = venue.find(ref)
      if (order !== undefined && !venue.hidden.has(order.venueOrderId)) return venue.report(order)
      if (sentBefore === undefined) return 'unknown'
      const { firstSentAtMs, lastSentAtMs = firstSentAtMs } = sentBefore
      return clock.nowMs() - lastSentAtMs >= PROOF_MS ? 'notFound' : 'unknown'
    },
    async liveOrders() {
      if (!(await asked())) return { items: [], complete: false }
      // What one venue really did: no orders, and no error.
      if (plan.hit('emptyList')) return { items: [], complete: true }
      const live = [...ledger.orders.values()].filter(({ state, venueOrderId }) => state === 'open' && !venue.hidden.has(venueOrderId))
      const cut = plan.hit('incompleteList')
      return { items: live.slice(0, cut ? live.length >> 1 : live.length).map((order) => venue.report(order)), complete: !cut }
    },
    async orderHistory() {
      if (!(await asked())) return { items: [], complete: false }
      return {
        items: [...ledger.orders.values()].filter(({ venueOrderId }) => !venue.hidden.has(venueOrderId)).map((order) => venue.report(order)),
        complete: true,
      }
    },
    async fills(after) {
      const from = after === undefined ? 0 : Number(after)
      if (!(await asked())) return { items: [], complete: false, next: undefined }
      const all = venue.visibleFills.length
      const to = plan.hit('incompleteList') ? from + ((all - from) >> 1) : all
      return { items: venue.visibleFills.slice(from, to).map(fillOf), complete: to === all, next: String(to) }
    },
    async balances() {
      await pause(venue, 300)
      return ledger.currencies().map((currency) => ({
        currency,
        available: money(exactText(ledger.available(currency))),
        held: money(exactText(ledger.inHold(currency))),
      }))
    },
    feeRates: async () => ({ makerRate: money('0.005'), takerRate: money('0.005') }),
    events: () =>
      new Observable((subscriber) => {
        const listener: Parameters<typeof venue.listeners.add>[0] = (event) => subscriber.next(event)
        venue.listeners.add(listener)
        return () => venue.listeners.delete(listener)
      }),
    close: async () => undefined,
  }
}

const pause = (venue: FaultyVenue, longestMs: number): Promise<void> => new Promise((resolve) => venue.later(venue.plan.between(10, longestMs), resolve))

async function submit(venue: FaultyVenue, request: OrderRequest, signal: AbortSignal, sentBefore: SentBefore | undefined): Promise<SubmitResult> {
  const { plan } = venue
  if (sentBefore !== undefined) venue.probes++
  if (plan.hit('lostRequest')) return noAnswer(signal, 'the connection was reset')
  await pause(venue, 400)
  if (plan.hit('rateLimited')) return refusedAtTheDoor(sentBefore)
  if (plan.hit('errorBefore')) return { outcome: 'unknown', cause: '503' }
  const result = arrive(venue, request)
  if (plan.hit('errorAfter')) return { outcome: 'unknown', cause: '502' }
  if (plan.hit('lostReply')) return noAnswer(signal, 'the answer was lost')
  if (plan.hit('unreadable')) return { outcome: 'unknown', cause: 'half an answer' }
  await pause(venue, plan.hit('lateReply') ? LATE_MS : 400)
  return result
}

async function cancel(venue: FaultyVenue, ref: OrderRef, signal: AbortSignal): Promise<CancelResult> {
  const { plan } = venue
  if (plan.hit('lostRequest')) return noAnswer(signal, 'the connection was reset')
  await pause(venue, 400)
  const order = venue.find(ref)
  if (order === undefined) return { outcome: 'unknown', detail: 'not found' }
  if (plan.hit('cancelRace')) venue.fillRest(order)
  const over = order.state !== 'open'
  venue.finish(order, 'cancelled')
  if (plan.hit('lostReply')) return noAnswer(signal, 'the answer was lost')
  await pause(venue, 400)
  return { outcome: over ? 'tooLate' : 'cancelled' }
}

function arrive(venue: FaultyVenue, request: OrderRequest): SubmitResult {
  const known = venue.ledger.byClientId.get(request.clientOrderId)
  if (known !== undefined) return { outcome: 'accepted', venueOrderId: known.venueOrderId }
  if (venue.plan.hit('refused')) return { outcome: 'rejected', code: 'noLiquidity', detail: 'nobody is on the other side' }
  const order = venue.book(request)
  return order === undefined
    ? { outcome: 'rejected', code: 'insufficientFunds', detail: 'not enough for it' }
    : { outcome: 'accepted', venueOrderId: order.venueOrderId }
}

/** A refusal at the door says nothing of an earlier arrival. */
const refusedAtTheDoor = (sentBefore: SentBefore | undefined): SubmitResult =>
  sentBefore === undefined ? { outcome: 'rejected', code: 'rateLimited', detail: '429' } : { outcome: 'unknown', cause: '429' }

/** Nothing comes back: the client finds out by its own patience. */
const noAnswer = (signal: AbortSignal, cause: string): Promise<{ readonly outcome: 'unknown'; readonly cause: string; readonly detail: string }> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve({ outcome: 'unknown', cause, detail: cause }), { once: true }))

const fillOf = ({ fillId, venueOrderId, instrument, side, price, quantity, fee, atMs }: VenueExecution): VenueFill => ({
  fillId,
  venueOrderId,
  instrument,
  side,
  price: money(exactText(price)),
  quantity: money(exactText(quantity)),
  fee: { amount: money(exactText(fee)), currency: currenciesOf(instrument).quote },
  liquidity: 'taker',
  atMs: atMs as EpochMs,
})
