import type { BotConfig } from '../contracts/bot-config.ts'
import type { EntryType } from '../contracts/journal.ts'
import type { KernelSink } from '../contracts/kernel.ts'
import type { Alert } from '../contracts/engine.ts'
import type { BlockerCode } from '../safety/blocker-codes.ts'
import { circuitBreakers, isQuietBreaker } from '../safety/circuit-breakers.ts'
import type { BreakerSettings } from '../safety/circuit-breakers.ts'
import { DRAWDOWN } from '../safety/drawdown.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { RecordMode } from '../model/decision.ts'
import type { Environment } from '../model/environment.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'
import { MutableCash, MutablePortfolio } from '../pipeline/views.ts'
import { BlockerIndex } from '../pipeline/blocker-index.ts'
import type { MemoryCell } from '../pipeline/memory-cell.ts'
import type { IntrabarOrder, PipelineHost, WorkingOrder } from '../pipeline/pipeline-host.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { Grading } from '../ledger/analytics/grade.ts'
import type { Booking } from '../ledger/lots.ts'
import type { FillResult } from '../ledger/own-fill.ts'
import { canonicalText } from './canonical.ts'
import { DurableState } from './durable-state.ts'
import { FastHash } from './fast-hash.ts'
import type { InstrumentState } from '../pipeline/instrument-state.ts'
import { configuredRules, limitsHash } from './limits-hash.ts'
import type { PluginRegistry } from '../config/built-ins.ts'
import type { RuleSet } from '../safety/limits.ts'
import type { DroppedChange } from './bot-changes.ts'
import type { EntryData } from './journal/entry-data.ts'
import { Marks } from './marks.ts'
import type { Facts } from './journal/facts.ts'
import type { Order } from './order-machine.ts'
import type { JournalWriter } from './journal/writer.ts'

type LevelEdge = EntryData['blockerChanged']['changes'][number]

/** Edges of levels that one journal entry of a backtest may hold; elsewhere they are written with the step that made them. */
const EDGES_PER_ENTRY = 256

/** Extremes are written down at most this often: a crash loses no more of them. */
const MARKS_EVERY_MS = 60_000

/** What the kernel tells beside journal entries and effects; each is optional and costs nothing when absent. */
export interface KernelOutputs extends KernelSink {
  /** The order itself: read it now, it changes. */
  order?(order: Order): void
  fill?(result: FillResult, order: Order): void
  alert?(alert: Alert): void
}

export interface KernelSettings {
  readonly environment: Environment
  /** As configured; `KernelState.bots` has what was added and edited since. */
  readonly bots: readonly BotConfig[]
  /** What bots that are added or edited while running may be made of; nothing when absent. */
  readonly plugins?: PluginRegistry | undefined
  readonly quoteCurrency: string
  readonly accountSafety: readonly SafetyRule[]
  readonly storeId: string
  readonly configHash: string
  /** Which lots a sale takes from. */
  readonly booking: Booking
  /** How round trips are graded. */
  readonly grading: Grading
  readonly record: RecordMode
  /** Longest age of a price that an order may use. */
  readonly staleMs: number
  /** Thresholds of the circuit breakers. */
  readonly breakers: BreakerSettings
  /** Of backtests that ask how much depends on what happens inside a candle. */
  readonly intrabar?: IntrabarOrder | undefined
}

