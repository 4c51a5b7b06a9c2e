import { z } from 'zod'
import { coinbase, createSigner } from '@millrace/coinbase-adapter'
import { startVenueSimulator } from '@millrace/coinbase-adapter/simulator'
import type { FaultKind, VenueSimulator } from '@millrace/coinbase-adapter/simulator'
import {
  EngineError,
  balance,
  bot,
  createEngine,
  dailyTrades,
  defineStrategy,
  environmentGate,
  fixedSize,
  limitOrders,
  marketOrders,
  maxTranches,
  memoryStore,
  tradeSize,
} from '@millrace/core'
import type { At, Engine } from '@millrace/core'
import { simulatedClock } from '@millrace/core/testing'
import type { SimulatedClock } from '@millrace/core/testing'
import { driver } from './driver.ts'
import type { Driver } from './driver.ts'
import { judge } from './judge.ts'
import type { Verdict } from './judge.ts'
import { mulberry32 } from './mulberry32.ts'

/** How one run is to be. */
export interface VenueScheduleOptions {
  readonly seed: number
  /** Minutes of trading; 5 when left out. */
  readonly minutes?: number
  readonly chances?: Readonly<Partial<Record<FaultKind, number>>>
  /** Chance that the client dies at one of its commits or sends. */
  readonly crash?: number
}

export interface VenueScheduleResult extends Verdict {
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>
  readonly crashes: number
  readonly orders: number
  readonly fills: number
  readonly requests: number
  /** What went wrong that none of the counts stands for. */
  readonly other: readonly string[]
}

const START_MS = Date.UTC(2026, 10, 21, 12)
const MINUTE_MS = 60_000
/** A person stops everything now and then, while limit orders rest. */
const STOP_AFTER_MS = 30_000
const STOP_CHANCE = 0.3
/** After trading: no candles, no faults, and everything must come to rest. */
const REST_MINUTES = 3
const coins = ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'AVNT', 'AERO', 'SUI', 'AVAX', 'TOSHI', 'PENGU'] as const

export const harshChances: Readonly<Partial<Record<FaultKind, number>>> = {
  requestLost: 0.02,
  replyLost: 0.03,
  requestDelayed: 0.02,
  replyDelayed: 0.02,
  errorBefore: 0.02,
  errorAfter: 0.02,
  unauthorized: 0.005,
  tooManyRequests: 0.01,
  tooManyRequestsRetryAfter: 0.01,
  truncatedBody: 0.01,
  htmlBody: 0.01,
  connectionReset: 0.02,
  emptyList: 0.02,
  duplicateClientOrderId: 1,
  legacyBody: 0.1,
  holdFailure: 0.02,
  ordersLag: 0.15,
  fillsLag: 0.2,
  slowOpen: 0.1,
  cancelRace: 0.5,
  slowCancel: 0.5,
  socketDropped: 0.0007,
  halfOpen: 0.0004,
  silence: 0.0004,
  silenceWithHeartbeats: 0.0004,
  sequenceGap: 0.001,
  duplicateMessage: 0.01,
  reorderedMessages: 0.001,
  userReplay: 0.5,
  subscribeRefused: 0.02,
  unreadableMessage: 0.002,
  productHalted: 0.0005,
  productCancelOnly: 0.0005,
  productLimitOnly: 0.0005,
  productPostOnly: 0.0005,
  incrementsChanged: 0.0005,
}

/** Against the last candle: there is an opinion at every close. */
const contrary = defineStrategy({
  id: 'contrary',
  params: z.strictObject({}),
  indicators: () => ({}),
  components: { turn: ({ reading }) => `moved ${reading}` },
  evaluate({ candle }, _, signal) {
    const moved = candle.close / candle.open - 1
    signal.add('turn', moved === 0 ? 0 : -Math.sign(moved), 1, moved)
  },
})

const bots = () =>
  coins.map((coin, i) =>
    bot({
      id: `${coin.toLowerCase()}-bot`,
      instrument: `${coin}-USD`,
      timeframe: '1m',
      strategy: contrary(),
      confirm: 0,
      exit: 0.5,
      sizing: fixedSize(10 + i),
      execution: i % 2 === 1 ? limitOrders({ offset: '20bps', timeout: '45s', then: i % 4 === 1 ? 'market' : 'cancel' }) : marketOrders(),
      safety: [tradeSize(5, 25), maxTranches(2)],
    }),
  )

/** Eleven bots of the real engine on the real adapter, over real sockets to the venue simulator, in virtual time. */
export async function runVenueSchedule({ seed, minutes = 5, chances = harshChances, crash = 0.003 }: VenueScheduleOptions): Promise<VenueScheduleResult> {
  const clock = simulatedClock(START_MS + 500)
  const venue = await startVenueSimulator({
    seed,
    clock,
    accounts: { USD: '1000' },
    market: { kind: 'seeded', volatility: 0.002 },
    tickMs: 1_000,
    historyDays: 1,
    fees: { maker: '0.005', taker: '0.009' },
    faults: { seed, chances },
  })
  const drive = driver(clock, venue)
  const client = new Client(venue, clock, drive, seed, crash)
  try {
    for (let minute = 0; minute < minutes; minute++) {
      await client.keepAlive()
      await drive.pass(MINUTE_MS - STOP_AFTER_MS)
      await client.perhapsStop()
      await drive.pass(STOP_AFTER_MS)
    }
    venue.control({ do: 'faults' })
    client.crash = 0
    for (let minute = 0; minute < REST_MINUTES; minute++) {
      await client.keepAlive()
      // Nothing new, and what rests is taken back: then everything must come to rest.
      if (client.engine !== undefined) await drive.until(client.engine.emergencyStop({ cancelOpenOrders: true }))
      await drive.pass(MINUTE_MS)
    }
    return await resultOf(venue, client)
  } finally {
    await client.end()
    await venue.close()
  }
}

