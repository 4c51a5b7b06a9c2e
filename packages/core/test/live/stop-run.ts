import { EngineError, balance, coinbaseInstrument, createEngine, environmentGate, memoryStore } from '@millrace/core'
import type { Engine, Exchange, HaltRequests, JournalEntry, StoreFactory } from '@millrace/core'
import { harshFaults, simulatedClock } from '@millrace/core/testing'
import type { SimulatedClock } from '@millrace/core/testing'
import { randomStream } from '../../src/simulation/simulated-market/random.ts'
import type { RandomStream } from '../../src/simulation/simulated-market/random.ts'
import { faultBots, faultLimits } from '../../src/testing/faults/fault-bots.ts'
import { faultMarket } from '../../src/testing/faults/fault-market.ts'
import type { FaultMarket } from '../../src/testing/faults/fault-market.ts'
import { FaultPlan } from '../../src/testing/faults/fault-plan.ts'
import { faultyExchange } from '../../src/testing/faults/faulty-exchange.ts'
import { FaultyVenue } from '../../src/testing/faults/faulty-venue.ts'
import { judge } from '../../src/testing/faults/judge.ts'
import { advance, advanceUntil } from '../../src/testing/faults/virtual-time.ts'

/** How one run of emergency stops is to be. */
export interface StopRunOptions {
  readonly seed: number
  /** Emergency stops, one after the other, each followed by a re-arm. */
  readonly stops: number
  /** Breaks the way of orders on purpose, to see that it is noticed. */
  readonly exchange?: (inner: Exchange, clock: SimulatedClock) => Exchange
  /** The same of the look at the halt file. */
  readonly halt?: (inner: HaltRequests, clock: SimulatedClock) => HaltRequests
}

/** What came of it. */
export interface StopRunResult {
  readonly stops: number
  /** Of them: while creates were on their way. */
  readonly inFlight: number
  /** Creates that reached the venue after the gate was closed and before the promise resolved: allowed, and the reason to wait. */
  readonly lateCreates: number
  readonly sendsAfterGate: number
  readonly createsAfterPromise: number
  /** What was wrong, these two counts included. */
  readonly problems: readonly string[]
}

const START_MS = 1_767_225_600_000
const MINUTE_MS = 60_000
/** After this long without an answer an order is unknown. */
const PATIENCE_MS = 10_000
const ids = ['BTC-USD', 'ETH-USD', 'SOL-USD', 'XRP-USD', 'AVAX-USD'] as const
const instruments = ids.map((id) => coinbaseInstrument(id)!)

/**
 * Eleven bots that all want to trade every minute, at a faulty venue in virtual time, and a person who stops everything at a moment drawn by the seed: before or
 * after one of the next commits, as an order leaves, arrives or is answered, or just some milliseconds later; by a command, or by the halt file and then a command.
 */
