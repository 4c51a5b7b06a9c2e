import type { Observable } from 'rxjs'
import type { Analytics } from './analytics.ts'
import type { BotChangeReport, BotsInForce } from './bot-change.ts'
import type { BotChart, ChartQuery } from './bot-chart.ts'
import type { JournalEntry } from './journal.ts'
import type { Readiness } from './readiness.ts'
import type { FillRecord, OrderRecord, PositionRecord, ReconcileReport } from './records.ts'
import type { RunSummary } from './run-summary.ts'
import type { ProjectionRow, ReadQuery } from './store.ts'
import type { EngineTimings } from './timings.ts'
import type { TradePlan, TradeReport, TradeWish } from './trade-wish.ts'
import type { Blocker, Decision, Outcome } from '../model/decision.ts'
import type { LimitsPatch } from './events.ts'
import type { Environment, TradingState } from '../model/environment.ts'
import type { Json } from '../model/json.ts'
import type { Side } from '../model/order.ts'
import type { SignalComponent } from '../model/signal.ts'
import type { TemperatureName } from '../model/temperature.ts'
import type { EpochMs } from '../model/time.ts'

/** Something a person should know, with its code. */
export interface Alert {
  readonly code: string
  readonly severity: 'info' | 'warning' | 'critical'
  readonly detail: string
  readonly botId: string | undefined
  readonly atMs: EpochMs
}

/** Everything a page shows of one bot, from the engine's own slots: never recomputed elsewhere. */
export interface BotState {
  readonly id: string
  readonly instrument: string
  readonly timeframeMs: number
  readonly paused: boolean
  /** NaN-free: undefined before the first price. */
  readonly price: number | undefined
  readonly priceAtMs: EpochMs | undefined
  /** now - priceAtMs. */
  readonly priceAgeMs: number | undefined
  /** Decimal places of the instrument's price increment, for display. */
  readonly priceDecimals: number
  readonly score: number | undefined
  readonly components: readonly SignalComponent[]
  readonly temperature: TemperatureName
  /** What the score asks for: the engine's action, not derived by the reader. */
  readonly action: 'buy' | 'sell' | 'hold'
  readonly outcome: Outcome
  readonly confirmation: {
    readonly side: Side | undefined
    readonly sinceMs: EpochMs | undefined
    readonly requiredMs: number
    /** 0..1 */ readonly progress: number
  }
  readonly readiness: Readiness
  /** The primary blocker of the last evaluation: a level, with the time since when it stands. */
  readonly blocker: Blocker | undefined
  readonly position: PositionRecord
  readonly realizedPnl: string
  readonly unrealizedPnl: string
  readonly fees: string
  readonly workingOrder: OrderRecord | undefined
  readonly lastFill: FillRecord | undefined
  readonly tradesToday: number
}

/** Every limit in force. */
export interface LimitsInForce {
  /** SHA-256 over `limits`, stored with every order. */
  readonly hash: string
  /** The hash of the limits as configured: another one than `hash` when they were tightened while running. */
  readonly configuredHash: string
  /** Rules by id with their parameters: of the account, the breakers, of each bot. */
  readonly limits: Json
}

/** A circuit breaker that is tripped. */
export interface BreakerState {
  readonly id: string
  /** Its blocker code. */
  readonly code: string
  readonly action: 'reducing' | 'halted'
  readonly sinceMs: EpochMs
  /** When it resets if nothing more happens; undefined when it waits for a person. */
  readonly untilMs: EpochMs | undefined
  readonly detail: string
}

