import type { EntryType } from '../contracts/journal.ts'
import { createDayCounters } from '../ledger/day.ts'
import { createLedger } from '../ledger/ledger.ts'
import { defaultGrading } from '../ledger/analytics/grade.ts'
import { DEFAULT_BOOKING } from '../ledger/lots.ts'
import type { FillResult } from '../ledger/own-fill.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { boundedCache } from '../model/bounded-cache.ts'
import type { Environment, TradingState } from '../model/environment.ts'
import { Few } from '../model/few.ts'
import { currenciesOf } from '../model/instrument.ts'
import type { Json } from '../model/json.ts'
import { isZero, toFloat } from '../model/money.ts'
import { TimeRing } from '../model/time-ring.ts'
import type { EpochMs } from '../model/time.ts'
import { countEntry, countFinished, countRoundTrip, newBotDurable, takeLevel } from './bot-durable.ts'
import type { BotDurable } from './bot-durable.ts'
import { AnalyticsFold } from './analytics-fold.ts'
import { foldBotChange } from './bot-changes.ts'
import type { BotChange } from './bot-changes.ts'
import type { EntryData } from './journal/entry-data.ts'
import type { Facts } from './journal/facts.ts'
import { mergePatches } from '../safety/limits.ts'
import type { LimitsPatch } from '../contracts/events.ts'
import { Latches } from './latches.ts'
import { lostNumbers, stillLost } from './lost-numbers.ts'
import type { LostNumbers } from './lost-numbers.ts'
import { Marks } from './marks.ts'
import { bookOnOrder, isSettled, newOrder } from './order-machine.ts'
import { Orders } from './orders.ts'
import type { Order } from './order-machine.ts'
import { ownFillOf } from './own-fill-of.ts'

/**
 * Everything that must survive a restart, as one fold over the journal: the running kernel and a recovering one change it
 * through the same `apply`, so they cannot disagree.
 */
export class DurableState {
  /** Booked by the rule of the configuration in force. */
  readonly ledger: Ledger = createLedger({ booking: DEFAULT_BOOKING })
  readonly day = createDayCounters(0)
  readonly analytics = new AnalyticsFold()
  readonly orders = new Orders()
  /** The one working order of a bot. */
  readonly working = new Few<string, Order>()
  readonly bots = new Map<string, BotDurable>()
  /** When the last orders of all bots were written down. */
  readonly orderTimes = new TimeRing()
  environment: Environment | undefined
  configHash = ''
  config: Json = null
  intentNo = 0
  /** Orders up to this number were to be cancelled by an emergency stop, or are of a lost past: those that still work when a run starts are cancelled then. */
  cancelUpTo = 0
  /** The reasons for not being `active`. */
  readonly latches = new Latches()
  /** Extremes that prices made. */
  readonly marks = new Marks()
  /** What was tightened while running, all patches in one, and the hash of the configured limits it was made for. */
  limitPatch: { readonly base: string; readonly patch: LimitsPatch } | undefined
  /** Bots that were added or edited while running. */
  readonly botChanges = new Map<string, BotChange>()
  /** Deposits and corrections by currency, float64: what is no gain. */
  readonly paidIn = new Map<string, number>()
  dayBaseline = 0
  lastMs = 0 as EpochMs
  /** From where a live venue's fills are read again. */
  fillsCursor: string | undefined
  /** Set for good by a start that found the end of the journal missing. */
  lost: LostNumbers | undefined
  /** The result of the fill applied last; undefined when the last entry was no new fill. */
  lastFill: { readonly result: FillResult; readonly order: Order; readonly data: Facts['fill'] } | undefined

  /** Names cut in two, once each: a text that was just made is slow to look up. */
  private readonly pairs = boundedCache(64, currenciesOf)

  get tradingState(): TradingState {
    return this.latches.state
  }

  get halted(): boolean {
    return this.latches.halted
  }

  bot(botId: string): BotDurable {
    let bot = this.bots.get(botId)
    if (bot === undefined) {
      bot = newBotDurable()
      this.bots.set(botId, bot)
    }
    return bot
  }