/** All state of the kernel and the two ways to write it down. No rule stands here. */
export class KernelState implements PipelineHost {
  readonly settings: KernelSettings
  readonly durable = new DurableState()
  readonly cash = new MutableCash()
  readonly portfolio = new MutablePortfolio()
  readonly instruments = new Map<string, InstrumentState<BotRuntime>>()
  readonly bots: BotRuntime[] = []
  readonly botsById = new Map<string, BotRuntime>()
  readonly blockers = new BlockerIndex()
  readonly hash = new FastHash()
  readonly journal: JournalWriter | undefined
  readonly environmentAllowed: boolean
  /** The rules in force, patches included, and the hashes of their limits: now, and as configured. */
  rules: RuleSet
  limitsHash: string
  readonly configuredLimitsHash: string
  tripRules: readonly SafetyRule[] = []
  /** The hash of the configuration as it is now: bots may be added and edited. */
  configHash: string
  /** Changes of earlier runs that this start did not take up. */
  droppedChanges: readonly DroppedChange[] = []
  sink: KernelOutputs
  nowMs = 0 as EpochMs
  nextDayMs = Number.NaN
  /** Unrealised P&L by bot, entry fees included. */
  unrealized = new Float64Array(0)
  /** Cash plus the cost of everything held: equity without unrealised P&L. */
  bookValue = 0
  realizedToday = 0
  /** Extremes as they are now; the durable ones are as they were written. */
  readonly marks = new Marks()
  /** Deepest fall from the highest equity since that was reached. */
  fall = 0
  /** The marks have moved since they were written. */
  marksMoved = false
  marksAtMs = Number.NEGATIVE_INFINITY
  /** When the feed as a whole was last found silent. */
  feedSilentMs = Number.NEGATIVE_INFINITY
  /** Something was recorded that may trip a breaker. */
  breakersDue = false
  /** When the next tripped breaker may reset; Infinity while none resets by itself. */
  nextBreakerMs = Number.POSITIVE_INFINITY
  /** The next hour at which the account is valued; NaN before the day is open. */
  nextValuationMs = Number.NaN
  readonly intrabar: IntrabarOrder | undefined
  ambiguousCandles = 0
  evaluations = 0
  /** Closed candles of their own that bots took. */
  candleBots = 0
  blockerCounts = new Float64Array(256)
  /** The gate for orders: shut until the first successful reconcile. */
  gateOpen = false
  /** The run ends: nothing opens the gate any more. */
  ending = false
  /** Of the candle at hand: no part of it was seen before it closed. */
  inside = false
  /** Next look for feeds that went silent; NaN in a backtest. */
  nextStaleMs = Number.NaN
  /** Next moment of the five-second grid of preview evaluations; NaN when no bot wants it. */
  nextGridMs = Number.NaN
  /** True while a record is made for a reader. */
  looking = false
  /** The last failure of each plugin by bot, so that one that fails at every candle raises one alert. */
  private readonly failures = new Map<string, string>()
  private edges: LevelEdge[] = []
  /** A backtest packs edges: each carries its own time, and no restart reads them. */
  private readonly packed: boolean

  constructor(settings: KernelSettings, journal: JournalWriter | undefined, sink: KernelOutputs) {
    this.settings = settings
    this.configHash = settings.configHash
    this.intrabar = settings.intrabar
    this.packed = settings.environment === 'backtest'
    this.journal = journal
    this.sink = sink
    this.durable.ledger.bookBy(settings.booking)
    this.durable.analytics.grading = settings.grading
    this.environmentAllowed = settings.environment !== 'live' || settings.accountSafety.some((rule) => rule.code === 'ENVIRONMENT')
    this.rules = configuredRules(settings)
    this.configuredLimitsHash = limitsHash(this.rules, settings.breakers)
    this.limitsHash = this.configuredLimitsHash
    this.putRules(this.rules, this.limitsHash)
  }

  putRules(rules: RuleSet, hash: string): void {
    this.rules = rules
    this.limitsHash = hash
    const all = [...rules.account, ...rules.bots.flatMap((bot) => bot.rules)]
    this.tripRules = all.filter((rule) => rule.trips !== undefined && rule.stops !== 'bot')
  }

  /** Applies a fact to the durable state and hands it to the journal. The only way money state changes. */
  record<T extends EntryType>(type: T, botId: string | undefined, data: Facts[T]): void {
    this.durable.apply(type, this.nowMs, botId, data)
    if (type === 'alert' || type === 'intent') this.breakersDue = true
    if (this.journal === undefined) return
    if (!this.packed) this.flushEdges()
    this.sink.entry(this.journal.write(type, this.nowMs, botId, data))
  }

  /**
   * Notes that a bot's level changed. Kept apart from `record`, because it is frequent and the runtime itself is the
   * truth while it runs; only a recovery reads it back.
   */
  recordEdge(edge: LevelEdge): void {
    this.edges.push(edge)
    if (this.edges.length >= EDGES_PER_ENTRY) this.flushEdges()
  }

  get lossUntilMs(): number | undefined {
    return this.durable.latches.lossUntilMs
  }

  get accountPaused(): boolean {
    return this.durable.latches.paused
  }