/** Everything a page shows, at one moment: money as decimal text, times in ms. */
export interface EngineState {
  readonly environment: Environment
  readonly tradingState: TradingState
  /** Why the trading state is not `active`; undefined when it is. */
  readonly tradingStateReason: string | undefined
  readonly nowMs: EpochMs
  readonly startedAtMs: EpochMs
  readonly market: { readonly id: string; readonly text: string; readonly notes: readonly string[] }
  readonly quoteCurrency: string
  /** Cash plus coins at the last price. */
  readonly equity: string
  readonly cash: { readonly total: string; readonly available: string; readonly reserved: string }
  readonly coins: string
  readonly realizedPnl: string
  readonly unrealizedPnl: string
  readonly fees: string
  /** Largest fall of equity from a peak, in quote, as a positive amount. */
  readonly maxDrawdown: string
  readonly today: { readonly loss: number; readonly peakLoss: number; readonly trades: number }
  /** Tripped ones only, in the order in which they tripped. */
  readonly breakers: readonly BreakerState[]
  readonly bots: readonly BotState[]
  /** Newest first, at most 50. */
  readonly lastFills: readonly FillRecord[]
  /** Newest first, at most 50. */
  readonly alerts: readonly Alert[]
  readonly lastSeq: number
  readonly journalHash: string
}

/** Proof of a stop: the moment the durable latch closed the gate, and what was done about open orders. */
export interface EmergencyStopReport {
  readonly gateClosedAtMs: EpochMs
  readonly cancelled: readonly string[]
  readonly unresolved: readonly string[]
}

/** What an engine tells while it runs, by name. */
export interface EngineEvents {
  decision: (decision: Decision) => void
  order: (order: OrderRecord) => void
  fill: (fill: FillRecord) => void
  position: (position: PositionRecord) => void
  alert: (alert: Alert) => void
  state: (state: EngineState) => void
}

