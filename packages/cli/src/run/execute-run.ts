import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { coinbaseMarket } from '@millrace/coinbase-adapter'
import { createEngine, memoryStore, paper } from '@millrace/core'
import type {
  Engine,
  EngineOptions,
  Environment,
  Exchange,
  SafetyRule,
  MarketDescription,
  MarketSource,
  ParsedConfig,
  RunSummary,
  StoreFactory,
  Json,
} from '@millrace/core'
import { warningLines } from '../config/feasibility-text.ts'
import { possible } from '../config/possible.ts'
import { moduleLines, readConfig, readConfigData } from '../config/read-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { sayLine } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { limitsText } from '../text/limits.ts'
import { narrate } from './narrate.ts'
import { nothingLeft } from './nothing-left.ts'
import { openModuleExchange } from './open-adapter.ts'
import { openMarket } from './open-market.ts'
import { openRecording } from './open-recording.ts'
import { openLive, openRehearsal } from './open-venue.ts'
import type { OpenVenue } from './open-venue.ts'
import type { OpenCoinbase } from './open-market.ts'
import { showProgress } from './progress.ts'
import { reportText, runReport } from './report.ts'
import type { RunReport } from './report.ts'
import { rearmHalted } from './rearm-halted.ts'
import { openShadow, shadowReport } from './run-shadow.ts'
import { environmentOf, isModuleName, storePathOf } from './settings.ts'
import type { ModuleName, RunSettings } from './settings.ts'
import { startWatchdog } from '../watchdog/watchdog.ts'
import type { StartWatchdog } from '../watchdog/watchdog.ts'
import { onStopSignals } from './stop-signals.ts'
import type { StopSignals } from './stop-signals.ts'
import { mustBeWritable, writeAtomically } from './write-atomically.ts'

/** What a page is, as far as the runner is concerned. */
export interface RunPage {
  readonly url?: string
  close(): Promise<void>
}

/** What an application may know of a run. */
interface RunInfo {
  readonly settings: RunSettings
  /** The file of the store, or `:memory:`. */
  readonly storePath: string
  readonly market: MarketSource
  print(line: string): void
}

/** How an application takes part in a run. */
export interface RunHooks {
  /** What the help calls the command; `millrace run` if left out. */
  readonly commandName?: string
  /** Called with the engine before it starts, unless `--no-web` was given: serve a page, and say where. A throw ends the run before it began. */
  onEngine?(engine: Engine, info: RunInfo): Promise<RunPage | undefined>
}

/** What a run is made with; tests put others in. */
export interface RunParts {
  readonly createEngine: typeof createEngine
  readonly listenForStop: (exit: (code: number, why: string) => void) => StopSignals
  readonly exit: (code: number) => void
  readonly startWatchdog: StartWatchdog
  readonly openCoinbase: OpenCoinbase
  readonly openLive: (settings: RunSettings, config: ParsedConfig) => Promise<OpenVenue>
  readonly openRehearsal: (settings: RunSettings, config: ParsedConfig) => Promise<OpenVenue>
}

const realParts: RunParts = {
  createEngine,
  listenForStop: (exit) => onStopSignals(process, exit),
  exit: (code) => process.exit(code),
  startWatchdog,
  openCoinbase: coinbaseMarket,
  openLive,
  openRehearsal,
}