  /** Why nothing leaves: the breaker that halted, or the emergency stop. Undefined while trading is not halted. */
  get haltCode(): BlockerCode | undefined {
    const { haltedBy, breakers } = this.durable.latches
    if (haltedBy === 'invariant') return 'BREAKER_LEDGER_MISMATCH'
    if (haltedBy === 'emergencyStop') return 'EMERGENCY_STOP'
    return breakers.has('orderStorm') ? 'BREAKER_ORDER_STORM' : undefined
  }

  tripped(breakerId: string): boolean {
    return this.durable.latches.breakers.has(breakerId)
  }

  get ruleTripped(): boolean {
    for (const id of this.durable.latches.breakers.keys()) if (id !== DRAWDOWN && !Object.hasOwn(circuitBreakers, id)) return true
    return false
  }

  breakerUntilMs(breakerId: string): number {
    const { latches } = this.durable
    const breaker = latches.breakers.get(breakerId)
    if (breaker === undefined || !isQuietBreaker(breakerId)) return Number.NaN
    const silentMs = breakerId === 'dataGap' ? this.feedSilentMs : Number.NEGATIVE_INFINITY
    return Math.max(breaker.sinceMs, latches.lastIncidentMs(breakerId), silentMs) + this.settings.breakers[breakerId].quiet
  }

  remember(botId: string, strategyId: string, memory: MemoryCell, next: Json): void {
    const text = canonicalText(next)
    if (text === memory.text) return
    const state = JSON.parse(text) as Json
    memory.put(state, text)
    this.record('strategyState', botId, { strategy: strategyId, state: state as never })
    this.hash.text(botId)
    this.hash.text(text)
  }

  cancel({ clientOrderId, venueOrderId, instrument }: WorkingOrder): void {
    this.sink.effect({ type: 'cancel', order: { clientOrderId, ...(venueOrderId === undefined ? {} : { venueOrderId }), instrument } })
  }

  endStep(): void {
    if (this.marksMoved && this.nowMs - this.marksAtMs >= MARKS_EVERY_MS) this.keepMarks()
    if (this.edges.length > 0 && !this.packed) this.flushEdges()
  }

  /** Writes the extremes down, if they moved and a restart will read them. */
  keepMarks(): void {
    if (!this.marksMoved) return
    this.marksMoved = false
    this.marksAtMs = this.nowMs
    if (this.packed) return
    this.gatherMarks()
    this.record('marks', undefined, this.marks.data())
  }

  /** Brings the bots' part of the marks up to date: of those whose rules look at it. */
  gatherMarks(): void {
    const { botPeakLoss } = this.marks
    botPeakLoss.clear()
    for (const { config, view, tripRules } of this.bots) if (tripRules.length > 0 && view.today.peakLoss > 0) botPeakLoss.set(config.id, view.today.peakLoss)
  }

  /** Edges that a backtest has not written yet, for snapshots. */
  heldEdges(): readonly LevelEdge[] {
    return [...this.edges]
  }

  holdEdges(edges: readonly LevelEdge[]): void {
    this.edges = [...edges]
  }

  /** Writes the pending edges, so that entries stay in the order of their facts. */
  flushEdges(): void {
    if (this.edges.length === 0 || this.journal === undefined) return
    const changes = this.edges as [LevelEdge, ...LevelEdge[]]
    this.edges = []
    this.sink.entry(this.journal.write('blockerChanged', this.nowMs, undefined, { changes }))
  }

  /** What failing plugins have said, so that a restored kernel does not say it again. */
  failuresSnapshot(): readonly (readonly [plugin: string, detail: string])[] {
    return [...this.failures]
  }

  restoreFailures(failures: readonly (readonly [plugin: string, detail: string])[]): void {
    this.failures.clear()
    for (const [plugin, detail] of failures) this.failures.set(plugin, detail)
  }

  pluginFailed(code: string, plugin: string, error: unknown, botId: string): void {
    // Looking at a decision runs rules again; a look must leave no trace.
    if (this.looking) return
    const detail = `${plugin}: ${error instanceof Error ? error.message : String(error)}`
    const key = `${botId}/${plugin}`
    if (this.failures.get(key) === detail) return
    this.failures.set(key, detail)
    this.alert(code, 'critical', detail, botId)
  }

  alert(code: string, severity: Alert['severity'], detail: string, botId?: string): void {
    this.record('alert', botId, { code, severity, detail })
    this.sink.alert?.({ code, severity, detail, botId, atMs: this.nowMs })
  }
}
