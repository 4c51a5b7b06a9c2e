import type { Decimal } from 'decimal.js'
import { Subject, type Observable } from 'rxjs'
import type { Effect, KernelEvent, LinkEvent, OrderEvent } from '../contracts/events.ts'
import type {
  Balance,
  CancelResult,
  Complete,
  ExchangeCapabilities,
  FeeRates,
  SimulatedExchange,
  SimulatedVenue,
  SubmitResult,
  VenueState,
} from '../contracts/exchange.ts'
import { EngineError } from '../model/errors.ts'
import type { VenueFill } from '../model/fill.ts'
import type { Instrument } from '../model/instrument.ts'
import type { Json } from '../model/json.ts'
import type { MoneyInput } from '../model/money.ts'
import type { OrderRef, OrderReport, OrderRequest } from '../model/order.ts'
import type { EpochMs } from '../model/time.ts'
import { rejectionReasons, type RejectionReason } from './simulated-venue/reasons.ts'
import { createSimulatedVenue, type SimulatedVenueMachine } from './simulated-venue/simulated-venue.ts'
import { parseCash, parseFillModel, type FillModelOptions } from './simulated-venue/venue-options.ts'

/** How the paper exchange starts and fills. */
export interface PaperOptions extends FillModelOptions {
  /** Starting balances by currency, >= 0: decimal strings, or numbers of at most 15 digits. */
  readonly cash: Readonly<Record<string, MoneyInput>>
}

/** Fills that `fills()` remembers. */
const FILLS_KEPT = 10_000

const capabilities: ExchangeCapabilities = {
  orderTypes: ['market', 'limit'],
  quoteSizedBuys: true,
  feeInsideQuoteSize: true,
  idempotentClientOrderId: true,
  lookupByClientOrderId: true,
}

/**
 * Makes a paper exchange: real market data, simulated fills, no key and no socket. The engine drives its venue in the total order of events;
 * the asynchronous methods work on the same venue, for use by hand: what they are asked happens at the time of the last event the venue saw.
 *
 * @throws ConfigError with every problem of the options
 * @example
 * ```ts
 * const exchange = paper({ cash: { USD: '1000' } })
 * exchange.environment // => 'paper'
 * decimalText(exchange.startingCash['USD']!) // => '1000'
 * ```
 */
export const paper = (options: PaperOptions): SimulatedExchange => new PaperExchange(options)

class PaperExchange implements SimulatedExchange {
  readonly id = 'paper'
  readonly environment = 'paper'
  readonly capabilities = capabilities
  readonly startingCash: Readonly<Record<string, Decimal>>
  readonly latencyMs: number
  private readonly options: PaperOptions
  private readonly rates: FeeRates
  private readonly subject = new Subject<OrderEvent | LinkEvent>()
  private listed: readonly Instrument[] = []
  private recorded: RecordedVenue | undefined
  private closed = false

  constructor(options: PaperOptions) {
    this.startingCash = parseCash(options.cash, 'paper.cash')
    const { makerRate, takerRate, latencyMs } = parseFillModel(options, 'paper')
    this.latencyMs = latencyMs
    this.rates = { makerRate, takerRate }
    this.options = options
  }

  /** A venue with the starting cash; the asynchronous methods work on the one made last. */
  venue(instruments: readonly Instrument[]): SimulatedVenue {
    this.listed = instruments
    this.recorded = new RecordedVenue(createSimulatedVenue({ ...this.options, instruments }), this.subject)
    return this.recorded
  }

  replica(instruments: readonly Instrument[]): SimulatedVenue {
    return createSimulatedVenue({ ...this.options, instruments })
  }

  async instruments(): Promise<readonly Instrument[]> {
    return this.listed
  }

  async submit(request: OrderRequest, signal: AbortSignal): Promise<SubmitResult> {
    const { machine, nowMs, apply } = this.open()
    if (signal.aborted) return { outcome: 'unknown', cause: 'aborted before it was sent' }
    apply({ type: 'submit', request }, nowMs)
    const report = machine.report(request.clientOrderId)!
    if (report.state !== 'rejected') return { outcome: 'accepted', venueOrderId: report.ref.venueOrderId! }
    const code = report.reason as RejectionReason
    return { outcome: 'rejected', code, detail: rejectionReasons[code] }
  }

