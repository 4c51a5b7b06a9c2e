import type { BotConfig } from '../contracts/bot-config.ts'
import type { Clock } from '../contracts/clock.ts'
import type { At } from '../contracts/crash-point.ts'
import type { Engine, Logger } from '../contracts/engine.ts'
import type { Exchange } from '../contracts/exchange.ts'
import type { MarketSource } from '../contracts/market-source.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { StoreFactory } from '../contracts/store.ts'
import type { RecordMode } from '../model/decision.ts'
import type { ShadowVenue } from './shadow/shadow-venue.ts'
import type { RecordingSink } from './recording/recording-sink.ts'
import type { Environment } from '../model/environment.ts'
import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { breakerSettings } from '../safety/circuit-breakers.ts'
import type { BreakerOptions } from '../safety/circuit-breakers.ts'
import { strictSafety } from '../safety/strict-safety.ts'
import { durationMs } from '../model/time.ts'
import type { Duration } from '../model/time.ts'
import { isSimulated } from './account-side.ts'
import { BotEngine } from './bot-engine.ts'
import { botProblems } from '../config/bot-problems.ts'
import { noPlugins } from '../config/bot-settings.ts'
import type { PluginRegistry } from '../config/built-ins.ts'
import { configOf } from '../config/config-of.ts'
import { accountDefaults } from '../config/defaults.ts'
import { gradingSchema } from '../ledger/analytics/grade.ts'
import type { GradingOptions } from '../ledger/analytics/grade.ts'
import { parseParams } from '../model/params.ts'
import type { Booking } from '../ledger/lots.ts'
import { systemClock } from './system-clock.ts'

/** What `createEngine` takes: market, exchange, bots, and what has a default. */
export interface EngineOptions {
  readonly market: MarketSource
  /** Simulated (`paper()`), or a real venue's: then the market is live and `environment` is the exchange's. */
  readonly exchange: Exchange
  /**
   * Where the journal stands. A backtest may do without: then nothing is written down, which is several times faster, and
   * `journalHash` is the kernel's fast hash over levels and fills.
   */
  readonly store?: StoreFactory
  /** At least one; ids are unique. */
  readonly bots: readonly BotConfig[]
  /** Rules for every bot of the account, besides each bot's own; `strictSafety()` when left out. */
  readonly safety?: readonly (SafetyRule | readonly SafetyRule[])[]
  /** Ids of plugin rules with `appliesTo: 'all'` that may hold back exits as well. */
  readonly mayBlockExits?: readonly string[]
  /** Default `paper`. */
  readonly environment?: Environment
  /**
   * Which lots a sale takes from: the oldest first (`fifo`, the default), or the same share of each, so that sales leave the average entry unchanged
   * (`average`). A store is not opened with another one while a bot holds something.
   */
  readonly booking?: Booking
  /** Thresholds of the circuit breakers; `breakerDefaults` when left out. */
  readonly breakers?: BreakerOptions
  /** False: a start takes the limits as configured, although they were tightened while running. Default true. */
  readonly keepLimitPatches?: boolean
  /** What bots that are added or edited while running may be made of: `builtIns`, or a registry of your own. Without one only settings that name no plugin can be edited. */
  readonly plugins?: PluginRegistry
  /** Settings of an added bot unless it says otherwise: `defaults` of a configuration file. */
  readonly newBots?: Json
  /** False: a start takes the bots as configured, although some were added or edited while running. Default true. */
  readonly keepBotChanges?: boolean
  /** How round trips are graded; what is left out is as in `defaultGrading`. */
  readonly grading?: GradingOptions
  /** What the configuration file says, for the journal; by default a description made from the bots. */
  readonly config?: Json
  /** Longest age of a price that a preview evaluation may use; default 30 s. */
  readonly staleAfter?: Duration
  /** Which decisions `decisions$` gives out; default level changes and orders. */
  readonly record?: RecordMode
  /** For markets in wall time. */
  readonly clock?: Clock
  readonly logger?: Logger
  /** A simulated venue beside the exchange: `shadowVenue()`. It fills the same orders on the same market, so that both can be compared, and changes nothing. */
  readonly shadow?: ShadowVenue
  /** Takes everything that comes from outside, line by line, so that `replayRecording` can run it again: `recordingFile(path)` of `@millrace/core/node`. */
  readonly recording?: RecordingSink
  /** For crash tests: does what is done at a named place, and may end the process before or after it. */
  readonly at?: At
}

/**
 * Makes an engine: it recovers from its store, reconciles, and then runs its bots on the market until that ends or it is stopped.
 *
 * @throws ConfigError with every problem found
 * @example
 * ```ts
 * const engine = createEngine({
 *   market: simulatedMarket({ seed: 7, until: '1h', speed: 'max', instruments: ['BTC-USD'] }),
 *   exchange: paper({ cash: { USD: '1000' } }),
 *   bots: [bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy: weightedSignals() })],
 *   environment: 'backtest',
 * })
 * await engine.start()
 * const { candles } = await engine.finished
 * candles // => 60
 * ```
 */
export function createEngine(options: EngineOptions): Engine {
  const safety = (options.safety ?? [strictSafety()]).flat()
  const problems = optionProblems(options, safety)
  if (problems.length > 0) throw new ConfigError(problems)
  const breakers = breakerSettings(options.breakers)
  const grading = parseParams(gradingSchema, options.grading ?? {}, 'grading')
  return new BotEngine({
    market: options.market,
    exchange: options.exchange,
    store: options.store,
    bots: options.bots,
    safety,
    environment: options.environment ?? 'paper',
    config: options.config ?? configOf(options.bots, safety, { booking: options.booking, grading, breakers }),
    booking: options.booking ?? accountDefaults.booking,
    grading,
    breakers,
    keepLimitPatches: options.keepLimitPatches ?? true,
    keepBotChanges: options.keepBotChanges ?? true,
    plugins: options.plugins ?? noPlugins,
    newBots: options.newBots,
    staleMs: durationMs(options.staleAfter ?? '30s'),
    record: options.record ?? 'changes',
    clock: options.clock ?? systemClock(),
    logger: options.logger,
    recording: options.recording,
    shadow: options.shadow,
    at: options.at,
  })
}

function optionProblems(options: EngineOptions, safety: readonly SafetyRule[]): ConfigProblem[] {
  const problems = botProblems(options.bots, safety, options.mayBlockExits ?? [])
  const environment: string | undefined = options.environment
  if (options.store === undefined && environment !== 'backtest')
    problems.push({ path: 'store', expected: 'a store such as memoryStore(): only a backtest may do without', received: 'none' })
  return [...problems, ...exchangeProblems(options)]
}

/** Paper never meets a real account, and live never a simulated one. */
function exchangeProblems({ exchange, market, environment = 'paper' }: EngineOptions): ConfigProblem[] {
  if (isSimulated(exchange)) {
    if (environment !== 'live') return []
    return [{ path: 'environment', expected: 'backtest or paper with a simulated exchange', received: 'live' }]
  }
  const problems: ConfigProblem[] = []
  if (environment !== exchange.environment)
    problems.push({ path: 'environment', expected: `${exchange.environment}, as the exchange ${exchange.id} says`, received: environment })
  if (market.timeline !== 'wall') problems.push({ path: 'market', expected: 'a live one: a real venue does not wait for simulated time', received: market.id })
  return problems
}
