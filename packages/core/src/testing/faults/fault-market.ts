import { Observable } from 'rxjs'
import type { Subscriber } from 'rxjs'
import type { Clock } from '../../contracts/clock.ts'
import type { MarketEvent } from '../../contracts/events.ts'
import type { MarketSource } from '../../contracts/market-source.ts'
import { candleColumns } from '../../model/candle-columns.ts'
import type { Instrument } from '../../model/instrument.ts'
import { toFloat } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'
import { MINUTE_MS } from '../../model/time.ts'
import type { RandomStream } from '../../simulation/simulated-market/random.ts'
import type { FaultPlan } from './fault-plan.ts'

/** A live market of a minute's candles in virtual time: prices swing around 100, so that bots that buy low and sell high have work. */
export interface FaultMarket {
  /** A new connection to it, as every start of an engine makes one. */
  connect(): MarketSource
  /** Makes the prices at which the minute ends. */
  next(): ReadonlyMap<string, string>
  /** Sets the price at which the minute ends. */
  set(instrument: string, price: number): void
  /** Tells everybody the minute that has ended; by the plan it is kept back for a while, and what follows queues behind it. */
  tell(): void
  /** When the newest price that was told was made. */
  readonly toldMs: number
}

/** Messages that are kept back come this late: later than {@link faultLimits} lets an entry be decided on. */
const LATE_MS = { from: 95_000, to: 170_000 } as const

export function faultMarket(clock: Clock, random: RandomStream, instruments: readonly Instrument[], plan?: FaultPlan): FaultMarket {
  let toldMs = Number.NEGATIVE_INFINITY
  /** While messages are kept back: those that wait. */
  let keptBack: MarketEvent[] | undefined
  const listeners = new Set<Subscriber<MarketEvent>>()
  const opens = new Map<string, number>()
  const last = new Map<string, number>(instruments.map(({ id }) => [id, 100]))
  return {
    connect: () => ({
      id: 'fault-market',
      timeline: 'wall',
      instruments: async () => instruments,
      candles: async () => candleColumns([]),
      stream: () =>
        new Observable((subscriber) => {
          listeners.add(subscriber)
          return () => listeners.delete(subscriber)
        }),
      describe: () => ({ text: 'made-up prices in virtual time', notes: [] }),
      close: async () => {
        for (const listener of [...listeners]) listener.complete()
      },
    }),
    next() {
      const prices = new Map<string, string>()
      for (const { id, priceIncrement } of instruments) {
        opens.set(id, last.get(id)!)
        // Pulled back to 100 by a half, pushed by up to 4 %.
        const step = toFloat(priceIncrement)
        const close = Math.round((100 + 0.5 * (last.get(id)! - 100) + 8 * (random.uniform() - 0.5)) / step) * step
        last.set(id, close)
        prices.set(id, close.toFixed(2))
      }
      return prices
    },
    set(instrument, price) {
      opens.set(instrument, last.get(instrument)!)
      last.set(instrument, price)
    },
    tell() {
      const events = [...endedMinute(instruments, opens, last, clock.nowMs())]
      if (keptBack !== undefined) return void keptBack.push(...events)
      if (plan?.hit('lateCandles') !== true) return deliver(events)
      keptBack = events
      clock.at((clock.nowMs() + plan.between(LATE_MS.from, LATE_MS.to)) as EpochMs).subscribe(() => {
        const waiting = keptBack ?? []
        keptBack = undefined
        deliver(waiting)
      })
    },
    get toldMs() {
      return toldMs
    },
  }

  function deliver(events: readonly MarketEvent[]): void {
    for (const event of events) {
      toldMs = event.atMs
      for (const listener of [...listeners]) listener.next(event)
    }
  }
}

function* endedMinute(
  instruments: readonly Instrument[],
  opens: ReadonlyMap<string, number>,
  closes: ReadonlyMap<string, number>,
  atMs: EpochMs,
): Iterable<MarketEvent> {
  const openTime = (Math.floor(atMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS) as EpochMs
  for (const { id } of instruments) {
    const [open, close] = [opens.get(id)!, closes.get(id)!]
    const candle = { openTime, open, high: Math.max(open, close), low: Math.min(open, close), close, volume: 1 }
    yield { type: 'quote', instrument: id, bid: close, ask: close, atMs }
    yield { type: 'candle', instrument: id, timeframeMs: MINUTE_MS, candle, closed: true, atMs }
  }
}
