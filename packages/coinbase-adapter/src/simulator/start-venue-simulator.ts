import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { applyAction } from './control/apply.ts'
import type { ControlTarget } from './control/apply.ts'
import type { VenueAction } from './control/actions.ts'
import { createControlServer } from './control/control-server.ts'
import { playScenario } from './control/scenario.ts'
import type { Scenario } from './control/scenario.ts'
import { createState } from './create-state.ts'
import { createGate } from './faults/gate.ts'
import { venueTrouble } from './faults/venue-faults.ts'
import { generatedKey, venueKey } from './http/keys.ts'
import type { GeneratedKey, KeyAlgorithm, KeySetup, VenueKey } from './http/keys.ts'
import { createRateLimiter } from './http/rate-limit.ts'
import { createRestServer } from './http/rest-server.ts'
import type { Service } from './http/route.ts'
import { createTokenChecker } from './http/tokens.ts'
import { ledgerView } from './ledger-view.ts'
import type { LedgerView } from './ledger-view.ts'
import { advanceMarket } from './matching/orders.ts'
import { checkedOptions } from './check-options.ts'
import { DEFAULT_IDLE_MS, DEFAULT_TICK_MS, defaultLimits } from './options.ts'
import type { VenueOptions } from './options.ts'
import { uuidOf } from './random.ts'
import { createCounters } from './report.ts'
import type { Counters, VenueReport } from './report.ts'
import { createSocketSide } from './socket/socket-server.ts'
import type { SocketSide } from './socket/socket-server.ts'

/** Rounds of the event loop without anything new, after which what was sent is taken to have arrived. */
const QUIET_ROUNDS = 5

/** A venue that runs. */
export interface VenueSimulator {
  /** For REST: scheme, host and port. */
  readonly restUrl: string
  /** For market data, and for `user` when the other host fails. */
  readonly socketUrl: string
  readonly userSocketUrl: string
  /** The control API, on a port of its own. */
  readonly controlUrl: string
  /** UUID of the portfolio that keys are bound to unless they say another. */
  readonly portfolio: string
  /** The venue's books, exact and of this moment. */
  ledger(): LedgerView
  /** What it saw and what went wrong. */
  report(): VenueReport
  /** Does something to it. @throws ZodError or RangeError on what it cannot do; returns the id of an owner's order */
  control(action: VenueAction): string | undefined
  /** Does everything of a scenario at its time, counted from now. */
  play(scenario: Scenario): void
  /** Makes a key and lets it in. */
  generateKey(algorithm?: KeyAlgorithm, permissions?: Omit<KeySetup, 'name' | 'publicKey'>): GeneratedKey
  /**
   * Resolves when the venue has nothing to do that does not wait for the clock: requests answered, messages handed to the sockets, and nothing new for a few
   * rounds of the event loop. What a client still thinks about it cannot know.
   */
  settled(): Promise<void>
  /** Requests that arrived and wait for the venue's clock: whoever moves that clock need not wait for them. */
  readonly waitingRequests: number
  close(): Promise<void>
}

/**
 * Starts a venue on this machine that speaks Coinbase Advanced Trade over HTTP and WebSocket, with books of its own.
 *
 * @throws RangeError on options that make no venue, with the place of each; Error when a port is taken
 * @example
 * ```ts
 * const venue = await startVenueSimulator({ seed: 7, accounts: { USD: '1000' } })
 * const answer = await fetch(`${venue.restUrl}/api/v3/brokerage/market/products/BTC-USD`)
 * answer.status // => 200
 * venue.ledger().balances[0]?.available // => '1000'
 * await venue.close()
 * ```
 */
