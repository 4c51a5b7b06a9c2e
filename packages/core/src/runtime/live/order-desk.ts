import { tap } from 'rxjs'
import type { Subscription } from 'rxjs'
import type { Clock } from '../../contracts/clock.ts'
import type { Effect, KernelEvent, LinkEvent, OrderEvent } from '../../contracts/events.ts'
import type { Exchange, SentBefore, SubmitResult } from '../../contracts/exchange.ts'
import type { OrderSide } from '../../engine/event-loop.ts'
import { isFinal } from '../../engine/order-machine.ts'
import type { Order } from '../../engine/order-machine.ts'
import { refOf, requestOf } from '../../engine/venue-state.ts'
import { EngineError } from '../../model/errors.ts'
import { ZERO, decimalText } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'
import type { OrderRef, OrderReport, OrderRequest, OrderState } from '../../model/order.ts'
import { withDeadline } from './deadline.ts'
import type { DeskHost } from './desk-host.ts'
import { FillFeed, QUESTION_MS, awaitsFills, isNameless } from './fill-feed.ts'
import { Looks, stamp } from './looks.ts'

/** Longest wait for the answer to an order; after it the order is unknown, never rejected. */
const SUBMIT_MS = 10_000
/** An order of which nothing is known is sent again, as a probe, in this span after it first left: late enough for a slow list, soon enough for its price. */
const PROBE_FROM_MS = 3_000
const PROBE_UNTIL_MS = 60_000
/** An order that was there and is not found any more is unknown after this long. */
const LOST_MS = 60_000
/** Fills of an order may be this late before a person is told. */
const UNSETTLED_MS = 5 * 60_000
const MOST_FOREIGN = 10_000

/**
 * The desk before a real venue: sends what the kernel asks for, finds out what came of it, and never guesses. Answers, whenever they come, enter the one total
 * order as events; what is unknown is asked for until it is known.
 */
export class OrderDesk implements OrderSide {
  readonly feed: FillFeed
  private readonly exchange: Exchange
  private readonly clock: Clock
  private readonly host: DeskHost
  private readonly looks: Looks
  private readonly sending = new Map<string, Promise<void>>()
  private readonly looking = new Set<string>()
  /** When probes left, in this run or at the latest in the one before. */
  private readonly sentAgain = new Map<string, EpochMs>()
  /** Orders that are to be cancelled as soon as that can be asked for, and since when. */
  private readonly toCancel = new Map<string, EpochMs>()
  private readonly cancelling = new Set<string>()
  /** Orders that were finished too early, and of which that was said. */
  private readonly strays = new Set<string>()
  private readonly unsettled = new Set<string>()
  /** Orders of others that were told already. */
  private readonly foreign = new Set<string>()
  private events: Subscription | undefined
  private closed = false

  constructor(exchange: Exchange, clock: Clock, host: DeskHost) {
    this.exchange = exchange
    this.clock = clock
    this.host = host
    this.feed = new FillFeed(exchange, clock, host)
    this.looks = new Looks(clock, (clientOrderId) => this.go(this.look(clientOrderId)))
  }

  /** Listens to the venue; `onLink` hears of its connection. What makes no sense fails the run. */
  listen(onLink: (event: LinkEvent) => void): void {
    const take = tap((event: OrderEvent | LinkEvent) => {
      if (event.type === 'report') this.take(event.report)
      else if (event.type === 'fill') this.go(this.feed.pull())
      else onLink(event)
    })
    this.events = this.exchange
      .events()
      .pipe(take)
      .subscribe({ error: (error) => this.host.failed(error) })
  }

  apply(event: KernelEvent | Effect): readonly OrderEvent[] {
    if (event.type === 'submit') this.send(event.request)
    else if (event.type === 'cancel') this.cancel(event.order)
    return []
  }

  readonly snapshot = noWayBack
  readonly restore = noWayBack