/** Bots at work on one account: started once, asked and commanded while it runs. */
export interface Engine {
  readonly decisions$: Observable<Decision>
  readonly orders$: Observable<OrderRecord>
  readonly fills$: Observable<FillRecord>
  readonly positions$: Observable<PositionRecord>
  readonly alerts$: Observable<Alert>
  /** Replays the current value; at most a few times a second. The others are hot and replay nothing. */
  readonly state$: Observable<EngineState>
  /** Resolves when recovered, reconciled and running. */
  start(): Promise<void>
  /** Resolves when the market has ended or the engine was stopped. */
  readonly finished: Promise<RunSummary>
  /** Ends the run; working orders stay as they are and are taken up by the next start. */
  stop(): Promise<RunSummary>
  /** Entries off, exits on; of one bot or of all. */
  pause(botId?: string): void
  resume(botId?: string): void
  emergencyStop(options?: { readonly cancelOpenOrders?: boolean }): Promise<EmergencyStopReport>
  /** The only way out of `halted`, after a successful reconcile. */
  rearm(): Promise<void>
  /**
   * Holds the books against the venue's account now: the same comparison as at a start, after a gap and every 45 s. On paper there is nothing but the books themselves.
   *
   * @throws EngineError (rejected) `RECONCILE_FAILED` when the venue cannot be asked; nothing leaves until it can
   */
  reconcile(): Promise<ReconcileReport>
  /** The limits in force, patches included. */
  limits(): LimitsInForce
  /**
   * Tightens limits while running; they loosen only at a restart. A patch is kept: the next start with the same configured limits tightens again.
   *
   * @throws ConfigError (rejected) with every problem: path, what is in force, what was asked for; nothing is changed then
   */
  patchLimits(patch: LimitsPatch): Promise<LimitsInForce>
  /** Every bot as it is now, with what was changed of it while running. */
  bots(): BotsInForce
  /**
   * Adds a bot while running: `settings` is what would stand in the list `bots` of a configuration file. It is warmed up from the market's past, written down, kept over
   * restarts, and decides from the next candle on.
   *
   * @throws ConfigError (rejected) with every problem: path, expected, received; nothing is changed then
   */
  addBot(settings: Json): Promise<BotChangeReport>
  /**
   * Replaces settings of a bot while running, each as a whole; `settings` holds only those that are to be others. It goes on with its position, orders and counters, waits for
   * its confirmation anew, and decides by the new settings from the next candle on. Kept over restarts, each setting until the configuration says something else of it than
   * now. Limits only tighten.
   *
   * @throws EngineError (rejected) `UNKNOWN_BOT`; ConfigError (rejected) with every problem, and nothing is changed then
   */
  editBot(botId: string, settings: Json): Promise<BotChangeReport>
  /**
   * Retires a bot while running: it makes no entries any more and sells what it holds by its own exits, or with `close` at market at once. One that was added while running is
   * gone at the start after it holds nothing; a configured one stays until it is taken out of the configuration.
   *
   * @throws EngineError (rejected) `UNKNOWN_BOT`
   */
  retireBot(botId: string, options?: { readonly close?: boolean }): Promise<BotChangeReport>
  /** Resets a circuit breaker that is tripped and only reduces; one that halted is reset by `rearm`. */
  resetBreaker(id: string): void
  /** Sells what the bots hold at market, in any trading state. */
  flatten(botId?: string): void
  /**
   * What would come of a trade that a person asks for, at this moment: every gate, every rule, and the order. Nothing is changed by asking.
   *
   * @throws EngineError `UNKNOWN_BOT`; RangeError when the amount or share is none
   */
  planTrade(wish: TradeWish): TradePlan
  /**
   * Trades because a person asks for it: no confirmation, the same gates and rules as every other trade. Written down first, then sent. A refusal is an answer, not an error.
   *
   * @throws EngineError `UNKNOWN_BOT`; RangeError when the amount or share is none
   */
  trade(wish: TradeWish): Promise<TradeReport>
  /**
   * Pays money in: more cash, no P&L. `amount` > 0 as decimal text. Also coins: they are shown apart and belong to no bot.
   *
   * @throws RangeError (rejects) when the amount is no plain number above 0
   */
  deposit(currency: string, amount: string, reason?: string): Promise<void>
  /**
   * Takes money out: less cash, no loss.
   *
   * @throws RangeError (rejects) when the amount is no plain number above 0, or more than no order has promised
   */
  withdraw(currency: string, amount: string, reason?: string): Promise<void>
  /** What came of the trading so far, over all runs of the store. */
  analytics(): Analytics
  /** The level in place, materialised now. */
  explain(botId: string): Decision
  /**
   * The bot's last decision at or before a moment: read back where the journal holds that very one, else made again from the nearest checkpoint over the market's own
   * events, and held against the journal on the way. Rejects with `UNKNOWN_BOT`, or `NOT_EXPLAINABLE` and why.
   */
  explain(botId: string, options: { readonly at: EpochMs }): Promise<Decision>
  /** Closed candles of a bot's instrument and timeframe up to now, with the readings of its own indicators beside them. */
  chart(botId: string, query: ChartQuery): Promise<BotChart>
  /** Entries of the journal, oldest first. @throws EngineError `NO_STORE` in a backtest that keeps none */
  read(query: ReadQuery): readonly JournalEntry[]
  /** Rows of a projection (`orders`, `fills`, `executions`, `round_trips`, …), by key. @throws EngineError `NO_STORE` in a backtest that keeps none */
  rows(table: string): readonly ProjectionRow[]
  state(): EngineState
  summary(): RunSummary
  /** How long the store and a real venue kept the engine waiting, in classes: for watching, never for decisions. */
  timings(): EngineTimings
  on<E extends keyof EngineEvents>(event: E, listener: EngineEvents[E]): () => void
}

/** The four methods a logger needs. */
export interface Logger {
  debug(message: string, fields?: Json): void
  info(message: string, fields?: Json): void
  warn(message: string, fields?: Json): void
  error(message: string, fields?: Json): void
}

export type { Readiness, ReadinessBlocker } from './readiness.ts'
export type { FillRecord, OrderRecord, PositionRecord, ReconcileReport, TrancheRecord } from './records.ts'
