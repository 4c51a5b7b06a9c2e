import type { Decimal } from 'decimal.js'
import type { Observable } from 'rxjs'
import type { Environment } from '../model/environment.ts'
import type { VenueFill } from '../model/fill.ts'
import type { Instrument } from '../model/instrument.ts'
import type { Json } from '../model/json.ts'
import type { OrderRef, OrderReport, OrderRequest, OrderType, TimeInForce } from '../model/order.ts'
import type { EpochMs } from '../model/time.ts'
import type { Effect, KernelEvent, LinkEvent, OrderEvent } from './events.ts'

/** Accepted, definitively rejected, or unknown: a time-out, a disconnect or an unreadable answer is never a rejection. */
export type SubmitResult =
  | { readonly outcome: 'accepted'; readonly venueOrderId: string }
  | { readonly outcome: 'rejected'; readonly code: string; readonly detail: string }
  | { readonly outcome: 'unknown'; readonly cause: string }

/** What came of a wish to cancel; `unknown` is resolved by asking, never assumed. */
export interface CancelResult {
  readonly outcome: 'cancelled' | 'tooLate' | 'unknown'
  readonly detail?: string
}

/** `complete: false` is not "none": an empty incomplete list proves nothing. */
export interface Complete<T> {
  readonly items: readonly T[]
  readonly complete: boolean
}

/** What an exchange can do, so that nobody has to try. */
export interface ExchangeCapabilities {
  readonly orderTypes: readonly OrderType[]
  /** A market buy can be sized in quote. */
  readonly quoteSizedBuys: boolean
  /** The fee of such a buy comes out of its size; otherwise on top. */
  readonly feeInsideQuoteSize: boolean
  /** The same client order id makes one order, however often it is sent. */
  readonly idempotentClientOrderId: boolean
  /** An order can be asked for without the venue's id. */
  readonly lookupByClientOrderId: boolean
  /** Absent: those that the order types imply. */
  readonly timesInForce?: readonly TimeInForce[]
  /** An order that takes profit or stops, whichever comes first. */
  readonly bracketOrders?: boolean
  /** Price and size of a working order can be changed. */
  readonly orderEdits?: boolean
  /** The whole book, not only its best prices. */
  readonly fullBook?: boolean
}

/** When an order left for the first time: the venue may have it, whatever a later answer says. */
export interface SentBefore {
  readonly firstSentAtMs: EpochMs
  /** When it left for the last time, when that was later: a proof of absence counts from here. */
  readonly lastSentAtMs?: EpochMs
}

/** What a venue takes of the value of a fill: 0.009 is 0.9 %. */
export interface FeeRates {
  readonly makerRate: Decimal
  readonly takerRate: Decimal
}

/** What an account has of one currency, free and held by working orders. */
export interface Balance {
  readonly currency: string
  /** Free to be spent, in the currency's own units; `held`: promised to working orders. Together they are the balance. */
  readonly available: Decimal
  readonly held: Decimal
}

/** Where orders go. The plugin contract for venues. */
export interface Exchange {
  readonly id: string
  readonly environment: Environment
  readonly capabilities: ExchangeCapabilities
  instruments(): Promise<readonly Instrument[]>
  /** Name of the account that orders work on, as the venue tells it; absent or undefined: the venue does not tell. */
  account?(): Promise<string | undefined>
  /**
   * Throws only on a programmer's error. Sends once. The same request again is a probe, for venues with `idempotentClientOrderId` only: with `sentBefore` a
   * refusal is `rejected` only when the first sending cannot have been taken either.
   */
  submit(request: OrderRequest, signal: AbortSignal, sentBefore?: SentBefore): Promise<SubmitResult>
  cancel(order: OrderRef, signal: AbortSignal): Promise<CancelResult>
  /** `notFound` is a proof: every place was looked through, back to `sentBefore`, and the venue had time enough to show it. */
  order(ref: OrderRef, sentBefore?: SentBefore): Promise<OrderReport | 'notFound' | 'unknown'>
  /** Every order that may still fill, also those not on the book yet. */
  liveOrders(): Promise<Complete<OrderReport>>
  /** Every order of the account since a moment, with its terms, whatever became of it. Absent: what a journal lost with its end cannot be read back from this venue. */
  orderHistory?(sinceMs: EpochMs): Promise<Complete<OrderReport>>
  /**
   * Executions since a place that an earlier answer gave as `next`, oldest first; without one, of at least the last day where the venue keeps them. Some may
   * come again (their `fillId` tells), none may be left out, however late the venue shows it.
   */
  fills(after: string | undefined): Promise<Complete<VenueFill> & { readonly next: string | undefined }>
  balances(): Promise<readonly Balance[]>
  feeRates(): Promise<FeeRates>
  /** Never errors. */
  events(): Observable<OrderEvent | LinkEvent>
  close(): Promise<void>
}

/** What the venue must know to continue after a restart; folded from the journal. */
export interface VenueState {
  readonly balances: readonly Balance[]
  /** Orders the venue has accepted and not finished. */
  readonly working: readonly {
    readonly request: OrderRequest
    readonly venueOrderId: string
    readonly filledQuantity: Decimal
    readonly filledQuote: Decimal
    readonly acceptedAtMs: EpochMs
  }[]
  /** Next order and fill numbers, so that ids are never used twice. */
  readonly nextId: number
}

/** The simulated exchange: a synchronous state machine in the same total order; `paper()` wraps it as an Exchange. */
export interface SimulatedVenue {
  /** Answers carry their venue time in `atMs`, which may lie ahead of `nowMs` by the latency. */
  apply(event: KernelEvent | Effect, nowMs: EpochMs): readonly OrderEvent[]
  resume(state: VenueState): void
  feeRates(): FeeRates
  snapshot(): Json
  restore(state: Json): void
}

/** An exchange whose answers come from a synchronous machine, so that the engine drives it in the total order. */
export interface SimulatedExchange extends Exchange {
  readonly startingCash: Readonly<Record<string, Decimal>>
  /** Time from a request to its answer. */
  readonly latencyMs: number
  venue(instruments: readonly Instrument[]): SimulatedVenue
  /** A second venue like the first that nobody else sees: for making a past decision again. */
  replica(instruments: readonly Instrument[]): SimulatedVenue
}
