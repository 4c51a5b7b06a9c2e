import { FLATTEN_SOURCE } from '../safety/emergency-latch.ts'
import type { Alert } from '../contracts/engine.ts'
import type { AccountEvent, Command, Effect, LinkEvent, MarketEvent, OrderEvent } from '../contracts/events.ts'
import type { SimulatedVenue } from '../contracts/exchange.ts'
import type { FillResult } from '../ledger/own-fill.ts'
import type { JournalEntry } from '../contracts/journal.ts'
import type { Decision } from '../model/decision.ts'
import type { Json } from '../model/json.ts'
import { ZERO } from '../model/money.ts'
import type { OrderRef } from '../model/order.ts'
import type { EpochMs } from '../model/time.ts'
import type { InputTap } from './input-tap.ts'
import type { TradingKernel } from './kernel.ts'
import type { KernelOutputs } from './kernel-state.ts'
import type { Order } from './order-machine.ts'
import { TotalOrder } from './total-order.ts'
import type { Pending } from './total-order.ts'

/** What surrounds the loop: the journal before the effects, the outputs after. */
export interface LoopHost {
  /**
   * Makes entries durable. `sending` is true for the entry that says an order is about to leave; answering false then
   * keeps the order from leaving (the latch is set).
   */
  commit(entries: readonly JournalEntry[], sending: boolean): boolean
  order?(order: Order): void
  fill?(result: FillResult, order: Order): void
  alert?(alert: Alert): void
}

/** Where orders go: a simulated venue, whose answers come back at once with their time, or a desk before a real one, whose answers come from outside later. */
export type OrderSide = Pick<SimulatedVenue, 'apply' | 'snapshot' | 'restore'>

/** Venue and queue at one moment between events; the kernel has its own snapshot. */
export interface LoopSnapshot {
  readonly venue: Json
  readonly ahead: readonly Pending[]
}

/**
 * Drives kernel and simulated venue in one total order: answers of the venue before timers before market events, each at
 * its time. Backtest, paper and the public operators all run through it.
 */
export class EventLoop implements KernelOutputs {
  readonly kernel: TradingKernel
  private readonly venue: OrderSide
  private readonly host: LoopHost
  private readonly ahead = new TotalOrder()
  private entries: JournalEntry[] = []
  private effects: Effect[] = []
  /** Set while somebody looks at decisions. */
  decision: ((decision: Decision) => void) | undefined
  /** True on a live market: what happens late happens at the time it happens, so that a late grid point is seen to be late. */
  wall = false
  /** Set while a run is recorded: told everything that comes from outside, before it is handled. */
  tap: InputTap | undefined
  readonly order?: (order: Order) => void
  readonly fill?: (result: FillResult, order: Order) => void
  readonly alert?: (alert: Alert) => void

  constructor(kernel: TradingKernel, venue: OrderSide, host: LoopHost) {
    this.kernel = kernel
    this.venue = venue
    this.host = host
    if (host.order !== undefined) this.order = (order) => host.order!(order)
    if (host.fill !== undefined) this.fill = (result, order) => host.fill!(result, order)
    if (host.alert !== undefined) this.alert = (alert) => host.alert!(alert)
  }

  snapshot(): LoopSnapshot {
    return { venue: this.venue.snapshot(), ahead: this.lyingAhead() }
  }

  /** Answers and timers that are not due yet. */
  lyingAhead(): readonly Pending[] {
    return this.ahead.snapshot()
  }

  restore({ venue, ahead }: LoopSnapshot): void {
    this.venue.restore(venue)
    this.ahead.restore(ahead)
  }

  entry(entry: JournalEntry): void {
    this.entries.push(entry)
  }

  effect(effect: Effect): void {
    this.effects.push(effect)
  }

  /** Time of the next answer or timer; Infinity when none is known. */
  get nextMs(): number {
    return this.ahead.nextMs
  }

  /** One event of the market: the venue sees it first, everything due by then happens, then the kernel takes it. */
  market(event: MarketEvent, nowMs: EpochMs): void {
    if (this.tap !== undefined) this.tap({ kind: 'market', event }, nowMs)
    this.beforeMarket(event, nowMs)
    this.kernel.step(event, nowMs, this)
    if (this.entries.length > 0 || this.effects.length > 0) this.finishStep(nowMs)
  }

  /** Lets the venue see an event and everything due by then happen. */
  beforeMarket(event: MarketEvent, nowMs: EpochMs): void {
    const answers = this.venue.apply(event, nowMs)
    if (answers.length > 0) this.expect(answers)
    if (this.ahead.nextMs <= nowMs) this.due(nowMs)
  }

  command(command: Command, nowMs: EpochMs): void {
    this.tap?.({ kind: 'command', command }, nowMs)
    if (this.ahead.nextMs <= nowMs) this.due(nowMs)
    this.kernel.step({ type: 'command', command }, nowMs, this)
    // The simulated venue keeps its own books: what is paid in or out is money there, too.
    if (command.kind === 'deposit' || command.kind === 'withdraw') this.expect(this.venue.apply({ type: 'command', command }, nowMs))
    this.finishStep(nowMs)
  }

  /** What a real venue says, when it says it. */
  outside(event: { readonly type: 'order'; readonly event: OrderEvent } | { readonly type: 'account'; readonly event: AccountEvent }, nowMs: EpochMs): void {
    this.tap?.({ kind: 'outside', event }, nowMs)
    if (this.ahead.nextMs <= nowMs) this.due(nowMs)
    this.kernel.step(event, nowMs, this)
    this.finishStep(nowMs)
  }