  /** Takes up the orders of the last run: what was written down and never announced as sent did not leave; of the others the venue is asked. */
  takeUp(): void {
    for (const order of [...this.host.books.working.values()]) {
      if (order.state === 'intent') this.takeIntent(order)
      else if (order.state === 'sent') this.report(order, { state: 'unknown', reason: 'the last run ended before the answer came' })
      this.looks.soon(order.clientOrderId)
      if (isNameless(order)) this.sentAgain.set(order.clientOrderId, this.host.nowMs())
    }
  }

  /** Where entries were lost, the one that says it left may be among them: then it is asked for, and never sent again. */
  private takeIntent(order: Order): void {
    if (this.host.books.lost?.open !== true) return this.report(order, { state: 'rejected', reason: 'NEVER_SENT' })
    this.toCancel.set(order.clientOrderId, this.host.nowMs())
    this.report(order, { state: 'sent' })
    this.report(order, { state: 'unknown', reason: 'the journal lost what came of it' })
  }

  /** Resolves when no order is on its way out. */
  async idle(): Promise<void> {
    while (this.sending.size > 0) await Promise.allSettled(this.sending.values())
  }

  /** Sends that no answer has ended yet. */
  isSending(clientOrderId: string): boolean {
    return this.sending.has(clientOrderId)
  }

  /** Takes what the venue says of an order, ours or not. */
  take(report: OrderReport): void {
    if (this.closed) return
    const order = this.ours(report.ref)
    if (order === undefined) return this.takeForeign(report)
    const ref = { ...report.ref, clientOrderId: order.clientOrderId, instrument: order.instrument }
    if (ref.venueOrderId !== undefined) this.feed.name(ref.venueOrderId, order.clientOrderId)
    const before = stamp(order)
    this.host.order({ type: 'report', report: { ...report, ref } })
    if (order.done) return this.forget(order)
    // Nothing new is no reason to ask again soon: resting orders would eat the budget.
    if (stamp(order) !== before) this.looks.soon(order.clientOrderId)
    if (awaitsFills(order)) this.go(this.feed.pull())
    if (this.toCancel.has(order.clientOrderId)) this.go(this.sendCancel(order))
  }

  /** An order that is finished in our books and works at the venue: its proof was wrong, and nobody waits for it. */
  takeBack(order: Order, report: OrderReport): void {
    const { clientOrderId, botId } = order
    const detail = `order ${clientOrderId} is ${order.state} in our books and works at the venue: it is cancelled there; fills of it are booked`
    if (!this.strays.has(clientOrderId)) this.host.account({ kind: 'alarm', code: 'ORDER_STRAY', detail, botId })
    this.strays.add(clientOrderId)
    if (report.ref.venueOrderId !== undefined) this.feed.name(report.ref.venueOrderId, clientOrderId)
    this.go(withDeadline(this.clock, SUBMIT_MS, (signal) => this.exchange.cancel(report.ref, signal)))
  }

  close(): void {
    this.closed = true
    this.events?.unsubscribe()
    this.looks.stop()
  }

