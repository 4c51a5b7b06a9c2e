import type { BotConfig } from '../../contracts/bot-config.ts'
import type { At } from '../../contracts/crash-point.ts'
import type { Engine } from '../../contracts/engine.ts'
import type { Exchange } from '../../contracts/exchange.ts'
import type { SafetyRule } from '../../contracts/safety-rule.ts'
import type { StoreFactory } from '../../contracts/store.ts'
import { createEngine } from '../../runtime/create-engine.ts'
import type { EngineOptions } from '../../runtime/create-engine.ts'
import { randomStream } from '../../simulation/simulated-market/random.ts'
import { coinbaseInstrument } from '../../simulation/products.ts'
import { memoryStore } from '../../stores/memory-store.ts'
import { MINUTE_MS } from '../../model/time.ts'
import { simulatedClock } from '../simulated-clock.ts'
import type { SimulatedClock } from '../simulated-clock.ts'
import { faultBots, faultLimits, faultSafety } from './fault-bots.ts'
import { faultMarket } from './fault-market.ts'
import { FaultPlan, harshFaults } from './fault-plan.ts'
import type { FaultKind, FaultRates } from './fault-plan.ts'
import { faultyExchange } from './faulty-exchange.ts'
import { FaultyVenue } from './faulty-venue.ts'
import { judge } from './judge.ts'
import type { Bounds, SentEntry } from './judge.ts'
import { advance, advanceUntil } from './virtual-time.ts'

/** One run under faults; everything in it follows from the seed. */
export interface ScheduleOptions {
  readonly seed: number
  /** How many bots of the kit's own, or your own on BTC, ETH, SOL, XRP or AVAX against USD; 3 by default. */
  readonly bots?: number | readonly BotConfig[]
  /** Rules for every bot of the account; the kit's own by default. */
  readonly safety?: readonly (SafetyRule | readonly SafetyRule[])[]
  /** Trading ends when the venue has had so many orders for each bot of them, be it before `minutes` have passed. */
  readonly orders?: number
  /** Minutes of trading at most, 20 by default; some without prices or faults follows, in which everything must come to rest. */
  readonly minutes?: number
  readonly faults?: FaultRates
  /** Quote money that the account begins with, as decimal text; 500 when left out. */
  readonly cash?: string
  /** Breaks the engine on purpose, to see that the judge notices: what it talks to is wrapped. */
  readonly sabotage?: (parts: EngineParts) => EngineParts
}

/** What an engine of the kit talks to. */
export type EngineParts = Pick<EngineOptions, 'market' | 'exchange' | 'clock' | 'bots' | 'safety' | 'recording' | 'shadow'> & { readonly store: StoreFactory }

/** What came of one run. */
export interface ScheduleResult {
  readonly seed: number
  /** Empty when the client's account is the venue's, to the last unit. */
  readonly problems: readonly string[]
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>
  readonly orders: number
  readonly fills: number
  /** Orders sent a second time, to learn what came of the first. */
  readonly probes: number
  /** The journal's hash at the end: the same seed gives the same. */
  readonly hash: string
}

const START_MS = 1_767_225_600_000
const REST_MINUTES = 6
const listed = ['BTC-USD', 'ETH-USD', 'SOL-USD', 'XRP-USD', 'AVAX-USD'].map((id) => coinbaseInstrument(id)!)

class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash'
}

/** One for all: where it was thrown tells nothing, and a stack is dear. */
const crash = new SimulatedCrash('the process died')

/**
 * Runs the real engine, ledger and order desk against a faulty venue in virtual time, with crashes and restarts, and lets the venue's own books judge what is left.
 *
 * @example
 * ```ts
 * const { problems } = await runSchedule({ seed: 1, minutes: 5 })
 * problems // => []
 * ```
 */
