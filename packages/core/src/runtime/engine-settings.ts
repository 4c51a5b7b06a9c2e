import type { BotConfig } from '../contracts/bot-config.ts'
import type { Clock } from '../contracts/clock.ts'
import type { At } from '../contracts/crash-point.ts'
import type { Logger } from '../contracts/engine.ts'
import type { Exchange } from '../contracts/exchange.ts'
import type { MarketSource } from '../contracts/market-source.ts'
import type { PluginRegistry } from '../config/built-ins.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { StoreFactory } from '../contracts/store.ts'
import type { BreakerSettings } from '../safety/circuit-breakers.ts'
import type { Grading } from '../ledger/analytics/grade.ts'
import type { Booking } from '../ledger/lots.ts'
import type { RecordMode } from '../model/decision.ts'
import type { ShadowVenue } from './shadow/shadow-venue.ts'
import type { RecordingSink } from './recording/recording-sink.ts'
import type { Environment } from '../model/environment.ts'
import type { Json } from '../model/json.ts'

/** The options of an engine with every default in place. */
export interface EngineSettings {
  readonly market: MarketSource
  /** A simulated one is driven in the total order of events, a real one answers in its own time. */
  readonly exchange: Exchange
  /** Undefined: nothing is written down (backtests only). */
  readonly store: StoreFactory | undefined
  readonly bots: readonly BotConfig[]
  readonly safety: readonly SafetyRule[]
  readonly environment: Environment
  readonly config: Json
  readonly booking: Booking
  readonly breakers: BreakerSettings
  readonly keepLimitPatches: boolean
  readonly keepBotChanges: boolean
  /** What bots that are added or edited while running may be made of. */
  readonly plugins: PluginRegistry
  /** Settings of an added bot unless it says otherwise. */
  readonly newBots: Json | undefined
  readonly grading: Grading
  readonly staleMs: number
  readonly record: RecordMode
  readonly clock: Clock
  readonly logger: Logger | undefined
  /** Undefined: no simulation runs beside the exchange. */
  readonly shadow: ShadowVenue | undefined
  /** Undefined: the run is not recorded. */
  readonly recording: RecordingSink | undefined
  /** Undefined: nothing is to crash. */
  readonly at: At | undefined
}