  /** Nobody waits for these; a failure is a mistake of ours and ends the run. */
  private go(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.host.failed(error))
  }

  private ours({ clientOrderId, venueOrderId }: OrderRef): Order | undefined {
    const { orders } = this.host.books
    const known = orders.get(clientOrderId)
    if (known !== undefined || venueOrderId === undefined) return known
    const name = this.feed.nameOf(venueOrderId)
    return name === undefined ? undefined : orders.get(name)
  }

  private takeForeign(report: OrderReport): void {
    const id = report.ref.venueOrderId ?? report.ref.clientOrderId
    // The next comparison writes it down again.
    if (this.foreign.has(id) || this.host.lostOrder(report.ref.clientOrderId) !== undefined) return
    if (this.foreign.size >= MOST_FOREIGN) this.foreign.clear()
    this.foreign.add(id)
    this.host.order({ type: 'report', report })
  }

  private send(request: OrderRequest, probe?: SentBefore): void {
    const { clientOrderId } = request
    const sent = this.create(request, probe).finally(() => this.sending.delete(clientOrderId))
    this.sending.set(clientOrderId, sent)
    this.go(sent)
  }

  private async create(request: OrderRequest, probe?: SentBefore): Promise<void> {
    const mark = this.sentAgain.get(request.clientOrderId)
    const late = (result: SubmitResult): void => {
      // What refused this sending says nothing of a later one.
      if (result.outcome === 'accepted' || (result.outcome === 'rejected' && mark === this.sentAgain.get(request.clientOrderId)))
        this.takeSubmit(request, result)
    }
    const answer = await withDeadline(this.clock, SUBMIT_MS, (signal) => this.exchange.submit(request, signal, probe), late)
    this.takeSubmit(request, 'failure' in answer ? { outcome: 'unknown', cause: answer.failure } : answer.value)
  }

  private takeSubmit({ clientOrderId }: OrderRequest, result: SubmitResult): void {
    const order = this.host.books.orders.get(clientOrderId)
    if (this.closed || order === undefined || order.done) return
    if (result.outcome === 'accepted') {
      this.feed.name(result.venueOrderId, clientOrderId)
      this.report(order, { state: 'open', venueOrderId: result.venueOrderId })
    } else if (result.outcome === 'rejected') this.report(order, { state: 'rejected', reason: `${result.code}: ${result.detail}` })
    // It may be known by now from elsewhere.
    else if (isNameless(order)) this.report(order, { state: 'unknown', reason: result.cause })
    if (order.done) return this.forget(order)
    if (result.outcome === 'unknown') this.looks.later(clientOrderId)
    else this.looks.soon(clientOrderId)
    if (this.toCancel.has(clientOrderId)) this.go(this.sendCancel(order))
  }

  private report(order: Order, said: { readonly state: OrderState; readonly venueOrderId?: string; readonly reason?: string }): void {
    const { state, venueOrderId = order.venueOrderId, reason } = said
    const ref = { clientOrderId: order.clientOrderId, instrument: order.instrument, ...(venueOrderId === undefined ? {} : { venueOrderId }) }
    const report = { ref, state, filledQuantity: order.filledQuantity ?? ZERO, atMs: this.host.nowMs(), ...(reason === undefined ? {} : { reason }) }
    this.host.order({ type: 'report', report })
  }

  private cancel({ clientOrderId }: OrderRef): void {
    const order = this.host.books.orders.get(clientOrderId)
    if (order === undefined || order.done) return
    if (!this.toCancel.has(clientOrderId)) this.toCancel.set(clientOrderId, this.host.nowMs())
    this.go(this.sendCancel(order))
  }

  /** Asked for again until the order is at its end: asking twice does no harm. */
  private async sendCancel(order: Order): Promise<void> {
    const { clientOrderId } = order
    if (isFinal(order.state) || isNameless(order) || this.cancelling.has(clientOrderId)) return
    this.cancelling.add(clientOrderId)
    const answer = await withDeadline(this.clock, SUBMIT_MS, (signal) => this.exchange.cancel(refOf(order), signal))
    this.cancelling.delete(clientOrderId)
    if (this.closed || order.done) return
    if ('failure' in answer) this.host.link({ type: 'error', detail: `cancel of ${clientOrderId}: ${answer.failure}` })
    // Whatever the answer was: the order itself tells what came of it.
    if ('value' in answer && answer.value.outcome !== 'unknown') await this.look(clientOrderId)
    else this.looks.later(clientOrderId)
  }

  /** Asks the venue for one order, and for fills while some are missing. */
  async look(clientOrderId: string): Promise<void> {
    const order = this.host.books.orders.get(clientOrderId)
    if (this.closed || order === undefined || this.looking.has(clientOrderId)) return
    if (order.done) return this.forget(order)
    if (this.sending.has(clientOrderId)) return this.looks.later(clientOrderId)
    this.looking.add(clientOrderId)
    const before = stamp(order)
    await this.ask(order).finally(() => this.looking.delete(clientOrderId))
    if (this.closed) return
    if (order.done) return this.forget(order)
    if (stamp(order) === before) this.looks.later(clientOrderId)
    else this.looks.soon(clientOrderId)
  }

  private async ask(order: Order): Promise<void> {
    const { clientOrderId } = order
    if (!isFinal(order.state)) {
      const answer = await withDeadline(this.clock, QUESTION_MS, () => this.exchange.order(refOf(order), this.sentBefore(order)))
      if (this.closed || order.done) return
      if ('failure' in answer) this.host.link({ type: 'error', detail: `order ${clientOrderId}: ${answer.failure}` })
      else if (typeof answer.value === 'object') this.take(answer.value)
      else this.notFound(order, answer.value === 'notFound')
    }
    if (awaitsFills(order)) await this.feed.pull()
    this.watchSettling(order)
    if (this.toCancel.has(clientOrderId) && !order.done) this.go(this.sendCancel(order))
  }

  /** Not seen is not rejected: a list may lag. Only a proof ends it; where the venue tells repeats, the order itself is the question. */
  private notFound(order: Order, proven: boolean): void {
    const ageMs = this.host.nowMs() - this.sentBefore(order).firstSentAtMs
    if (order.venueOrderId !== undefined) {
      if (proven && ageMs >= LOST_MS) this.report(order, { state: 'unknown', reason: 'the venue does not find it any more' })
      return
    }
    if (proven) return this.report(order, { state: 'rejected', reason: 'NEVER_ARRIVED: it is in no list of the venue' })
    const mayProbe = this.exchange.capabilities.idempotentClientOrderId && !this.toCancel.has(order.clientOrderId)
    if (!mayProbe || ageMs < PROBE_FROM_MS || ageMs > PROBE_UNTIL_MS || this.host.books.halted) return
    if (!this.host.probe(order)) return
    const before = this.sentBefore(order)
    this.sentAgain.set(order.clientOrderId, this.host.nowMs())
    this.send(requestOf(order), before)
  }

  private sentBefore({ clientOrderId, sentAtMs, createdAtMs }: Order): SentBefore {
    const lastSentAtMs = this.sentAgain.get(clientOrderId)
    return { firstSentAtMs: (sentAtMs ?? createdAtMs) as EpochMs, ...(lastSentAtMs === undefined ? {} : { lastSentAtMs }) }
  }

  /** Fills that do not come, or an end that was asked for, keep the bot, its money and the comparison of balances waiting: a person must know. */
  private watchSettling(order: Order): void {
    const { clientOrderId, botId, instrument, state, filledQuantity, bookedQuantity } = order
    const sinceMs = awaitsFills(order) ? Math.max(order.updatedAtMs, order.lastFillMs) : (this.toCancel.get(clientOrderId) ?? Number.POSITIVE_INFINITY)
    if (this.host.nowMs() - sinceMs < UNSETTLED_MS || this.unsettled.has(clientOrderId)) return
    this.unsettled.add(clientOrderId)
    const asked = this.toCancel.has(clientOrderId) ? ', its cancel was asked for' : ''
    const amounts = `${decimalText(filledQuantity)} filled, fills of ${decimalText(bookedQuantity)} told${asked}`
    this.host.account({ kind: 'alarm', code: 'ORDER_UNSETTLED', detail: `${instrument}: order ${clientOrderId} is ${state} at the venue, ${amounts}`, botId })
  }

  private forget({ clientOrderId }: Order): void {
    this.unsettled.delete(clientOrderId)
    this.looks.drop(clientOrderId)
    this.toCancel.delete(clientOrderId)
    this.sentAgain.delete(clientOrderId)
  }
}

const noWayBack = (): never => {
  throw new EngineError('NOT_EXPLAINABLE', 'a real venue cannot be put back to how it was')
}