/** Runs the bots of a configuration until the market ends or somebody stops them; resolves to the exit code. */
export async function executeRun(settings: RunSettings, terminal: Terminal, hooks: RunHooks = {}, others: Partial<RunParts> = {}): Promise<ExitCode> {
  const parts = { ...realParts, ...others }
  const startedMs = performance.now()
  const say = (line: string): void => sayLine(terminal.err, line)
  if (typeof settings.json === 'string') mustBeWritable(settings.json)
  const config = await readConfig(settings.config, settings.timeframeMs === undefined ? {} : { timeframeMs: settings.timeframeMs })
  const environment = environmentOf(settings)
  refuseEnvironment(config, environment)
  const orders = await openOrders(settings, config, parts)
  const { market, exchange, safety, lines } = orders
  for (const line of lines) say(line)
  for (const warning of await unwise(settings, config, orders)) say(warning)
  const storePath = storePathOf(settings)
  const shadow = settings.shadow ? openShadow(config.account, config.bots) : undefined
  const engine = parts.createEngine({
    market,
    exchange,
    ...(storePath === ':memory:' && environment === 'backtest' ? {} : { store: await openStore(storePath, environment) }),
    bots: config.bots,
    plugins: config.plugins,
    ...newBotsOf(settings),
    safety,
    mayBlockExits: config.account.mayBlockExits,
    booking: config.account.booking,
    breakers: config.account.breakers,
    grading: config.account.grading,
    environment,
    config: config.json,
    ...(shadow === undefined ? {} : { shadow }),
    ...(settings.record === undefined ? {} : { recording: openRecording(settings.record, settings, config) }),
  })

  const signals = parts.listenForStop((code, why) => {
    say(why)
    parts.exit(code)
  })
  void signals.requested.then((signal) => say(`${signal}: stopping; once more ends the process at once`))
  const marketFailure = watchMarket(engine, market)
  const quiet = narrate(engine, say, { fills: environment !== 'backtest' })
  const watchdog = parts.startWatchdog(settings.watchdogMs)
  let page: RunPage | undefined
  try {
    page = settings.web ? await hooks.onEngine?.(engine, { settings, storePath, market, print: say }) : undefined
    say(
      `${config.bots.length} ${config.bots.length === 1 ? 'bot' : 'bots'} from ${basename(settings.config)}; environment ${environment}: ${pace[environment]}; store ${storePath}`,
    )
    for (const line of moduleLines(config.modules)) say(line)
    if (storePath !== ':memory:') watchdog.guard((await import('@millrace/sqlite-store')).haltFilePath(storePath))
    await engine.start()
    say(`engine pid ${process.pid}`)
    if (settings.rearm) await rearmHalted(engine, say)
    for (const line of limitsText(engine.limits())) say(line)
    if (page?.url !== undefined) say(`page: ${page.url}`)
    sayMarket(engine, market, storePath, say)
    const summary = await runToEnd(engine, market.describe(), signals, settings, terminal)
    const report = runReport(summary, { market: market.id, seed: settings.seed, wallMs: performance.now() - startedMs })
    writeResult(shadow === undefined ? report : { ...report, shadow: shadowReport(shadow.orders()) }, engine.state().quoteCurrency, settings, terminal)
    return endOf(engine, marketFailure(), say)
  } finally {
    quiet()
    try {
      await page?.close()
      await orders.close()
    } finally {
      signals.dispose()
      await watchdog.stop()
    }
  }
}

function sayMarket(engine: Engine, market: MarketSource, storePath: string, say: (line: string) => void): void {
  const { text, notes } = market.describe()
  say(`market: ${text}`)
  for (const note of [...notes, ...nothingLeft(engine, market, storePath)]) say(`  ${note}`)
}

const pace = { backtest: 'as fast as possible', paper: 'simulated orders at the pace of the clock', live: 'orders leave this process' } as const

/** Prices and where orders go, with what closes both. */
async function openOrders(
  settings: RunSettings,
  config: ParsedConfig,
  parts: RunParts,
): Promise<{
  readonly market: MarketSource
  readonly exchange: Exchange
  readonly safety: readonly SafetyRule[]
  readonly lines: readonly string[]
  close(): Promise<void>
}> {
  if (settings.exchange === 'coinbase') return parts.openLive(settings, config)
  if (settings.exchange === 'simulator') return parts.openRehearsal(settings, config)
  const market = await openMarket(settings, config, parts.openCoinbase)
  const { cash, fees, safety } = config.account
  if (isModuleName(settings.exchange)) return ordersAt(settings.exchange, settings, config, market)
  return { market, exchange: paper({ cash, fees }), safety, lines: [], close: () => market.close() }
}

/** Prices as named, orders at the venue of a module; a market whose venue cannot be had is closed again. */
async function ordersAt(name: ModuleName, settings: RunSettings, config: ParsedConfig, market: MarketSource): ReturnType<typeof openOrders> {
  try {
    const exchange = await openModuleExchange(name, settings, config)
    const close = async (): Promise<void> => {
      await exchange.close()
      await market.close()
    }
    return { market, exchange, safety: config.account.safety, lines: [`LIVE: real orders at ${exchange.id}, opened by ${name}`], close }
  } catch (error) {
    await market.close()
    throw error
  }
}

