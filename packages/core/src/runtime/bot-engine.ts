import { defer, startWith } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Analytics } from '../contracts/analytics.ts'
import type {
  Alert,
  EmergencyStopReport,
  Engine,
  EngineEvents,
  EngineState,
  FillRecord,
  LimitsInForce,
  OrderRecord,
  PositionRecord,
  ReconcileReport,
} from '../contracts/engine.ts'
import type { BotChangeReport, BotsInForce } from '../contracts/bot-change.ts'
import type { EngineTimings } from '../contracts/timings.ts'
import type { RunSummary } from '../contracts/run-summary.ts'
import type { Command, LimitsPatch, MarketEvent } from '../contracts/events.ts'
import type { JournalEntry } from '../contracts/journal.ts'
import type { BotChart, ChartQuery } from '../contracts/bot-chart.ts'
import type { ProjectionRow, ReadQuery, Store } from '../contracts/store.ts'
import type { TradePlan, TradeReport, TradeWish } from '../contracts/trade-wish.ts'
import { analyticsOf } from '../engine/analytics.ts'
import { botsNow } from '../engine/config-in-force.ts'
import { EventLoop } from '../engine/event-loop.ts'
import type { OrderSide } from '../engine/event-loop.ts'
import type { TradingKernel } from '../engine/kernel.ts'
import type { Decision } from '../model/decision.ts'
import type { Instrument } from '../model/instrument.ts'
import { ConfigError, EngineError } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'
import { refusedPayment } from '../ledger/refused-payment.ts'
import { limitsJson, patchRules } from '../safety/limits.ts'
import { fillRecord, orderRecord } from '../engine/settle.ts'
import { checkWish, planTrade } from '../engine/trade-by-hand.ts'
import { botChart } from './bot-chart.ts'
import { isSimulated, simulatedSide } from './account-side.ts'
import type { AccountSide } from './account-side.ts'
import { cancelLive, cancelOnlyText, cancelSimulated } from './cancel-only.ts'
import type { CancelOnlyReport } from './cancel-only.ts'
import { addedSettings, changeBots } from './change-bots.ts'
import type { BotWish, ChangeHost } from './change-bots.ts'
import { closeGate } from './close-gate.ts'
import type { EngineSettings } from './engine-settings.ts'
import { engineState } from './engine-state.ts'
import { Checkpoints } from './explain/checkpoints.ts'
import { explainPast } from './explain/explain-past.ts'
import { Hub } from './hub.ts'
import { assertReconciled, closeLiveGate, liveSide, reconcileLive } from './live/live-side.ts'
import type { LiveAccount } from './live/live-account.ts'
import type { LiveEngine } from './live/live-side.ts'
import { JournalBuffer } from './journal-buffer.ts'
import { MarketFeed } from './market-feed.ts'
import { currenciesOfBots, openRun } from './open-run.ts'
import { Outputs } from './outputs.ts'
import { RunMeter } from './run-meter.ts'
import { SerialQueue } from './serial-queue.ts'
import { StateTicker } from './state-ticker.ts'
import { Timings, timedExchange } from './timings.ts'
import { venueAt } from './venue-at.ts'
import { WakeTimer } from './wake-timer.ts'
import { RecentLists, lastFillRows } from './recent-lists.ts'
import { recordRun } from './recording/record-run.ts'
import { runSummary } from '../engine/run-summary.ts'
import { takeUnhandled } from './unhandled.ts'

const instrumentsOf = ({ state }: TradingKernel): readonly Instrument[] => [...state.instruments.values()].map(({ instrument }) => instrument)

/** Alerts about listeners in one run: beyond them a broken one is only logged. */
const LISTENER_ALERTS = 100
/** How often a waiting engine looks for the halt file of another process. */
const HALT_POLL_MS = 200

/**
 * The shell around the kernel: opens the store, feeds the loop one event at a time, commits before effects and tells the
 * outside after. All trading logic is below; nothing here decides.
 */
