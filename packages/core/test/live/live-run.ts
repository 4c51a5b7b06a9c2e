import { createEngine, memoryStore } from '@millrace/core'
import type { Engine, EngineOptions, Exchange, LinkEvent, OrderEvent, SafetyRule } from '@millrace/core'
import { simulatedClock } from '@millrace/core/testing'
import type { SimulatedClock } from '@millrace/core/testing'
import { coinbaseInstrument } from '@millrace/core'
import { FaultPlan } from '../../src/testing/faults/fault-plan.ts'
import type { FaultRates } from '../../src/testing/faults/fault-plan.ts'
import { faultBots, faultSafety } from '../../src/testing/faults/fault-bots.ts'
import { faultMarket } from '../../src/testing/faults/fault-market.ts'
import { faultyExchange } from '../../src/testing/faults/faulty-exchange.ts'
import { FaultyVenue } from '../../src/testing/faults/faulty-venue.ts'
import { randomStream } from '../../src/simulation/simulated-market/random.ts'

const START_MS = 1_767_225_600_000
const listed = ['BTC-USD', 'ETH-USD'].map((id) => coinbaseInstrument(id)!)

/** One bot, or those asked for, on a real venue in memory, moved by hand in virtual time. */
export interface LiveRun {
  readonly engine: Engine
  readonly venue: FaultyVenue
  readonly clock: SimulatedClock
  /** What the exchange pushes besides what the venue says. */
  push(event: OrderEvent | LinkEvent): void
  /** So many minutes with a price at the end of each. */
  minutes(...prices: readonly number[]): Promise<void>
  seconds(count: number): Promise<void>
  /** Starts a second engine on the same store, after the first was stopped or abandoned. */
  again(options?: Partial<EngineOptions>): Promise<Engine>
}

export async function liveRun({
  faults = {},
  exchange: wrap = (inner: Exchange) => inner,
  safety = [],
  limits = faultSafety(),
  breakers = {},
  bots = faultBots(1, ['BTC-USD']),
  cash = { USD: '500' },
  before,
}: {
  readonly bots?: EngineOptions['bots']
  readonly faults?: FaultRates
  readonly exchange?: (inner: Exchange) => Exchange
  readonly safety?: EngineOptions['safety']
  readonly breakers?: EngineOptions['breakers']
  /** Instead of those of a fault schedule. */
  readonly limits?: readonly SafetyRule[] | ReturnType<typeof faultSafety>
  readonly cash?: Readonly<Record<string, string>>
  /** What the owner does at the venue before the first start. */
  readonly before?: (venue: FaultyVenue) => void
} = {}): Promise<LiveRun> {
  const instruments = listed.filter(({ id }) => bots.some(({ instrument }) => instrument === id))
  const clock = simulatedClock(START_MS)
  const plan = new FaultPlan(1, faults)
  const market = faultMarket(clock, randomStream(1, 'market', 0), instruments)
  const venue = new FaultyVenue({ clock, plan, instruments, cash, feeRate: '0.005' })
  before?.(venue)
  const kept = memoryStore()
  const store = { open: (request: Parameters<typeof kept.open>[0]) => kept.open({ ...request, storeId: '00000000-0000-8000-8000-000000000001' }) }
  const start = async (options: Partial<EngineOptions> = {}): Promise<Engine> => {
    const engine = createEngine({
      market: market.connect(),
      exchange: wrap(faultyExchange(venue)),
      store,
      bots,
      safety: [...limits, ...safety],
      environment: 'live',
      breakers,
      clock,
      ...options,
    })
    let over = false
    const started = engine.start().finally(() => (over = true))
    started.catch(() => undefined)
    for (let i = 0; i < 1_000 && !over; i++) await seconds(0.25)
    await started
    return engine
  }
  async function seconds(count: number): Promise<void> {
    const endMs = clock.nowMs() + count * 1_000
    await turn()
    while (clock.nextMs <= endMs) {
      clock.set(Math.max(clock.nextMs, clock.nowMs()))
      await turn()
    }
    clock.set(endMs)
    await turn()
  }
  const engine = await start()
  return {
    engine,
    venue,
    clock,
    push: (event) => {
      for (const listener of venue.listeners) listener(event)
    },
    async minutes(...prices) {
      for (const price of prices) {
        await seconds(60 - ((clock.nowMs() / 1_000) % 60))
        market.set('BTC-USD', price)
        venue.price('BTC-USD', price.toFixed(2))
        market.tell()
        await turn()
      }
    },
    seconds,
    again: start,
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