export async function runStops({ seed, stops, exchange: wrap = (inner) => inner, halt = (inner) => inner }: StopRunOptions): Promise<StopRunResult> {
  const clock = simulatedClock(START_MS)
  const random = randomStream(seed, 'stops', 0)
  // A process that dies answers no promise: crashes have schedules of their own.
  const plan = new FaultPlan(seed, { ...harshFaults, crash: 0 })
  const market = faultMarket(clock, randomStream(seed, 'market', 0), instruments)
  const venue = new FaultyVenue({ clock, plan, instruments, cash: { USD: '500' }, feeRate: '0.005' })
  const watch = new StopWatch(clock, random)
  watch.bookings(venue)
  const kept = memoryStore()
  const storeId = `00000000-0000-8000-8000-${String(seed).padStart(12, '0')}`
  const engine = await started(clock, () =>
    createEngine({
      market: market.connect(),
      exchange: wrap(watch.exchange(faultyExchange(venue)), clock),
      store: watch.store(kept, storeId, (inner) => halt(inner, clock)),
      bots: faultBots(11, ids),
      safety: [environmentGate(['live']), balance()],
      environment: 'live',
      clock,
      breakers: { errorRate: { limit: 1_000 }, rateLimit: { limit: 1_000 }, dataGap: { limit: 1_000 }, orderStorm: { limit: 1_000 } },
    }),
  )
  engine.finished.catch((error: unknown) => watch.problems.push(`died: ${String(error)}`))
  const minute = minuteOf({ clock, random, market, venue })
  await minute('cheap')
  for (let n = 0; n < stops; n++) {
    watch.arm(engine)
    await minute(n % 2 === 0 ? 'cheap' : 'dear')
    await advanceUntil(clock, watch.stopped)
    // Nothing may move now, whatever the prices are and whatever is asked again.
    await advance(clock, Math.floor(random.uniform() * 20_000))
    await minute('cheap')
    await rearmed(engine, clock)
  }
  plan.end()
  await advance(clock, 6 * MINUTE_MS)
  const testimony = { orders: engine.rows('orders'), fills: engine.rows('fills'), balances: engine.rows('balances') }
  watch.problems.push(
    ...judge(venue.ledger, testimony, { tradeMax: faultLimits.tradeMax, entries: Number.POSITIVE_INFINITY, priceAgeMs: Number.POSITIVE_INFINITY }, []),
  )
  await advanceUntil(clock, engine.stop())
  const { inFlight, lateCreates, sendsAfterGate, createsAfterPromise, problems } = watch
  return { stops, inFlight, lateCreates, sendsAfterGate, createsAfterPromise, problems }
}

interface MinuteParts {
  readonly clock: SimulatedClock
  readonly random: RandomStream
  readonly market: FaultMarket
  readonly venue: FaultyVenue
}

/** Ends a minute with prices at which every bot wants to buy, or to sell. */
const minuteOf =
  ({ clock, random, market, venue }: MinuteParts) =>
  async (prices: 'cheap' | 'dear'): Promise<void> => {
    await advance(clock, MINUTE_MS - (clock.nowMs() % MINUTE_MS))
    for (const id of ids) {
      const price = Math.round(100 * ((prices === 'cheap' ? 96 : 102) + 2 * random.uniform())) / 100
      market.set(id, price)
      venue.price(id, price.toFixed(2))
    }
    market.tell()
  }

/** Counts what leaves and what arrives, and stops the engine when its moment has come. */
class StopWatch {
  inFlight = 0
  lateCreates = 0
  sendsAfterGate = 0
  createsAfterPromise = 0
  readonly problems: string[] = []
  /** Resolves when the emergency stop has. */
  stopped: Promise<void> = Promise.resolve()
  private readonly clock: SimulatedClock
  private readonly random: RandomStream
  /** Another process has asked for a stop; a command of this one follows. */
  private haltFile = false
  private committing = false
  private alreadyLooked = false
  private gateShut = false
  private resolved = false
  /** When the creates began that nobody has answered. */
  private readonly onTheWay = new Map<symbol, number>()
  private left = Number.POSITIVE_INFINITY
  private stop: () => void = () => undefined

  constructor(clock: SimulatedClock, random: RandomStream) {
    this.clock = clock
    this.random = random
  }

  /** From now on the n-th thing that happens, or a moment shortly after the next minute, stops everything. */
  arm(engine: Engine): void {
    const { clock, random } = this
    this.left = Number.POSITIVE_INFINITY
    this.stopped = new Promise((resolve) => {
      let once = false
      this.stop = () => {
        if (once) return
        once = true
        if ([...this.onTheWay.values()].some((beganMs) => clock.nowMs() - beganMs < PATIENCE_MS)) this.inFlight++
        // Half of the stops come from outside first: from that moment on nothing may leave, whoever has noticed.
        const fileMs = random.uniform() < 0.5 ? 0 : Math.floor(random.uniform() * 2_000)
        if (fileMs > 0) this.haltFile = this.gateShut = true
        // The look was just before: the order that is being written down leaves.
        if (fileMs > 0 && this.committing) this.alreadyLooked = true
        this.resolved = false
        clock.at(clock.nowMs() + fileMs).subscribe(() => void this.carryOut(engine).then(resolve))
      }
    })
    const { stop } = this
    const nextMinute = Math.ceil((clock.nowMs() + 1) / MINUTE_MS) * MINUTE_MS
    clock.at(nextMinute).subscribe(() => (this.left = random.uniform() < 0.7 ? 1 + Math.floor(random.uniform() * 40) : Number.POSITIVE_INFINITY))
    clock.at(nextMinute + 1 + Math.floor(random.uniform() * 900)).subscribe(() => stop())
  }