  apply<T extends EntryType>(type: T, atMs: EpochMs, botId: string | undefined, data: Facts[T]): void {
    const entry: EntryType = type
    this.lastFill = undefined
    if (atMs > this.lastMs) this.lastMs = atMs
    switch (entry) {
      case 'runStarted':
        this.environment = (data as EntryData['runStarted']).environment
        break
      case 'configInForce':
        return this.applyConfig(data as EntryData['configInForce'])
      case 'blockerChanged':
        return this.applyLevels(data as EntryData['blockerChanged'])
      case 'confirmation':
        this.bot(botId!).confirmation = { ...(data as EntryData['confirmation']) }
        break
      case 'extremes':
        Object.assign(this.bot(botId!), data as EntryData['extremes'])
        break
      case 'adopted':
        return this.applyAdopted((data as EntryData['adopted']).from, botId!)
      case 'strategyState':
        this.bot(botId!).strategyState = { strategy: undefined, ...(data as { readonly strategy?: string; readonly state: Json }) }
        break
      case 'intent':
        return this.applyIntent(data as Facts['intent'], botId!, atMs)
      case 'sent':
        return this.applySent(data as EntryData['sent'], atMs)
      case 'orderEvent':
        return this.applyOrderEvent(data as Facts['orderEvent'], atMs)
      case 'fill':
        return this.applyFill(data as Facts['fill'], botId!, atMs)
      case 'adjustment':
        return this.applyAdjustment(data as Facts['adjustment'])
      case 'valuation':
        return this.analytics.value(data as Facts['valuation'], atMs)
      case 'command':
        return this.applyCommand(data as EntryData['command'], botId)
      case 'latch':
        return this.applyLatch(data as EntryData['latch'], botId, atMs)
      case 'dayRolled':
        return this.applyDayRolled(data as EntryData['dayRolled'], atMs)
      case 'alert':
        return this.latches.note((data as EntryData['alert']).code, atMs)
      case 'marks':
        return this.marks.apply(data as EntryData['marks'])
      case 'tailLost':
        return this.applyTailLost(data as EntryData['tailLost'], atMs)
      case 'reconciled':
        this.fillsCursor = (data as EntryData['reconciled']).fillsCursor ?? this.fillsCursor
        this.lost = stillLost(this.lost, atMs)
        break
      case 'decision':
      case 'checkpoint':
        break
      default:
        entry satisfies never
    }
  }

  /** 1 while an entry order of the bot works and has no fill yet: it holds a slot of the daily trade limits. */
  pendingEntries(botId: string): 0 | 1 {
    const order = this.working.get(botId)
    return order !== undefined && order.side === 'buy' && order.continues === undefined && isZero(order.bookedQuantity) ? 1 : 0
  }

  private applyTailLost(data: EntryData['tailLost'], atMs: EpochMs): void {
    this.lost = lostNumbers(this.lost, this.intentNo, data, atMs) ?? this.lost
    this.intentNo = Math.max(this.intentNo, data.intentNo)
    if (this.environment === 'live') this.cancelUpTo = this.intentNo
  }

  private applyAdopted(from: string, to: string): void {
    this.ledger.adopt(from, to)
    this.day.adopt(from, to)
    this.marks.adopt(from, to)
    this.analytics.adopt(from, to)
    for (const order of this.orders.values()) if (order.botId === from) order.botId = to
    const working = this.working.get(from)
    if (working !== undefined) this.working.set(to, working)
    this.working.delete(from)
    // Confirmation and level belong to the old bot's signals; what a strategy remembers says itself whose it is.
    this.bots.set(to, { ...this.bot(from), paused: this.bot(from).paused || this.bot(to).paused, confirmation: undefined, level: undefined })
    this.bots.delete(from)
  }

  private applyConfig(data: EntryData['configInForce']): void {
    this.configHash = data.hash
    this.config = data.config as Json
    // Journals from before there was a choice are booked first in, first out.
    this.ledger.bookBy(data.booking ?? DEFAULT_BOOKING)
    this.analytics.grading = data.grading ?? defaultGrading
  }

  private applyLevels(data: EntryData['blockerChanged']): void {
    for (const change of data.changes) takeLevel(this.bot(change[0]), change)
  }

  private applyLatch(data: EntryData['latch'], botId: string | undefined, atMs: EpochMs): void {
    this.latches.apply(data, atMs)
    if (botId !== undefined) this.bot(botId).lossLatchUntilMs = data.untilMs ?? undefined
  }

  private applyIntent(data: Facts['intent'], botId: string, atMs: EpochMs): void {
    const order = newOrder(botId, data, atMs)
    this.intentNo = Math.max(this.intentNo, data.intentNo)
    this.orders.set(order.clientOrderId, order)
    this.working.set(botId, order)
    this.ledger.reserve(order.clientOrderId, botId, data.reserveCurrency, data.reserveAmount)
    const bot = this.bot(botId)
    bot.confirmation = undefined
    bot.orderTimes.push(atMs)
    this.orderTimes.push(atMs)
  }

