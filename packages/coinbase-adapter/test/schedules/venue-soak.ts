import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { coinbase, createSigner } from '@millrace/coinbase-adapter'
import type { Budget, Coinbase, CoinbaseMarketStats } from '@millrace/coinbase-adapter'
import { startVenueSimulator } from '@millrace/coinbase-adapter/simulator'
import type { FaultKind, VenueReport, VenueSimulator } from '@millrace/coinbase-adapter/simulator'
import { createEngine, environmentGate, parseConfig } from '@millrace/core'
import type { Engine, EpochMs, ParsedConfig } from '@millrace/core'
import { simulatedClock } from '@millrace/core/testing'
import type { SimulatedClock } from '@millrace/core/testing'
import { sqliteStore } from '@millrace/sqlite-store'
import { driver } from './driver.ts'
import type { Driver } from './driver.ts'
import { judge } from './judge.ts'
import type { Verdict } from './judge.ts'
import { mulberry32 } from './mulberry32.ts'

/** How long a soak is, and who else looks at the market meanwhile. */
export interface VenueSoakOptions {
  readonly seed: number
  /** Virtual minutes of trading. */
  readonly minutes: number
  /** Look-ups of each product's candles every {@link LOOK_MS}, beside the engine: the n of the hit rate. */
  readonly readers: number
  /** What goes wrong by chance; nothing when left out. */
  readonly chances?: Readonly<Partial<Record<FaultKind, number>>>
  /** The heap is measured so often, at even distances; at the start and the end at least. */
  readonly heapSamples?: number
  /** Requests without a key that the client allows itself; its default when left out. */
  readonly budget?: Budget
  readonly progress?: (line: string) => void
}

/** What a soak showed. */
export interface VenueSoakResult extends Verdict {
  readonly cache: CoinbaseMarketStats['cache']
  readonly statuses: VenueReport['statuses']
  readonly limits: VenueReport['limits']
  readonly requests: number
  /** Requests of any whole virtual minute after the first one, on average and at most. */
  readonly callsPerMinute: { readonly mean: number; readonly most: number }
  readonly connections: VenueReport['connections']
  readonly decisions: number
  readonly orders: number
  readonly fills: number
  readonly trading: string
  readonly alerts: Readonly<Record<string, number>>
  /** Bytes after a collection, at even distances of virtual time. */
  readonly heap: readonly number[]
}

const START_MS = Date.UTC(2026, 10, 21)
const MINUTE_MS = 60_000
/** Each reader looks so often. */
export const LOOK_MS = 5_000
/** The venue moves so seldom that a day takes minutes; its heartbeats come with the moves, so silence begins later than it would. */
const TICK_MS = 5_000
const SILENCE_MS = 4 * TICK_MS
const HISTORY_MINUTES = 60
const bundledBots = new URL('../../../example-dashboard/bots.json', import.meta.url)