  async cancel(order: OrderRef, signal: AbortSignal): Promise<CancelResult> {
    const { machine, nowMs, apply } = this.open()
    if (signal.aborted) return { outcome: 'unknown', detail: 'aborted before it was sent' }
    const before = machine.report(order.clientOrderId)
    if (!before) return { outcome: 'unknown', detail: `the venue knows no order ${order.clientOrderId}` }
    if (before.state !== 'open' && before.state !== 'partiallyFilled') return { outcome: 'tooLate', detail: `the order is ${before.state}` }
    apply({ type: 'cancel', order }, nowMs)
    return { outcome: 'cancelled' }
  }

  async order(ref: OrderRef): Promise<OrderReport | 'notFound' | 'unknown'> {
    return this.driven().machine.report(ref.clientOrderId) ?? 'notFound'
  }

  async liveOrders(): Promise<Complete<OrderReport>> {
    return { items: this.driven().machine.liveOrders(), complete: true }
  }

  /** Oldest first, after a `next` of an earlier answer; the last 10,000 are remembered, and the answer says when that was not enough. */
  async fills(after: string | undefined): Promise<Complete<VenueFill> & { readonly next: string | undefined }> {
    return this.driven().fillsAfter(after)
  }

  async balances(): Promise<readonly Balance[]> {
    return this.driven().machine.balances()
  }

  async feeRates(): Promise<FeeRates> {
    return this.rates
  }

  events(): Observable<OrderEvent | LinkEvent> {
    return this.subject.asObservable()
  }

  async close(): Promise<void> {
    this.closed = true
    this.subject.complete()
  }

  /** The venue for something that would change it: nothing leaves a closed exchange. */
  private open(): RecordedVenue {
    if (this.closed) throw new EngineError('NOT_RUNNING', 'the paper exchange is closed: nothing is sent any more')
    return this.driven()
  }

  private driven(): RecordedVenue {
    if (!this.recorded) throw new EngineError('NOT_RUNNING', 'the paper exchange has no venue yet: call venue(instruments) first')
    return this.recorded
  }
}

/** The venue as the engine drives it; keeps time and fills, and passes on what happens. */
class RecordedVenue implements SimulatedVenue {
  readonly machine: SimulatedVenueMachine
  nowMs = 0 as EpochMs
  private readonly subject: Subject<OrderEvent | LinkEvent>
  private fills: VenueFill[] = []
  private dropped = 0

  constructor(machine: SimulatedVenueMachine, subject: Subject<OrderEvent | LinkEvent>) {
    this.machine = machine
    this.subject = subject
  }

  readonly apply = (event: KernelEvent | Effect, nowMs: EpochMs): readonly OrderEvent[] => {
    this.nowMs = nowMs
    const answers = this.machine.apply(event, nowMs)
    if (answers.length > 0) this.record(answers)
    return answers
  }

  fillsAfter(cursor: string | undefined): Complete<VenueFill> & { readonly next: string | undefined } {
    const total = this.dropped + this.fills.length
    const from = cursor === undefined ? 0 : Number(cursor)
    if (!Number.isSafeInteger(from) || from < 0 || from > total) throw new RangeError(`expected a cursor that fills() gave, received ${JSON.stringify(cursor)}`)
    return { items: this.fills.slice(Math.max(0, from - this.dropped)), complete: from >= this.dropped, next: String(total) }
  }

  resume(state: VenueState): void {
    this.machine.resume(state)
  }

  feeRates(): FeeRates {
    return this.machine.feeRates()
  }

  snapshot(): Json {
    return this.machine.snapshot()
  }

  restore(state: Json): void {
    this.machine.restore(state)
  }

  private record(answers: readonly OrderEvent[]): void {
    for (const answer of answers) {
      if (answer.type === 'fill') this.fills.push(answer.fill)
      if (this.subject.observed) this.subject.next(answer)
    }
    // Cut in halves, not one by one.
    if (this.fills.length < 2 * FILLS_KEPT) return
    this.dropped += this.fills.length - FILLS_KEPT
    this.fills = this.fills.slice(-FILLS_KEPT)
  }
}