  private applySent(data: EntryData['sent'], atMs: EpochMs): void {
    const order = this.order(data.clientOrderId)
    order.state = 'sent'
    order.updatedAtMs = atMs
    order.sentAtMs ??= atMs
    this.analytics.sent(order)
  }

  private applyOrderEvent(data: Facts['orderEvent'], atMs: EpochMs): void {
    const order = this.order(data.clientOrderId)
    order.state = data.state
    order.filledQuantity = data.filledQuantity
    order.updatedAtMs = atMs
    if (data.venueOrderId !== undefined) order.venueOrderId = data.venueOrderId
    if (data.averagePrice !== undefined) order.averagePrice = data.averagePrice
    if (data.reason !== undefined) order.reason = data.reason
    this.analytics.answered(order)
    this.settle(order)
  }

  private applyFill(data: Facts['fill'], botId: string, atMs: EpochMs): void {
    const order = this.order(data.clientOrderId)
    const { done: wasDone } = order
    const first = isZero(order.bookedQuantity)
    const result = this.ledger.applyFill(ownFillOf(order, data, botId, this.pairs(data.instrument)))
    if (result === undefined) return
    if (order.side === 'buy') countEntry(this.bot(botId), order, result)
    bookOnOrder(order, result)
    order.updatedAtMs = atMs
    this.day.book(result)
    // Reported late: its profit belongs to the day before, so what today is measured from must not hold it as well.
    if (data.filledAtMs < this.day.dayMs) this.dayBaseline -= toFloat(result.realizedPnl)
    this.analytics.fill(result, order, data)
    if (result.closed) countRoundTrip(this.bot(botId), result)
    this.lastFill = { result, order, data }
    if (wasDone) countFinished(this.bot(order.botId), order, first)
    else this.settle(order)
  }

  /** Frees the bot and the reservation once the venue is done and every fill it reported is booked. */
  private settle(order: Order): void {
    if (order.done || !isSettled(order)) return
    order.done = true
    this.ledger.release(order.clientOrderId)
    if (this.working.get(order.botId) === order) this.working.delete(order.botId)
    countFinished(this.bot(order.botId), order, true)
  }

  private applyAdjustment(data: Facts['adjustment']): void {
    const { amount } = data
    this.paidIn.set(data.currency, (this.paidIn.get(data.currency) ?? 0) + (data.kind === 'withdrawal' ? -1 : 1) * toFloat(amount))
    if (data.kind === 'deposit') this.ledger.deposit(data.currency, amount)
    else if (data.kind === 'withdrawal') this.ledger.withdraw(data.currency, amount)
    else this.ledger.adjust(data.currency, amount, data.reason)
  }

  private applyCommand(data: EntryData['command'], botId: string | undefined): void {
    if (data.kind === 'flatten') {
      for (const id of botId === undefined ? new Set([...this.ledger.botIds(), ...this.working.keys()]) : [botId]) this.bot(id).flattenWanted = true
      return
    }
    if (data.kind === 'emergencyStop' && (data.payload as { readonly cancelOpenOrders?: boolean }).cancelOpenOrders === true) this.cancelUpTo = this.intentNo
    if (data.kind === 'patchLimits') this.applyLimits(data.payload as unknown as { readonly base: string; readonly patch: LimitsPatch })
    if (data.kind === 'limitsReset') this.limitPatch = undefined
    // Another bot begins to wait anew.
    if (foldBotChange(this.botChanges, data, botId)) this.bot(botId!).confirmation = undefined
    if (botId === undefined) return
    if (data.kind === 'flattened') this.bot(botId).flattenWanted = false
    if (data.kind === 'pause') this.bot(botId).paused = true
    if (data.kind === 'resume') this.bot(botId).paused = false
  }

  private applyLimits({ base, patch }: { readonly base: string; readonly patch: LimitsPatch }): void {
    const before = this.limitPatch?.base === base ? this.limitPatch.patch : {}
    this.limitPatch = { base, patch: mergePatches(before, patch) }
  }

  private applyDayRolled(data: EntryData['dayRolled'], atMs: EpochMs): void {
    this.day.roll(atMs)
    this.marks.rollDay(data.bots)
    for (const bot of this.bots.values()) bot.lossLatchUntilMs = undefined
    this.dayBaseline = Number(data.unrealized)
  }

  private order(clientOrderId: string): Order {
    const order = this.orders.get(clientOrderId)
    if (order === undefined) throw new RangeError(`the journal speaks of order ${clientOrderId} before its intent`)
    return order
  }
}