export class BotEngine implements Engine {
  readonly finished: Promise<RunSummary>
  private readonly settings: EngineSettings
  private readonly hub: Hub
  private kernel!: TradingKernel
  private loop!: EventLoop
  private store: Store | undefined
  /** The account at a real venue; undefined with a simulated one. */
  private live: LiveAccount | undefined
  private readonly liveEngine: LiveEngine
  private journal!: JournalBuffer
  private orders: OrderSide | undefined
  private readonly feed: MarketFeed
  /** Bots are changed one after the other. */
  private changing: Promise<void> | undefined
  private readonly alarm: WakeTimer
  private phase: 'new' | 'starting' | 'running' | 'ending' | 'ended' = 'new'
  private resolveFinished!: (summary: RunSummary) => void
  private rejectFinished!: (error: unknown) => void
  private readonly queue: SerialQueue
  private readonly ticker: StateTicker
  private startedAtMs = 0 as EpochMs
  private readonly recent = new RecentLists()
  private readonly meter = new RunMeter()
  private readonly times = new Timings()
  private readonly outputs: Outputs
  private readonly checkpoints = new Checkpoints()
  private listenerAlerts = 0
  /** The quote currency first, and the coins that bots trade. */
  private readonly currencies: string[]
  private stopWanted = false
  /** Emergency stops that were asked for, so that a re-arm under way sees one. */
  private stops = 0
  /** The request in the halt file has been carried out. */
  private haltHandled = false
  /** `finished` has its answer. */
  private settled = false
  /** Commands whose promises wait; a failure rejects them. */
  private readonly asked = new Set<(error: unknown) => void>()
  private giveUnhandledBack: () => void = () => undefined
  private haltTimer: ReturnType<typeof setInterval> | undefined

  constructor(settings: EngineSettings) {
    this.settings = settings
    this.currencies = [...currenciesOfBots(settings.bots)]
    this.hub = new Hub((error, event) => this.listenerFailed(error, event))
    this.queue = new SerialQueue(
      () => this.outputs.flush(),
      (error) => this.fail(error),
    )
    this.feed = new MarketFeed(settings.market, {
      take: (event) => this.queue.run(this.takeMarket, event),
      error: (error) => this.fail(error),
      complete: () => void this.endQuietly(),
    })
    this.alarm = new WakeTimer(settings.clock, () => {
      if (this.phase === 'running') this.run(() => this.loop.advance(this.nowMs()))
    })
    this.ticker = new StateTicker(
      () => this.phase === 'running' && this.hub.state.isObserved,
      () => this.hub.emit('state', this.state()),
    )
    this.liveEngine = {
      exchange: timedExchange(settings.exchange, this.times),
      clock: settings.clock,
      currencies: this.currencies,
      loop: () => this.loop,
      nowMs: () => this.nowMs(),
      between: (action) => this.between(action),
      failed: (error) => this.fail(error),
    }
    this.outputs = new Outputs(this.hub, this.recent, () => this.kernel, settings.logger)
    this.finished = new Promise((resolve, reject) => {
      this.resolveFinished = resolve
      this.rejectFinished = reject
    })
    // Whoever awaits `finished` sees the failure; an engine nobody awaits must not kill the process by it.
    this.finished.catch(() => undefined)
  }

  get decisions$(): Observable<Decision> {
    return this.hub.decision.subject.asObservable()
  }
  get orders$(): Observable<OrderRecord> {
    return this.hub.order.subject.asObservable()
  }
  get fills$(): Observable<FillRecord> {
    return this.hub.fill.subject.asObservable()
  }
  get positions$(): Observable<PositionRecord> {
    return this.hub.position.subject.asObservable()
  }
  get alerts$(): Observable<Alert> {
    return this.hub.alert.subject.asObservable()
  }
  get state$(): Observable<EngineState> {
    return defer(() => (this.phase === 'new' || this.phase === 'starting' ? this.hub.state.subject : this.hub.state.subject.pipe(startWith(this.state()))))
  }

