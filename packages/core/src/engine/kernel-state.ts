import type { BotConfig } from '../contracts/bot-config.ts'
import type { EntryType } from '../contracts/journal.ts'
import type { KernelSink } from '../contracts/kernel.ts'
import type { Alert } from '../contracts/engine.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { RecordMode } from '../model/decision.ts'
import type { Environment } from '../model/environment.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'
import { MutableCash, MutablePortfolio } from '../pipeline/views.ts'
import { BlockerIndex } from '../pipeline/blocker-index.ts'
import type { MemoryCell } from '../pipeline/memory-cell.ts'
import type { PipelineHost, WorkingOrder } from '../pipeline/pipeline-host.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { Booking } from '../ledger/lots.ts'
import type { FillResult } from '../ledger/own-fill.ts'
import { canonicalText } from './canonical.ts'
import { DurableState } from './durable-state.ts'
import { FastHash } from './fast-hash.ts'
import type { InstrumentState } from '../pipeline/instrument-state.ts'
import type { EntryData } from './journal/entry-data.ts'
import type { Facts } from './journal/facts.ts'
import type { Order } from './order-machine.ts'
import type { JournalWriter } from './journal/writer.ts'

type LevelEdge = EntryData['blockerChanged']['changes'][number]

/** Edges of levels that one journal entry of a backtest may hold; elsewhere they are written with the step that made them. */
const EDGES_PER_ENTRY = 256

/** What the kernel tells beside journal entries and effects; each is optional and costs nothing when absent. */
export interface KernelOutputs extends KernelSink {
  /** The order itself: read it now, it changes. */
  order?(order: Order): void
  fill?(result: FillResult, order: Order): void
  alert?(alert: Alert): void
}

export interface KernelSettings {
  readonly environment: Environment
  readonly bots: readonly BotConfig[]
  readonly quoteCurrency: string
  readonly accountSafety: readonly SafetyRule[]
  readonly storeId: string
  readonly configHash: string
  /** Which lots a sale takes from. */
  readonly booking: Booking
  readonly record: RecordMode
  /** Longest age of a price that an order may use. */
  readonly staleMs: number
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
  readonly tripRules: readonly SafetyRule[]
  sink: KernelOutputs
  nowMs = 0 as EpochMs
  nextDayMs = Number.NaN
  /** Unrealised P&L by bot, entry fees included. */
  unrealized = new Float64Array(0)
  /** Cash plus the cost of everything held: equity without unrealised P&L. */
  bookValue = 0
  realizedToday = 0
  peakEquity = Number.NEGATIVE_INFINITY
  maxDrawdown = 0
  evaluations = 0
  /** Closed candles of their own that bots took. */
  candleBots = 0
  blockerCounts = new Float64Array(256)
  /** The gate for orders: shut until the first successful reconcile. */
  gateOpen = false
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
    this.packed = settings.environment === 'backtest'
    this.journal = journal
    this.sink = sink
    this.durable.ledger.bookBy(settings.booking)
    this.environmentAllowed = settings.environment !== 'live' || settings.accountSafety.some((rule) => rule.code === 'ENVIRONMENT')
    const rules = [...settings.accountSafety, ...settings.bots.flatMap((bot) => bot.safety)]
    this.tripRules = rules.filter((rule) => rule.trips !== undefined)
  }

  /** Applies a fact to the durable state and hands it to the journal. The only way money state changes. */
  record<T extends EntryType>(type: T, botId: string | undefined, data: Facts[T]): void {
    this.durable.apply(type, this.nowMs, botId, data)
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

  get lossLatched(): boolean {
    return this.durable.lossLatchUntilMs !== undefined
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
    if (this.edges.length > 0 && !this.packed) this.flushEdges()
  }

  /** Edges that a backtest has not written yet, for snapshots. */
  heldEdges(): readonly LevelEdge[] {
    return this.edges
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