  store(inner: StoreFactory, storeId: string, look: (halt: HaltRequests) => HaltRequests): StoreFactory {
    const halt = look({
      requested: () => (this.haltFile ? { reason: 'by hand' } : undefined),
      acknowledge: () => undefined,
      clear: () => (this.haltFile = false),
    })
    return {
      open: (request) => {
        const store = inner.open({ ...request, storeId })
        return {
          ...store,
          halt,
          append: (batch, guard) => {
            this.committing = true
            this.alreadyLooked = false
            this.happened()
            const result = store.append(batch, guard)
            if (result === 'ok') for (const entry of batch) this.latch(entry)
            this.happened()
            this.committing = false
            return result
          },
        }
      },
    }
  }

  exchange(inner: Exchange): Exchange {
    return {
      ...inner,
      submit: async (request, signal, sentBefore) => {
        const send = Symbol()
        this.onTheWay.set(send, this.clock.nowMs())
        if (this.gateShut && !this.alreadyLooked) {
          this.sendsAfterGate++
          this.problems.push(`send of ${request.clientOrderId} began after the gate was closed, at ${this.clock.nowMs()}`)
        }
        this.alreadyLooked = false
        this.happened()
        const result = await inner.submit(request, signal, sentBefore)
        this.onTheWay.delete(send)
        this.happened()
        return result
      },
    }
  }

  bookings(venue: FaultyVenue): void {
    const book = venue.book.bind(venue)
    venue.book = (request) => {
      const order = book(request)
      if (order !== undefined && this.gateShut) this.lateCreates++
      if (order !== undefined && this.gateShut && this.resolved) {
        this.createsAfterPromise++
        this.problems.push(`create of ${request.clientOrderId} reached the venue after the promise, at ${this.clock.nowMs()}`)
      }
      this.happened()
      return order
    }
  }

  private async carryOut(engine: Engine): Promise<void> {
    const { gateClosedAtMs } = await engine.emergencyStop({ cancelOpenOrders: this.random.uniform() < 0.5 })
    this.resolved = true
    if (!this.gateShut) this.problems.push('the promise resolved and no latch is in the store')
    if (gateClosedAtMs > this.clock.nowMs()) this.problems.push(`the gate is said to close at ${gateClosedAtMs}, later than now`)
    for (const { client_order_id: id, state } of engine.rows('orders'))
      if (state === 'intent' || state === 'sent') this.problems.push(`order ${String(id)} is ${state} after the promise: neither an outcome nor unknown`)
  }

  private latch({ type, data }: JournalEntry): void {
    if (type === 'latch') this.gateShut = (data as { readonly state: string }).state === 'halted'
  }

  private happened(): void {
    if (--this.left === 0) this.stop()
  }
}

/** A venue that cannot be asked ends a start; whoever watches the process starts it again. */
async function started(clock: SimulatedClock, make: () => Engine): Promise<Engine> {
  for (let tries = 0; tries < 40; tries++) {
    const engine = make()
    let refused: unknown
    await advanceUntil(
      clock,
      engine.start().catch((error: unknown) => (refused = error)),
    )
    if (refused === undefined) return engine
    if (!(refused instanceof EngineError && refused.code === 'RECONCILE_FAILED')) throw new Error('the engine did not start', { cause: refused })
  }
  throw new Error('the engine did not start')
}

/** Asks for it until the books agree: the venue is as faulty as before. */
async function rearmed(engine: Engine, clock: SimulatedClock): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    let done = false
    await advanceUntil(
      clock,
      engine.rearm().then(
        () => (done = true),
        () => undefined,
      ),
    )
    if (done) return
    await advance(clock, 5_000)
  }
  throw new Error('the engine could not be re-armed')
}