export async function startVenueSimulator(given: VenueOptions): Promise<VenueSimulator> {
  const options = checkedOptions(given)
  const counters = createCounters()
  const gate = createGate(counters.faults, options.faults)
  const { venue, defaultPortfolio, stop } = createState(options, gate)
  const keys = new Map<string, VenueKey>()
  const portfolios = new Map([[defaultPortfolio, 'Default']])
  const oldDialect = options.oldDialect ?? false
  const service: Service = { venue, keys, oldDialect, userId: uuidOf(options.seed, 'user'), defaultPortfolio, portfolios, offsetMs: 0 }
  const letIn = (setup: KeySetup): void => {
    const key = venueKey(setup, defaultPortfolio)
    keys.set(key.name, key)
    if (!portfolios.has(key.portfolio)) portfolios.set(key.portfolio, `Portfolio ${portfolios.size + 1}`)
  }
  for (const setup of options.keys ?? []) letIn(setup)
  const limits = { ...defaultLimits, ...options.limits }
  const limiters = {
    privateLimit: createRateLimiter(limits.privatePerSecond),
    publicLimit: createRateLimiter(limits.publicPerSecond),
    connectionLimit: createRateLimiter(limits.connectionsPerSecond),
    messageLimit: createRateLimiter(limits.messagesPerSecond),
  }
  const tokens = createTokenChecker({ keys, toleranceS: options.tokenToleranceS ?? 0, freshNonces: options.freshNonces ?? true })
  const sockets = createSocketSide({ service, venue, tokens, counters, oldDialect, ...limiters, idleMs: options.idleMs ?? DEFAULT_IDLE_MS })
  const rest = createRestServer({ service, tokens, counters, ...limiters })
  const target: ControlTarget = { service, gate, sockets }
  const reported = (): VenueReport => reportOf(counters, limiters)
  const play = (scenario: Scenario): void => playScenario(target, scenario)
  const control = createControlServer({ target, report: reported, ledger: () => ledgerView(venue), play })
  const servers = [rest, sockets.servers.market, sockets.servers.user, control]
  const [restPort, marketPort, userPort, controlPort] = await listenAll(servers, options.port)
  runTicks(service, sockets, options.tickMs ?? DEFAULT_TICK_MS)
  return {
    ...{ restUrl: `http://127.0.0.1:${restPort}`, socketUrl: `ws://127.0.0.1:${marketPort}`, userSocketUrl: `ws://127.0.0.1:${userPort}` },
    ...{ controlUrl: `http://127.0.0.1:${controlPort}`, portfolio: defaultPortfolio, ledger: () => ledgerView(venue), report: reported, play },
    control: (action) => applyAction(target, action),
    generateKey(algorithm = 'ES256', permissions = {}) {
      const key = generatedKey(options.seed, keys.size, algorithm)
      letIn({ ...permissions, name: key.keyName, publicKey: key.publicKey })
      return key
    },
    settled: () => settle(counters, sockets),
    get waitingRequests() {
      return counters.waitingRequests
    },
    async close() {
      stop()
      sockets.cut()
      await Promise.all(servers.map(closed))
    },
  }
}

async function listenAll(servers: readonly Server[], first: number | undefined): Promise<number[]> {
  try {
    const ports: number[] = []
    for (const [index, server] of servers.entries()) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(first === undefined ? 0 : first + index, '127.0.0.1', resolve)
      })
      ports.push((server.address() as AddressInfo).port)
    }
    return ports
  } catch (error) {
    // One port is taken: the others must not stay open behind a venue that never was.
    await Promise.all(servers.filter(({ listening }) => listening).map(closed))
    throw error
  }
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections()
    server.close(() => resolve())
  })

/** The one rhythm of the venue: market, batches, heartbeats and what goes wrong by itself. */
function runTicks(service: Service, sockets: SocketSide, tickMs: number): void {
  const { venue } = service
  let second = venue.clock.nowMs()
  const tick = (): void => {
    const nowMs = venue.clock.nowMs()
    advanceMarket(venue)
    sockets.tick()
    if (nowMs - second >= 1_000) {
      second = nowMs
      venueTrouble(service)
    }
    venue.later(nowMs + tickMs, tick)
  }
  venue.later(venue.clock.nowMs() + tickMs, tick)
}

async function settle(counters: Counters, sockets: SocketSide): Promise<void> {
  const queued = (): number => [...sockets.connections].reduce((sum, { socket }) => sum + socket.bufferedAmount, 0)
  let before = -1
  for (let quiet = 0; quiet < QUIET_ROUNDS;) {
    await new Promise((resolve) => setImmediate(resolve))
    const { openRequests, waitingRequests, arrivals, messagesSent } = counters
    const heard = arrivals + messagesSent
    quiet = openRequests === waitingRequests && queued() === 0 && heard === before ? quiet + 1 : 0
    before = heard
  }
}

type Limiters = Readonly<Record<'privateLimit' | 'publicLimit' | 'connectionLimit' | 'messageLimit', ReturnType<typeof createRateLimiter>>>

function reportOf({ requests, statuses, refusedTokens, faults, createOrders, connections, messagesSent }: Counters, limiters: Limiters): VenueReport {
  const { privateLimit, publicLimit, connectionLimit, messageLimit } = limiters
  return structuredClone({
    ...{ requests, statuses, refusedTokens, faults, createOrders: Object.fromEntries(createOrders), connections, messagesSent },
    limits: {
      privateBreaches: privateLimit.breaches,
      publicBreaches: publicLimit.breaches,
      socketBreaches: connectionLimit.breaches + messageLimit.breaches,
      mostPrivateInASecond: privateLimit.mostInASecond,
      mostPublicInASecond: publicLimit.mostInASecond,
    },
  })
}