  /** What the connection to a real venue says of itself. */
  link(event: LinkEvent, nowMs: EpochMs): void {
    this.tap?.({ kind: 'link', event }, nowMs)
    this.kernel.step({ type: 'link', event, atMs: nowMs }, nowMs, this)
    this.finishStep(nowMs)
  }

  /**
   * Writes down that an order leaves a second time, as a probe. False when it must not, because it might be made by it: the gate is shut, the durable latch is set,
   * or it would buy while nothing is to be bought.
   */
  probe(order: Order, nowMs: EpochMs): boolean {
    const { gateOpen, portfolio } = this.kernel.state
    if (!gateOpen || (order.side === 'buy' && portfolio.tradingState !== 0)) return false
    this.tap?.({ kind: 'probe', clientOrderId: order.clientOrderId }, nowMs)
    this.kernel.begin(nowMs, this)
    this.kernel.state.alert(
      'ORDER_PROBED',
      'warning',
      `${order.instrument} ${order.side} ${order.clientOrderId}: sent again to learn what came of it`,
      order.botId,
    )
    const sent = this.commit(guarded(order))
    if (!sent) this.tap?.({ kind: 'refused' }, nowMs)
    this.finishStep(nowMs)
    return sent
  }

  /** Writes down that the books were compared, as a part of what comes next. */
  reconciled(trigger: 'rearm', nowMs: EpochMs): void {
    this.tap?.({ kind: 'reconciled', trigger }, nowMs)
    this.kernel.begin(nowMs, this)
    this.kernel.record('reconciled', undefined, { trigger, differences: [] })
  }

  /** Something around the engine that a person should know. */
  warn(code: string, detail: string, nowMs: EpochMs): void {
    this.tap?.({ kind: 'warning', code, detail }, nowMs)
    this.kernel.begin(nowMs, this)
    this.kernel.state.alert(code, 'warning', detail)
    this.finishStep(nowMs)
  }

  /** Ends the run: the account is valued, and what was held back is written. */
  end(): void {
    const { nowMs } = this.kernel.state
    this.tap?.({ kind: 'end' }, nowMs)
    this.kernel.close(this)
    this.finishStep(nowMs)
    this.tap?.({ kind: 'ended' }, nowMs)
  }

  /** Lets everything due up to a moment happen. */
  advance(toMs: EpochMs): void {
    if (this.ahead.nextMs > toMs) return
    this.tap?.({ kind: 'advance' }, toMs)
    this.due(toMs)
  }

  private due(toMs: EpochMs): void {
    while (this.ahead.nextMs <= toMs) {
      // Never back in time: an answer that was due while a later event was handled happens now.
      const nowMs = Math.max(this.wall ? toMs : this.ahead.nextMs, this.kernel.state.nowMs) as EpochMs
      this.kernel.step(this.ahead.shift(), nowMs, this)
      if (this.entries.length > 0 || this.effects.length > 0) this.finishStep(nowMs)
    }
  }

  /** Commits what was recorded outside of a step and runs the effects it asked for. */
  finishStep(nowMs: EpochMs): void {
    this.commit(false)
    while (this.effects.length > 0) {
      const effects = this.effects
      this.effects = []
      for (const effect of effects) this.carryOut(effect, nowMs)
    }
  }

  private commit(sending: boolean): boolean {
    if (this.entries.length === 0) return true
    const entries = this.entries
    this.entries = []
    return this.host.commit(entries, sending)
  }

  private carryOut(effect: Effect, nowMs: EpochMs): void {
    switch (effect.type) {
      case 'wakeAt':
        this.ahead.push(effect.atMs, 1, { type: 'timer', atMs: effect.atMs })
        break
      case 'cancel':
        this.expect(this.venue.apply(effect, nowMs))
        break
      case 'submit':
        this.send(effect, nowMs)
        break
      default:
        effect satisfies never
    }
  }

  /** An order is written down as sent before it leaves; when the latch says no, it never leaves. */
  private send(effect: Extract<Effect, { type: 'submit' }>, nowMs: EpochMs): void {
    const ref: OrderRef = { clientOrderId: effect.request.clientOrderId, instrument: effect.request.instrument }
    this.kernel.step({ type: 'order', event: { type: 'report', report: { ref, state: 'sent', filledQuantity: ZERO, atMs: nowMs } } }, nowMs, this)
    if (this.commit(guarded(this.kernel.state.durable.orders.get(ref.clientOrderId)))) {
      this.expect(this.venue.apply(effect, nowMs))
      return
    }
    this.tap?.({ kind: 'refused' }, nowMs)
    this.kernel.step(
      { type: 'order', event: { type: 'report', report: { ref, state: 'rejected', filledQuantity: ZERO, reason: 'EMERGENCY_STOP', atMs: nowMs } } },
      nowMs,
      this,
    )
    this.commit(false)
  }

  private expect(answers: readonly OrderEvent[]): void {
    for (const event of answers) this.ahead.push(event.type === 'fill' ? event.fill.atMs : event.report.atMs, 0, { type: 'order', event })
  }
}

/** The explicit flatten is the one order that may leave while the latch is set. */
const guarded = (order: Order | undefined): boolean => !(order?.origin === 'manual' && order.source === FLATTEN_SOURCE)