  async start(): Promise<void> {
    if (this.phase !== 'new') throw new EngineError('NOT_RUNNING', `expected an engine that was never started, this one is ${this.phase}; make a new one`)
    this.phase = 'starting'
    try {
      const wire: Parameters<typeof openRun>[1] = (store, kernel, venue) => {
        this.store = store
        this.kernel = kernel
        this.journal = new JournalBuffer(store, this.settings.environment, this.times.commit)
        const { at } = this.settings
        const orders = at === undefined ? venue : venueAt(venue, at)
        this.orders = orders
        const { shadow } = this.settings
        this.loop = new EventLoop(kernel, shadow?.beside(orders, instrumentsOf(kernel)) ?? orders, {
          commit: (entries, sending) => this.commit(entries, sending),
          order: (order) => this.outputs.order(order),
          fill: (result, order) => {
            shadow?.filled(fillRecord(result, order))
            this.outputs.fill(result, order)
          },
          alert: (alert) => this.outputs.alert(alert),
        })
        this.loop.wall = this.settings.market.timeline === 'wall'
        return this.loop
      }
      const run = await openRun(this.settings, wire, (instruments, kernel) => this.accountSide(instruments, kernel))
      // A failure between the answers of a venue has ended the run already.
      if (this.settled) await this.finished
      this.startedAtMs = run.startMs
      if (this.settings.recording !== undefined) recordRun(this.settings.recording, this.settings, this.loop)
      if (this.store !== undefined) this.recent.restore(lastFillRows(this.store))
      this.phase = 'running'
      this.giveUnhandledBack = takeUnhandled((error) => this.listenerFailed(error))
      this.outputs.flush()
      if (this.stopWanted) return this.end()
      this.feed.open(run.stream)
      if (this.phase !== 'running') return
      this.haltTimer = setInterval(() => this.checkHalt(), HALT_POLL_MS)
      if (this.settings.market.nowMs !== undefined) this.ticker.startPulse()
      this.checkHalt()
      this.setAlarm()
      this.ticker.soon()
    } catch (error) {
      this.fail(error)
      // Whoever is told of the failure may end the process: what can still be cancelled is by then.
      await this.finished.catch(() => undefined)
      throw error
    }
  }

  async stop(): Promise<RunSummary> {
    if (this.phase === 'new') throw new EngineError('NOT_RUNNING', 'the engine was not started')
    this.stopWanted = true
    if (this.phase === 'running') await this.endQuietly()
    await this.settings.market.close()
    return this.finished
  }

  pause(botId?: string): void {
    this.control('pause', botId)
  }

  resume(botId?: string): void {
    this.control('resume', botId)
  }

  flatten(botId?: string): void {
    this.control('flatten', botId)
  }

  limits(): LimitsInForce {
    this.assertRunning()
    return this.limitsInForce()
  }

  async patchLimits(patch: LimitsPatch): Promise<LimitsInForce> {
    const answer = await this.ask(() => {
      const read = patchRules(this.kernel.state.rules, patch)
      this.command({ kind: 'patchLimits', patch })
      return 'problems' in read ? read.problems : this.limitsInForce()
    })
    if ('hash' in answer) return answer
    throw new ConfigError(answer)
  }

  bots(): BotsInForce {
    if (this.phase === 'new' || this.phase === 'starting') throw new EngineError('NOT_RUNNING', 'the engine has no bots before start() has resolved')
    const { state } = this.kernel
    return { hash: state.configHash, configuredHash: state.settings.configHash, bots: botsNow(state) }
  }

  addBot(settings: Json): Promise<BotChangeReport> {
    const whole = addedSettings(settings, this.settings.newBots)
    const { id } = (whole ?? {}) as { readonly id?: unknown }
    return this.changeBot({ kind: 'addBot', botId: String(id), settings: whole })
  }

  editBot(botId: string, settings: Json): Promise<BotChangeReport> {
    return this.changeBot({ kind: 'editBot', botId, settings })
  }

  async retireBot(botId: string, { close = false }: { readonly close?: boolean } = {}): Promise<BotChangeReport> {
    const report = await this.changeBot({ kind: 'editBot', botId, settings: { retire: true } })
    if (close) this.flatten(botId)
    return report
  }