/** The eleven bundled bots of the real engine, on a real file and the real adapter, over real sockets to a venue that counts every request. */
export async function runVenueSoak(options: VenueSoakOptions): Promise<VenueSoakResult> {
  const { seed, chances = {} } = options
  const folder = mkdtempSync(join(tmpdir(), 'millrace-soak-'))
  const clock = simulatedClock(START_MS + 500)
  const venue = await startVenueSimulator({
    ...{ seed, clock, tickMs: TICK_MS, historyDays: 1, accounts: { USD: '1266' }, market: { kind: 'seeded' } },
    faults: { seed, chances },
  })
  const drive = driver(clock, venue)
  const { market, exchange } = connect(venue, clock, drive, options)
  const config = parseConfig(JSON.parse(readFileSync(bundledBots, 'utf8')))
  const engine = createEngine({
    ...{ market, exchange, clock, bots: config.bots, environment: 'live', store: sqliteStore(join(folder, 'soak.db')) },
    safety: [...config.account.safety, environmentGate(['live'])],
  })
  const soak = new Soak(venue, clock, drive, market, engine, config)
  try {
    await drive.until(engine.start())
    return await soak.run(options)
  } finally {
    soak.end()
    await drive.until(engine.stop().catch(() => undefined))
    await Promise.all([market.close(), exchange.close()])
    await venue.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function connect(venue: VenueSimulator, clock: SimulatedClock, drive: Driver, { seed, budget }: VenueSoakOptions): Coinbase {
  let nonces = 0
  const { keyName, secret } = venue.generateKey('EdDSA')
  const signer = drive.signer(createSigner({ keyName, secret, nonce: () => String(nonces++).padStart(64, '0') }))
  const baseUrls = { rest: venue.restUrl, marketSocket: venue.socketUrl, userSocket: venue.userSocketUrl }
  return coinbase({ baseUrls, signer, clock, fetch: drive.fetch, random: mulberry32(seed), silenceMs: SILENCE_MS, ...(budget && { budget }) })
}

class Soak {
  private readonly alerts: Record<string, number> = {}
  private readonly perMinute: number[] = []
  private readonly heap: number[] = []
  private failedLooks: unknown[] = []
  private over = false
  private readonly venue: VenueSimulator
  private readonly clock: SimulatedClock
  private readonly drive: Driver
  private readonly market: Coinbase['market']
  private readonly engine: Engine
  private readonly config: ParsedConfig

  constructor(venue: VenueSimulator, clock: SimulatedClock, drive: Driver, market: Coinbase['market'], engine: Engine, config: ParsedConfig) {
    this.venue = venue
    this.clock = clock
    this.drive = drive
    this.market = market
    this.engine = engine
    this.config = config
    engine.on('alert', ({ code }) => (this.alerts[code] = (this.alerts[code] ?? 0) + 1))
  }

  async run({ minutes, readers, heapSamples = 2, progress }: VenueSoakOptions): Promise<VenueSoakResult> {
    this.look(readers)
    const every = minutes / (heapSamples - 1)
    this.heap.push(heapAfterCollection())
    for (let minute = 1; minute <= minutes; minute++) {
      const before = this.requests()
      await this.drive.pass(MINUTE_MS)
      this.perMinute.push(this.requests() - before)
      if (Math.floor(minute / every) > Math.floor((minute - 1) / every)) this.heap.push(heapAfterCollection())
      if (minute % 60 === 0) progress?.(`${minute / 60} h: ${this.requests()} requests, heap ${(this.heap.at(-1)! / 1e6).toFixed(1)} MB`)
    }
    if (this.failedLooks.length > 0) throw new AggregateError(this.failedLooks, `${this.failedLooks.length} look-ups failed`)
    const cache = this.market.stats().cache
    const trading = this.engine.state().tradingState
    await this.comeToRest()
    return this.result(cache, trading)
  }

  end(): void {
    this.over = true
  }

  /** Readers beside the engine: pages and scripts that want the candles of the last hour. */
  private look(readers: number): void {
    if (this.over) return
    this.clock.at((this.clock.nowMs() + LOOK_MS) as EpochMs).subscribe(() => this.look(readers))
    const toMs = Math.floor(this.clock.nowMs() / MINUTE_MS) * MINUTE_MS
    for (const { instrument } of this.config.bots) {
      const query = { instrument, timeframeMs: MINUTE_MS, fromMs: (toMs - HISTORY_MINUTES * MINUTE_MS) as EpochMs, toMs: toMs as EpochMs }
      for (let reader = 0; reader < readers; reader++) this.market.candles(query).catch((error: unknown) => this.failedLooks.push(error))
    }
  }

  private requests(): number {
    return Object.values(this.venue.report().requests).reduce((sum, count) => sum + count, 0)
  }

  /** What rests is taken back, and a minute later nothing may be under way. */
  private async comeToRest(): Promise<void> {
    this.end()
    this.venue.control({ do: 'faults' })
    await this.drive.until(this.engine.emergencyStop({ cancelOpenOrders: true }))
    await this.drive.pass(MINUTE_MS)
  }

  private result(cache: CoinbaseMarketStats['cache'], trading: string): VenueSoakResult {
    const { engine, venue, perMinute } = this
    const ledger = venue.ledger()
    const report = venue.report()
    const currencies = ['USD', ...this.config.bots.map(({ instrument }) => instrument.split('-')[0]!)]
    const books = { orders: engine.rows('orders'), fills: engine.rows('fills'), balances: engine.rows('balances'), currencies }
    const later = perMinute.slice(1)
    return {
      ...judge(ledger, report, books),
      ...{ cache, statuses: report.statuses, limits: report.limits, connections: report.connections, requests: this.requests(), trading },
      callsPerMinute: { mean: later.reduce((sum, count) => sum + count, 0) / later.length, most: Math.max(...later) },
      ...{ decisions: engine.summary().decisions, orders: ledger.orders.length, fills: ledger.fills.length, alerts: this.alerts, heap: this.heap },
    }
  }
}

/** Bytes in use after everything that nobody needs is gone. */
function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

/** Bytes by which the mean of the last quarter of the samples lies above that of the first; the very first sample is taken before anything is warm. */
export function heapGrowth(heap: readonly number[]): number {
  const quarter = Math.ceil(heap.length / 4)
  const mean = (samples: readonly number[]): number => samples.reduce((sum, bytes) => sum + bytes, 0) / samples.length
  return Math.round(mean(heap.slice(-quarter)) - mean(heap.slice(1, quarter + 1)))
}
