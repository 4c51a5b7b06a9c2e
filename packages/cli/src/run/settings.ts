import { isModule } from '@millrace/core'
import type { Environment } from '@millrace/core'
import { overwriting } from './result-files.ts'

/** A path, a scoped package, or either with `#export`. */
export type ModuleName = string & { readonly module: true }

export const isModuleName = (name: string): name is ModuleName => isModule(name)

export const marketNames = ['auto', 'simulated', 'replay', 'coinbase'] as const
/** Where prices come from, as `--market` names it: one of these, or a module with an adapter. */
export type MarketName = (typeof marketNames)[number] | ModuleName

export const exchangeNames = ['paper', 'simulator', 'coinbase'] as const
/** Where orders go, as `--exchange` names it: one of these, or a module with an adapter. */
type ExchangeName = (typeof exchangeNames)[number] | ModuleName

export const gapPolicies = ['skip', 'fillForward', 'halt'] as const

/** Everything the flags of a run say, checked; times in ms UTC. */
export interface RunSettings {
  /** Path of the configuration, relative to the working directory. */
  readonly config: string
  readonly market: MarketName
  readonly exchange: ExchangeName
  /** The person means real orders. */
  readonly live: boolean
  /** File of the key; undefined = by the environment's variables. */
  readonly keyFile: string | undefined
  /** Address of a venue that speaks Coinbase's protocol, instead of Coinbase itself; undefined = Coinbase. */
  readonly venueUrl: string | undefined
  /** Folder of recorded candles; only for the replay market. */
  readonly data: string | undefined
  readonly seed: number
  /** How many times faster than the clock; `max` = as fast as the machine can. */
  readonly speed: number | 'max'
  /** Event time after which the run stops. */
  readonly untilMs: number | undefined
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
  /** Overrides the timeframe of every bot. */
  readonly timeframeMs: number | undefined
  readonly gapPolicy: (typeof gapPolicies)[number]
  /** Path of the store; `:memory:` keeps nothing; undefined = by environment: the default file on paper, memory in a backtest. */
  readonly db: string | undefined
  /** File that the run is recorded into; undefined = it is not. */
  readonly record: string | undefined
  /** A simulation fills the same orders beside the exchange, and the report says how kind it would have been. */
  readonly shadow: boolean
  /** A person has found out why trading is halted, and ends it. */
  readonly rearm: boolean
  /** The process is ended when it stands still for so long; undefined = nobody watches. */
  readonly watchdogMs: number | undefined
  /** 0 = any free port. */
  readonly port: number
  readonly web: boolean
  /** True = one line on stdout, a path = into that file. */
  readonly json: boolean | string
}

/** What a run does where no flag says otherwise. */
export const runDefaults = {
  market: 'auto',
  exchange: 'paper',
  live: false,
  keyFile: undefined,
  venueUrl: undefined,
  data: undefined,
  seed: 7,
  speed: 1,
  untilMs: undefined,
  fromMs: undefined,
  toMs: undefined,
  timeframeMs: undefined,
  gapPolicy: 'skip',
  db: undefined,
  record: undefined,
  shadow: false,
  rearm: false,
  watchdogMs: 30_000,
  port: 3000,
  web: true,
  json: false,
} as const satisfies Omit<RunSettings, 'config'>

/** Where a paper run keeps its journal when `--db` is not given. */
export const paperStoreFile = 'trader.db'

/** Where a live run keeps its journal when `--db` is not given. */
export const liveStoreFile = 'live.db'

/** Orders that leave this process are live, also those of a rehearsal; recorded and simulated markets as fast as possible are a backtest, the rest is paper. */
export function environmentOf({ speed, exchange }: Pick<RunSettings, 'speed' | 'exchange'>): Environment {
  if (exchange !== 'paper') return 'live'
  return speed === 'max' ? 'backtest' : 'paper'
}