  private async changeBot(wish: BotWish): Promise<BotChangeReport> {
    this.assertRunning()
    if (wish.kind === 'editBot') this.kernel.bot(wish.botId)
    // One after the other, and the first at once: a market at full speed would be far ahead a moment later.
    const change = this.changing === undefined ? changeBots(this.changeHost, wish) : this.changing.then(() => changeBots(this.changeHost, wish))
    const done = change
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        if (this.changing === done) this.changing = undefined
      })
    this.changing = done
    return change
  }

  private readonly changeHost: ChangeHost = {
    settings: () => this.settings,
    feed: () => this.feed,
    kernel: () => this.kernel,
    nowMs: () => this.nowMs(),
    running: () => this.phase === 'running',
    ask: (action) => this.ask(action),
    command: (command) => {
      this.command(command)
      this.watchCurrencies(this.kernel)
    },
  }

  /** A bot that was added may trade a coin of its own. */
  private watchCurrencies({ state }: TradingKernel): void {
    const all = currenciesOfBots(state.bots.map(({ config }) => config))
    this.currencies.push(...all.filter((currency) => !this.currencies.includes(currency)))
  }

  private limitsInForce(): LimitsInForce {
    const { rules, limitsHash, configuredLimitsHash, settings } = this.kernel.state
    return { hash: limitsHash, configuredHash: configuredLimitsHash, limits: limitsJson(rules, settings.breakers) }
  }

  resetBreaker(id: string): void {
    this.assertRunning()
    const { breakers } = this.kernel.state.durable.latches
    if (breakers.get(id)?.action !== 'reducing') {
      const tripped = [...breakers.values()].filter(({ action }) => action === 'reducing').map((breaker) => breaker.id)
      throw new EngineError('UNKNOWN_BREAKER', `no breaker ${JSON.stringify(id)} is tripped that a reset would end: ${tripped.join(', ') || 'none is'}`)
    }
    this.run(() => this.command({ kind: 'resetBreaker', breaker: id }))
  }

  async deposit(currency: string, amount: string, reason = 'paid in'): Promise<void> {
    await this.pay({ kind: 'deposit', currency, amount, reason })
  }

  async withdraw(currency: string, amount: string, reason = 'taken out'): Promise<void> {
    await this.pay({ kind: 'withdraw', currency, amount, reason })
  }

  /** What cannot be paid is the caller's error: the engine goes on. */
  private async pay(command: Extract<Command, { kind: 'deposit' | 'withdraw' }>): Promise<void> {
    if (this.live !== undefined) throw new RangeError(`${command.kind}: pay at the venue; the next comparison of the books finds it`)
    const problem = await this.ask(() => {
      const refused = refusedPayment(this.kernel.state.durable.ledger, command)
      if (refused === undefined) this.command(command)
      return refused
    })
    if (problem !== undefined) throw problem
  }

  planTrade(wish: TradeWish): TradePlan {
    this.assertRunning()
    checkWish(wish)
    return planTrade(this.kernel.state, this.kernel.bot(wish.botId), wish, this.nowMs())
  }

  async trade(wish: TradeWish): Promise<TradeReport> {
    this.assertRunning()
    checkWish(wish)
    const bot = this.kernel.bot(wish.botId)
    return this.ask(() => {
      const { state } = this.kernel
      const before = state.durable.intentNo
      const plan = planTrade(state, bot, wish, this.nowMs())
      this.command({ kind: 'trade', ...wish })
      const order = [...state.durable.orders.values()].find(({ intentNo, botId }) => intentNo > before && botId === wish.botId)
      return { plan, order: order && orderRecord(order) }
    })
  }

  async chart(botId: string, query: ChartQuery): Promise<BotChart> {
    this.assertRunning()
    return botChart(this.settings.market, this.kernel.bot(botId), query, this.kernel.state.nowMs)
  }

  read(query: ReadQuery): readonly JournalEntry[] {
    return this.kept().read(query)
  }

  rows(table: string): readonly ProjectionRow[] {
    return this.kept().rows(table)
  }

  private kept(): Store {
    this.assertRunning()
    if (this.store === undefined) throw new EngineError('NO_STORE', 'this backtest keeps no journal: give it a store')
    return this.store
  }

  analytics(): Analytics {
    if (this.phase === 'new' || this.phase === 'starting') throw new EngineError('NOT_RUNNING', 'the engine has no analytics before start() has resolved')
    return analyticsOf(this.kernel)
  }

  private control(kind: 'pause' | 'resume' | 'flatten', botId: string | undefined): void {
    this.assertRunning()
    // An unknown bot is the caller's error and must not reach the queue.
    const command: Command = botId === undefined ? { kind } : { kind, botId: this.kernel.bot(botId).config.id }
    this.run(() => this.command(command))
  }

  emergencyStop(options: { readonly cancelOpenOrders?: boolean; readonly reason?: string } = {}): Promise<EmergencyStopReport> {
    const { cancelOpenOrders = false, reason = 'asked for by the operator' } = options
    this.stops++
    if (this.live === undefined) return this.ask(() => this.closeGate(cancelOpenOrders, reason))
    return closeLiveGate(this.live, this.liveEngine, () => this.ask(() => this.latchGate(cancelOpenOrders, reason)), cancelOpenOrders)
  }

  async rearm(): Promise<void> {
    this.assertRunning()
    const { stops } = this
    const known = this.store?.halt?.requested() !== undefined
    if (this.live !== undefined) await assertReconciled(this.live)
    const stopped = await this.ask(() => {
      // A stop that was asked for while the books were compared stands.
      if (this.stops !== stops || (!known && this.store?.halt?.requested() !== undefined)) return true
      this.kernel.state.durable.ledger.assertBalanced()
      // The simulated venue is folded from our own journal: what is left to compare is the ledger with itself.
      if (this.live === undefined) this.loop.reconciled('rearm', this.nowMs())
      this.store?.halt?.clear()
      this.command({ kind: 'rearm' })
      this.journal.flush()
      return false
    })
    if (stopped) throw new EngineError('RECONCILE_FAILED', 'trading stays halted: an emergency stop came while the books were compared')
  }

  async reconcile(): Promise<ReconcileReport> {
    this.assertRunning()
    if (this.live !== undefined) return reconcileLive(this.live, () => this.nowMs())
    return this.ask(() => {
      // The simulated venue is folded from our own journal.
      this.kernel.state.durable.ledger.assertBalanced()
      return { atMs: this.nowMs(), differences: [], corrections: [], mismatch: undefined, unconfirmed: false }
    })
  }

  /** Runs between events and promises the result; a failure rejects the promise and ends the engine. */
  private ask<T>(action: () => T): Promise<T> {
    this.assertRunning()
    return new Promise((resolve, reject) => {
      this.asked.add(reject)
      this.run(() => {
        const result = action()
        this.asked.delete(reject)
        resolve(result)
      })
    })
  }

  explain(botId: string): Decision
  explain(botId: string, options: { readonly at: EpochMs }): Promise<Decision>
  explain(botId: string, options?: { readonly at: EpochMs }): Decision | Promise<Decision> {
    if (options !== undefined) return this.explainPast(botId, options.at)
    this.assertRunning()
    return this.kernel.explain(botId)
  }

  private async explainPast(botId: string, atMs: EpochMs): Promise<Decision> {
    this.assertRunning()
    const { settings, store, checkpoints } = this
    const bot = this.kernel.bot(botId).config
    // What a backtest still holds back is part of what the second run is held against.
    this.journal.flush()
    return explainPast({ settings, store, checkpoints, bot, nowMs: this.kernel.state.nowMs }, atMs)
  }

  state(): EngineState {
    if (this.phase === 'new' || this.phase === 'starting') throw new EngineError('NOT_RUNNING', 'the engine has no state before start() has resolved')
    return engineState({ kernel: this.kernel, market: this.settings.market, startedAtMs: this.startedAtMs, recent: this.recent })
  }

  timings(): EngineTimings {
    return this.times.all
  }

  summary(): RunSummary {
    const { candles, engineMs } = this.meter
    return runSummary(this.kernel, { candles, orders: this.outputs.orders, fills: this.outputs.fills, engineMs })
  }

  on<E extends keyof EngineEvents>(event: E, listener: EngineEvents[E]): () => void {
    return this.hub.on(event, listener)
  }

  /** One event in total order. In wall time `now` never goes back. */
  private readonly takeMarket = (event: MarketEvent): void => {
    if (this.phase !== 'running') return
    this.meter.event()
    const wall = this.settings.market.timeline === 'wall'
    const nowMs = wall ? (Math.max(this.kernel.state.nowMs, this.settings.clock.nowMs()) as EpochMs) : event.atMs
    if (event.type === 'candle' && event.closed) this.meter.candles++
    this.loop.decision = this.hub.decision.isObserved ? this.outputs.decision : undefined
    // A backtest ends by itself, and whoever wants to know runs it again.
    if (this.settings.environment !== 'backtest' && !wall) this.checkpoints.look(this.loop, this.feed.query, nowMs)
    this.loop.market(event, nowMs)
    if (wall) this.setAlarm()
    this.ticker.soon()
  }

  /** Runs something between events: never inside another one, so a subscriber's command waits its turn. */
  private run(action: () => void): void {
    this.assertRunning()
    this.queue.run(() => {
      if (this.phase !== 'running') return
      action()
      this.setAlarm()
      this.ticker.soon()
    }, undefined)
  }

  /** What a real venue says comes in between events, also while the engine starts; afterwards nobody listens. */
  private between(action: () => void): void {
    if (this.phase === 'starting') this.duringStart(action)
    else if (this.phase === 'running') this.run(action)
  }

  private duringStart(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.fail(error)
    }
  }

  private command(command: Command): void {
    this.loop.command(command, this.nowMs())
  }

  private nowMs(): EpochMs {
    const { nowMs } = this.kernel.state
    return this.settings.market.timeline === 'wall' ? (Math.max(nowMs, this.settings.clock.nowMs()) as EpochMs) : nowMs
  }

  private closeGate(cancelOpenOrders: boolean, reason: string): EmergencyStopReport {
    const { exchange } = this.settings
    const latencyMs = isSimulated(exchange) ? exchange.latencyMs : 0
    return closeGate(this.loop, this.journal, { nowMs: this.nowMs(), latencyMs, cancelOpenOrders, reason })
  }

  /** Shuts the gate durably; what it asks the venue to cancel goes on its way. */
  private latchGate(cancelOpenOrders: boolean, reason: string): EpochMs {
    return this.closeGate(cancelOpenOrders, reason).gateClosedAtMs
  }

  private accountSide(instruments: readonly Instrument[], kernel: TradingKernel): AccountSide {
    const { exchange } = this.settings
    if (isSimulated(exchange)) return simulatedSide(exchange.venue(instruments))
    this.watchCurrencies(kernel)
    const side = liveSide(this.liveEngine, kernel)
    this.live = side.account
    return side
  }

  /** Ends the run when no order is on its way out: what a real venue answers after the end nobody would write down before the next start. */
  private async endQuietly(): Promise<void> {
    if (this.live !== undefined) {
      this.queue.later(() => this.loop.outside({ type: 'account', event: { kind: 'gateShut', reason: 'the run ends', ending: true } }, this.nowMs()))
      await this.live.idle()
    }
    this.queue.later(() => this.end())
  }

  /** Another process asks for a stop through the halt file; the answer is written only once the latch is durable. */
  private checkHalt(): void {
    const request = this.store?.halt?.requested()
    if (request === undefined) this.haltHandled = false
    if (request === undefined || this.phase !== 'running') return
    this.run(() => {
      // Also when something else has halted already: what works at the venue is to be cancelled.
      if (!this.haltHandled) this.closeGate(true, request.reason)
      if (!this.haltHandled) this.stops++
      this.haltHandled = true
      this.store?.halt?.acknowledge(this.kernel.state.nowMs)
    })
  }

  private commit(entries: readonly JournalEntry[], sending: boolean): boolean {
    if (sending && this.store?.halt?.requested() !== undefined) {
      this.journal.append(entries, false)
      return false
    }
    return this.journal.append(entries, sending)
  }

  /** In wall time nobody else wakes the engine for what is due. */
  private setAlarm(): void {
    if (this.settings.market.timeline === 'wall') this.alarm.set(this.loop.nextMs)
  }

  /** A listener that throws becomes an alert. One for alerts must not: its alert would be its own next call. */
  private listenerFailed(error: unknown, event?: keyof EngineEvents): void {
    const detail = error instanceof Error ? error.message : String(error)
    if (event === 'alert' || ++this.listenerAlerts > LISTENER_ALERTS) {
      this.settings.logger?.error(`a listener failed: ${detail}`)
      return
    }
    this.queue.later(() => {
      if (this.phase !== 'running') return
      this.loop.warn('LISTENER_FAILED', detail, this.nowMs())
    })
  }

  private end(): void {
    if (this.phase !== 'running') return
    this.phase = 'ending'
    try {
      this.meter.end()
      this.loop.end()
      this.journal.flush()
      this.outputs.flush()
      const summary = this.summary()
      this.hub.emit('state', this.state())
      this.close()
      this.settled = true
      this.resolveFinished(summary)
    } catch (error) {
      this.fail(error)
    }
  }

  private fail(error: unknown): void {
    if (this.settled) return
    this.settled = true
    this.settings.logger?.error(error instanceof Error ? error.message : String(error))
    this.latchInvariant(error)
    if (!(error instanceof EngineError) || error.code !== 'JOURNAL_FAILED' || this.orders === undefined) return this.endFailed(error)
    this.phase = 'ending'
    this.feed.close()
    this.cancelOnly(error, this.orders)
  }

  /** Nothing can be written down any more, so nothing happens any more but cancels; there is no mode that trades from memory. */
  private cancelOnly(error: EngineError, orders: OrderSide): void {
    const { exchange, clock, logger } = this.settings
    const { durable, nowMs } = this.kernel.state
    const tell = (report: CancelOnlyReport): void => {
      // Not what the failed step had to say: it did not happen. And not journalled, for want of a journal.
      this.outputs.discard()
      this.outputs.alert({ code: 'JOURNAL_FAILED', severity: 'critical', detail: `${error.message}: ${cancelOnlyText(report)}`, botId: undefined, atMs: nowMs })
      this.outputs.flush()
    }
    const failed = (second: unknown): void => logger?.error(`cancelling failed too: ${second instanceof Error ? second.message : String(second)}`)
    if (this.live !== undefined) {
      void cancelLive(exchange, clock, durable, this.live.idle())
        .then(tell)
        .catch(failed)
        .finally(() => this.endFailed(error))
      return
    }
    try {
      tell(cancelSimulated(orders, durable, nowMs))
    } catch (second) {
      failed(second)
    }
    this.endFailed(error)
  }

  private endFailed(error: unknown): void {
    this.rejectFinished(error)
    for (const reject of this.asked) reject(error)
    this.asked.clear()
    try {
      this.close()
    } catch (closing) {
      this.settings.logger?.error(`closing failed too: ${closing instanceof Error ? closing.message : String(closing)}`)
    }
  }

  /** Books that do not balance must not be traded on by the next start either. */
  private latchInvariant(error: unknown): void {
    if (!(error instanceof EngineError) || error.code !== 'INVARIANT_VIOLATED' || this.kernel === undefined) return
    try {
      this.kernel.begin(this.kernel.state.nowMs, this.loop)
      this.kernel.record('latch', undefined, { state: 'halted', reason: 'invariant', untilMs: null })
      this.loop.finishStep(this.kernel.state.nowMs)
      this.journal.flush()
    } catch (second) {
      this.settings.logger?.error(`the latch could not be written: ${second instanceof Error ? second.message : String(second)}`)
    }
  }

  private close(): void {
    this.phase = 'ended'
    for (const reject of this.asked) reject(new EngineError('NOT_RUNNING', 'the engine ended before it came to this'))
    this.asked.clear()
    this.feed.close()
    this.live?.close()
    this.alarm.stop()
    this.ticker.stop()
    this.settings.recording?.close()
    clearInterval(this.haltTimer)
    this.giveUnhandledBack()
    try {
      this.store?.close()
    } finally {
      this.hub.complete()
    }
  }

  private assertRunning(): void {
    if (this.phase !== 'running') throw new EngineError('NOT_RUNNING', `the engine is ${this.phase}`)
  }
}