export async function runSchedule(options: ScheduleOptions): Promise<ScheduleResult> {
  const { seed, orders = Number.POSITIVE_INFINITY, minutes = 20, faults = harshFaults, cash = '500' } = options
  const bots = botsOf(options)
  const enough = orders * bots.length
  // Coins that no bot trades are nobody's business.
  const instruments = listed.filter(({ id }) => bots.some(({ instrument }) => instrument === id))
  const clock = simulatedClock(START_MS)
  const plan = new FaultPlan(seed, faults)
  const market = faultMarket(clock, randomStream(seed, 'market', 0), instruments, plan)
  const venue = new FaultyVenue({ clock, plan, instruments, cash: { USD: cash }, feeRate: '0.005' })
  const entries: SentEntry[] = []
  const noted = (inner: Exchange): Exchange => ({
    ...inner,
    submit(request, signal, sentBefore) {
      const { clientOrderId, side } = request
      if (side === 'buy' && sentBefore === undefined) entries.push({ clientOrderId, priceAgeMs: clock.nowMs() - market.toldMs })
      return inner.submit(request, signal, sentBefore)
    },
  })
  const process = new FaultyProcess({
    options,
    bots,
    clock,
    plan,
    connect: () => ({ market: market.connect(), exchange: noted(faultyExchange(venue)) }),
    gone: () => venue.listeners.clear(),
  })
  for (let minute = 0; minute < minutes && venue.booked.size < enough; minute++) {
    await advance(clock, MINUTE_MS - (clock.nowMs() % MINUTE_MS))
    for (const [id, price] of market.next()) venue.price(id, price)
    market.tell()
    await process.keepAlive()
  }
  plan.end()
  for (let minute = 0; minute < REST_MINUTES; minute++) {
    await process.keepAlive()
    await advance(clock, MINUTE_MS)
  }
  const { engine } = process
  const problems = [...process.problems]
  let hash = ''
  if (engine === undefined) problems.push('dead: the engine did not come back')
  else {
    const testimony = { orders: engine.rows('orders'), fills: engine.rows('fills'), balances: engine.rows('balances'), working: workingOf(engine) }
    problems.push(...judge(venue.ledger, testimony, bounds, entries))
    if (ownersHands.every((kind) => (faults[kind] ?? 0) === 0))
      problems.push(...venue.short.map((clientOrderId) => `limit breached: entry ${clientOrderId} asked for more than there was, and nobody else took any`))
    hash = engine.state().journalHash
    const ended = engine.stop()
    await advance(clock, MINUTE_MS)
    await ended
  }
  return { seed, problems, faults: plan.counts, orders: venue.booked.size, fills: fillsOf(venue), probes: venue.probes, hash }
}

/** What takes money that the client cannot know of. */
const ownersHands = ['manualTrade', 'withdrawal'] as const

const bounds: Bounds = { tradeMax: faultLimits.tradeMax, entries: faultLimits.entriesAccount, priceAgeMs: faultLimits.priceAgeMs }

const workingOf = (engine: Engine): readonly string[] =>
  engine.state().bots.flatMap(({ id, workingOrder }) => (workingOrder === undefined ? [] : [`an order of ${id} that is ${workingOrder.state}`]))

const fillsOf = ({ ledger, booked }: FaultyVenue): number => ledger.executions.filter(({ venueOrderId }) => booked.has(venueOrderId)).length

const botsOf = ({ bots = 3 }: ScheduleOptions): readonly BotConfig[] =>
  typeof bots === 'number'
    ? faultBots(
        bots,
        listed.map(({ id }) => id),
      )
    : bots

interface ProcessParts {
  readonly options: ScheduleOptions
  readonly bots: readonly BotConfig[]
  readonly clock: SimulatedClock
  readonly plan: FaultPlan
  connect(): Pick<Parameters<typeof createEngine>[0], 'market' | 'exchange'>
  /** The process has died: nobody listens any more. */
  gone(): void
}

/** A process that dies at crash points and is started again; what it wrote stays. */
class FaultyProcess {
  engine: Engine | undefined
  readonly problems: string[] = []
  private readonly parts: ProcessParts
  private readonly store: StoreFactory
  private dead = false

  constructor(parts: ProcessParts) {
    this.parts = parts
    const kept = memoryStore({ at: this.at })
    this.store = { open: (request) => kept.open({ ...request, storeId: `00000000-0000-8000-8000-${String(parts.options.seed).padStart(12, '0')}` }) }
  }

  /** Starts the engine when it is not there. */
  async keepAlive(): Promise<void> {
    if (this.engine !== undefined || this.problems.length > 0) return
    const { options, clock, bots } = this.parts
    const { safety = faultSafety(), sabotage = (parts: EngineParts) => parts } = options
    this.dead = false
    const engine = createEngine({
      ...sabotage({ ...this.parts.connect(), bots, safety, store: this.store, clock }),
      environment: 'live',
      at: this.at,
      // The kit asks what becomes of orders, not when trading pauses after errors.
      breakers: { errorRate: { limit: 64 }, rateLimit: { limit: 64 }, dataGap: { limit: 64 } },
    })
    this.engine = engine
    const gone = (error: unknown): void => this.died(error)
    engine.finished.catch(gone)
    const started = engine.start().catch(gone)
    await advanceUntil(clock, started)
  }

  private readonly at: At = (_, action) => {
    if (this.dead) throw crash
    this.mayCrash()
    const result = action()
    this.mayCrash()
    return result
  }

  private mayCrash(): void {
    if (!this.parts.plan.hit('crash')) return
    this.dead = true
    throw crash
  }

  private died(error: unknown): void {
    this.engine = undefined
    this.parts.gone()
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
    // A venue that cannot be asked at the start ends a start; whoever watches the process starts it again.
    if (error instanceof SimulatedCrash || this.dead || code === 'RECONCILE_FAILED') return
    this.problems.push(`died: ${error instanceof Error ? error.message : String(error)}`)
  }
}