/** The store of a run: the path given, or by environment. */
export function storePathOf(settings: Pick<RunSettings, 'db' | 'speed' | 'exchange'>): string {
  if (settings.db !== undefined) return settings.db
  // The venue of a rehearsal forgets everything at its end, and so does the journal.
  if (settings.exchange === 'simulator' || environmentOf(settings) === 'backtest') return ':memory:'
  return settings.exchange === 'paper' ? paperStoreFile : liveStoreFile
}

/** Orders on a venue go with its own prices, at the pace of the clock. */
function wrongExchange({ exchange, market, speed, live, db }: RunSettings, given: (flag: keyof RunSettings) => boolean): string | undefined {
  if (exchange === 'paper') {
    if (live) return '--live belongs to --exchange coinbase: without it nothing real is ordered'
    return given('keyFile') ? '--key-file belongs to --exchange coinbase; paper needs no key' : undefined
  }
  if (isModuleName(exchange)) return wrongModuleExchange(market, speed, live, db)
  if (market !== 'coinbase') return `--exchange ${exchange} goes with --market coinbase; the market is ${market}`
  if (speed !== 1) return `--exchange ${exchange} runs at the pace of the clock: leave out --speed ${speed}`
  if (given('venueUrl')) return `--venue-url is for prices alone; leave it out with --exchange ${exchange}`
  if (exchange === 'coinbase' && db === ':memory:') return '--db :memory: keeps nothing: real orders need a journal in a file'
  if (exchange === 'simulator' && live) return '--live belongs to --exchange coinbase: a rehearsal orders nothing real'
  return exchange === 'simulator' && given('keyFile') ? '--key-file belongs to --exchange coinbase: a rehearsal makes its own key' : undefined
}

/** Real orders go with prices of the moment. */
function wrongModuleExchange(market: MarketName, speed: RunSettings['speed'], live: boolean, db: string | undefined): string | undefined {
  if (market !== 'coinbase' && !isModuleName(market)) return `an --exchange of a module goes with --market coinbase or one of a module; the market is ${market}`
  if (speed !== 1) return `an --exchange of a module runs at the pace of the clock: leave out --speed ${speed}`
  if (!live) return 'an --exchange of a module takes real orders: say --live as well'
  return db === ':memory:' ? '--db :memory: keeps nothing: real orders need a journal in a file' : undefined
}

/** What is wrong with the flags taken together, in words; undefined when nothing is. */
export function contradiction(settings: RunSettings, given: (flag: keyof RunSettings) => boolean): string | undefined {
  const replay = settings.market === 'replay'
  if (replay && settings.data === undefined) return '--market replay needs --data <dir>: the folder of recorded candles'
  const orders = wrongExchange(settings, given)
  if (orders !== undefined) return orders
  if (given('venueUrl') && settings.market !== 'coinbase') return `--venue-url belongs to --market coinbase; the market is ${settings.market}`
  if (settings.market === 'coinbase' && settings.speed !== 1) return `--market coinbase runs at the pace of the clock: leave out --speed ${settings.speed}`
  for (const [flag, name] of [
    ['data', '--data'],
    ['fromMs', '--from'],
    ['toMs', '--to'],
    ['gapPolicy', '--gap-policy'],
  ] as const) {
    if (given(flag) && !replay) return `${name} belongs to --market replay; the market is ${settings.market}`
  }
  if (replay && settings.untilMs !== undefined && settings.fromMs === undefined) return '--until with --market replay needs --from, or say the end with --to'
  if (settings.fromMs !== undefined && settings.toMs !== undefined && settings.fromMs >= settings.toMs) return '--from must lie before --to'
  if (given('port') && !settings.web)
    return given('web')
      ? '--port and --no-web exclude each other'
      : '--port: this command serves no page; npm start in a clone does, and an application with runBots'
  const { json, record, config, data, db } = settings
  return overwriting({ json, record }, { configuration: config, candles: data, database: db })
}
