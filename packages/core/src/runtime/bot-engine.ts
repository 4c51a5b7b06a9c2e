import { defer, startWith } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Analytics } from '../contracts/analytics.ts'
import type { BotChangeReport, BotsInForce } from '../contracts/bot-change.ts'
import type { BotChart, ChartQuery } from '../contracts/bot-chart.ts'
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
import type { LimitsPatch } from '../contracts/events.ts'
import type { JournalEntry } from '../contracts/journal.ts'
import type { RunSummary } from '../contracts/run-summary.ts'
import type { ProjectionRow, ReadQuery } from '../contracts/store.ts'
import type { EngineTimings } from '../contracts/timings.ts'
import type { TradePlan, TradeReport, TradeWish } from '../contracts/trade-wish.ts'
import type { Decision } from '../model/decision.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'
import { BotCommands } from './bot-commands.ts'
import { control, limitsInForce, patchLimits, pay, planned, resetBreaker, trade } from './controls.ts'
import { EngineRun } from './engine-run.ts'
import type { EngineSettings } from './engine-settings.ts'
import { analytics, assertStarted, botsInForce, chart, explainAt, explainNow, isStarted, kept } from './questions.ts'
import type { StopOptions } from './trading-gate.ts'

/** What everybody outside sees of an engine: its outputs, its commands and its questions, each done in a file of its own on the run that they are about. */
export class BotEngine implements Engine {
  readonly finished: Promise<RunSummary>
  private readonly run: EngineRun
  private readonly changes: BotCommands

  constructor(settings: EngineSettings) {
    this.run = new EngineRun(settings)
    this.changes = new BotCommands(this.run)
    this.finished = this.run.finished
  }

  get decisions$(): Observable<Decision> {
    return this.run.outputs.hub.decision.subject.asObservable()
  }
  get orders$(): Observable<OrderRecord> {
    return this.run.outputs.hub.order.subject.asObservable()
  }
  get fills$(): Observable<FillRecord> {
    return this.run.outputs.hub.fill.subject.asObservable()
  }
  get positions$(): Observable<PositionRecord> {
    return this.run.outputs.hub.position.subject.asObservable()
  }
  get alerts$(): Observable<Alert> {
    return this.run.outputs.hub.alert.subject.asObservable()
  }
  get state$(): Observable<EngineState> {
    const { subject } = this.run.outputs.hub.state
    return defer(() => (isStarted(this.run) ? subject.pipe(startWith(this.run.state())) : subject))
  }
  on<E extends keyof EngineEvents>(event: E, listener: EngineEvents[E]): () => void {
    return this.run.outputs.hub.on(event, listener)
  }

  start(): Promise<void> {
    return this.run.start()
  }
  stop(): Promise<RunSummary> {
    return this.run.stop()
  }

  emergencyStop(options?: StopOptions): Promise<EmergencyStopReport> {
    return this.run.gate.emergencyStop(options)
  }
  rearm(): Promise<void> {
    return this.run.gate.rearm()
  }
  reconcile(): Promise<ReconcileReport> {
    return this.run.gate.reconcile()
  }

  pause(botId?: string): void {
    control(this.run, 'pause', botId)
  }
  resume(botId?: string): void {
    control(this.run, 'resume', botId)
  }
  flatten(botId?: string): void {
    control(this.run, 'flatten', botId)
  }
  resetBreaker(id: string): void {
    resetBreaker(this.run, id)
  }
  limits(): LimitsInForce {
    return limitsInForce(this.run)
  }
  patchLimits(patch: LimitsPatch): Promise<LimitsInForce> {
    return patchLimits(this.run, patch)
  }
  deposit(currency: string, amount: string, reason = 'paid in'): Promise<void> {
    return pay(this.run, { kind: 'deposit', currency, amount, reason })
  }
  withdraw(currency: string, amount: string, reason = 'taken out'): Promise<void> {
    return pay(this.run, { kind: 'withdraw', currency, amount, reason })
  }
  planTrade(wish: TradeWish): TradePlan {
    return planned(this.run, wish)
  }
  trade(wish: TradeWish): Promise<TradeReport> {
    return trade(this.run, wish)
  }

  bots(): BotsInForce {
    return botsInForce(this.run)
  }
  addBot(settings: Json): Promise<BotChangeReport> {
    return this.changes.add(settings)
  }
  editBot(botId: string, settings: Json): Promise<BotChangeReport> {
    return this.changes.edit(botId, settings)
  }
  retireBot(botId: string, options?: { readonly close?: boolean }): Promise<BotChangeReport> {
    return this.changes.retire(botId, options)
  }

  state(): EngineState {
    assertStarted(this.run, 'state')
    return this.run.state()
  }
  summary(): RunSummary {
    return this.run.summary()
  }
  timings(): EngineTimings {
    return this.run.times.all
  }
  analytics(): Analytics {
    return analytics(this.run)
  }
  explain(botId: string): Decision
  explain(botId: string, options: { readonly at: EpochMs }): Promise<Decision>
  explain(botId: string, options?: { readonly at: EpochMs }): Decision | Promise<Decision> {
    return options === undefined ? explainNow(this.run, botId) : explainAt(this.run, botId, options.at)
  }
  chart(botId: string, query: ChartQuery): Promise<BotChart> {
    return chart(this.run, botId, query)
  }
  read(query: ReadQuery): readonly JournalEntry[] {
    return kept(this.run).read(query)
  }
  rows(table: string): readonly ProjectionRow[] {
    return kept(this.run).rows(table)
  }
}