/** What is unwise, one line each; a market of a configuration that cannot be is closed again. */
async function unwise(
  settings: RunSettings,
  config: ParsedConfig,
  { market, close }: { readonly market: MarketSource; readonly close: () => Promise<void> },
): Promise<readonly string[]> {
  try {
    return warningLines(possible(settings.config, config, await market.instruments()).warnings)
  } catch (error) {
    await close()
    throw error
  }
}

/** The flags decide between paper and backtest; a file that names another environment was meant for another command. */
function refuseEnvironment({ environment: wanted }: ParsedConfig, environment: string): void {
  if (wanted === 'live' && environment !== 'live')
    throw new CliError(
      exitCodes.refused,
      'the configuration says environment live: run it with --market coinbase --exchange coinbase --live, or set it to paper',
    )
  if (wanted === 'backtest' && environment !== 'backtest')
    throw new CliError(exitCodes.refused, 'the configuration says environment backtest: add --speed max, or set it to paper')
}

/** A bot that is added while running has the file's defaults under it, as one that stands in the file. */
function newBotsOf({ config, timeframeMs }: RunSettings): Pick<EngineOptions, 'newBots'> {
  const { defaults } = readConfigData(config, timeframeMs === undefined ? {} : { timeframeMs }) as { readonly defaults?: Json }
  return defaults === undefined ? {} : { newBots: defaults }
}

async function openStore(path: string, environment: Environment): Promise<StoreFactory> {
  if (path === ':memory:') return environment === 'live' ? rehearsalStore() : memoryStore()
  // Only a run that needs a file loads the native part.
  const { sqliteStore } = await import('@millrace/sqlite-store')
  return sqliteStore(path)
}

/** Order ids come from the store's: two rehearsals must not send the same. */
function rehearsalStore(): StoreFactory {
  const kept = memoryStore()
  const storeId = randomUUID()
  return { open: (request) => kept.open({ ...request, storeId }) }
}

async function runToEnd(engine: Engine, market: MarketDescription, signals: StopSignals, settings: RunSettings, terminal: Terminal): Promise<RunSummary> {
  if (settings.speed !== 'max') return Promise.race([engine.finished, signals.requested.then(() => engine.stop())])
  const progress = showProgress(terminal.err, market)
  const timer = setInterval(() => progress.report({ nowMs: engine.state().nowMs, candleBots: engine.summary().candleBots }), 250)
  try {
    return await Promise.race([engine.finished, signals.requested.then(() => engine.stop())])
  } finally {
    clearInterval(timer)
    progress.end()
  }
}

function writeResult(report: RunReport, quoteCurrency: string, settings: RunSettings, terminal: Terminal): void {
  const line = `${JSON.stringify(report)}\n`
  if (typeof settings.json === 'string') writeAtomically(settings.json, line)
  const people = `\n${reportText(report, quoteCurrency)}\n`
  if (settings.json === false) {
    terminal.out.write(people)
  } else {
    terminal.err.write(people)
    if (settings.json === true) terminal.out.write(line)
  }
}

/** A market with its own time that goes down has come to an early end: a live one may come back. Returns what says why. */
function watchMarket(engine: Engine, market: MarketSource): () => string | undefined {
  let failure: string | undefined
  engine.on('alert', ({ code, detail }) => {
    if (code === 'LINK_DOWN' && market.timeline === 'event') failure = detail
  })
  return () => failure
}

function endOf(engine: Engine, marketFailure: string | undefined, say: (line: string) => void): ExitCode {
  const { tradingState, tradingStateReason } = engine.state()
  if (tradingState === 'halted') {
    say(`the run ended halted: ${tradingStateReason ?? 'the emergency stop is in force'}`)
    say('find out why (millrace logs); then re-arm on the page, or with --rearm at the next start')
    return exitCodes.halted
  }
  if (marketFailure === undefined) return exitCodes.ok
  say(`the market ended early, so the result covers only a part: ${marketFailure}`)
  return exitCodes.refused
}