async function resultOf(venue: VenueSimulator, client: Client): Promise<VenueScheduleResult> {
  const { engine } = client
  if (engine === undefined) throw new Error(`the engine did not come back: ${client.other.join('; ')}`)
  const report = venue.report()
  const ledger = venue.ledger()
  const books = { orders: engine.rows('orders'), fills: engine.rows('fills'), balances: engine.rows('balances'), currencies: ['USD', ...coins] }
  const requests = Object.values(report.requests).reduce((sum, count) => sum + count, 0)
  return {
    ...judge(ledger, report, books),
    ...{ faults: report.faults, crashes: client.crashes, orders: ledger.orders.length, fills: ledger.fills.length, requests, other: client.other },
  }
}

class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash'
}

/** The client's process: it dies at crash points and is started again on the same store. */
class Client {
  engine: Engine | undefined
  crashes = 0
  crash: number
  readonly other: string[] = []
  private readonly venue: VenueSimulator
  private readonly clock: SimulatedClock
  private readonly drive: Driver
  private readonly random: () => number
  private readonly store
  private readonly key
  private nonces = 0
  private dead = false
  private leave: (() => Promise<unknown>) | undefined

  constructor(venue: VenueSimulator, clock: SimulatedClock, drive: Driver, seed: number, crash: number) {
    this.venue = venue
    this.clock = clock
    this.drive = drive
    this.crash = crash
    this.random = mulberry32(seed)
    this.key = venue.generateKey(seed % 2 === 0 ? 'ES256' : 'EdDSA')
    const kept = memoryStore({ at: this.at })
    const storeId = `00000000-0000-8000-8000-${String(seed).padStart(12, '0')}`
    this.store = { open: (request: Parameters<typeof kept.open>[0]) => kept.open({ ...request, storeId }) }
  }

  async keepAlive(): Promise<void> {
    if (this.crash > 0 && this.engine?.state().tradingState === 'halted') await this.drive.until(this.engine.rearm().catch(() => undefined))
    for (let tries = 0; this.engine === undefined && this.other.length === 0 && tries < 5; tries++) await this.start()
  }

  /** Stopped here, re-armed when the next minute begins. */
  async perhapsStop(): Promise<void> {
    if (this.engine === undefined || this.random() >= STOP_CHANCE) return
    await this.drive.until(this.engine.emergencyStop({ cancelOpenOrders: true }).catch(() => undefined))
  }

  async end(): Promise<void> {
    await this.drive.until(this.engine?.stop().catch(() => undefined) ?? Promise.resolve(undefined))
    await this.leave?.()
  }

  private async start(): Promise<void> {
    this.dead = false
    const { market, exchange } = this.connect()
    this.leave = () => Promise.all([market.close(), exchange.close()])
    const engine = createEngine({
      ...{ market, exchange, store: this.store, bots: bots(), environment: 'live', clock: this.clock, at: this.at },
      safety: [environmentGate(['live']), dailyTrades({ account: 200, bot: 50 }), balance()],
      breakers: { errorRate: { limit: 64 }, rateLimit: { limit: 64 }, dataGap: { limit: 64 } },
    })
    this.engine = engine
    const gone = (error: unknown): void => this.died(error)
    engine.finished.catch(gone)
    await this.drive.until(engine.start().catch(gone))
  }

  private connect() {
    const { keyName, secret } = this.key
    const signer = this.drive.signer(createSigner({ keyName, secret, nonce: () => String(this.nonces++).padStart(64, '0') }))
    const baseUrls = { rest: this.venue.restUrl, marketSocket: this.venue.socketUrl, userSocket: this.venue.userSocketUrl }
    return coinbase({ baseUrls, signer, clock: this.clock, fetch: this.drive.fetch, random: this.random, timeoutMs: 8_000 })
  }

  private readonly at: At = (_, action) => {
    if (this.dead) throw new SimulatedCrash('the process is dead')
    this.mayCrash()
    const result = action()
    this.mayCrash()
    return result
  }

  private mayCrash(): void {
    if (this.crash === 0 || this.random() >= this.crash) return
    this.dead = true
    this.crashes++
    throw new SimulatedCrash('the process died')
  }

  private died(error: unknown): void {
    this.engine = undefined
    void this.leave?.()
    if (this.dead || error instanceof SimulatedCrash) return
    if (error instanceof EngineError && error.code === 'RECONCILE_FAILED') return
    if (error instanceof Error && error.name === 'CoinbaseError') return
    this.other.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}
