import { Observable, Subject } from 'rxjs'
import { MINUTE_MS, candleColumns, coinbaseInstrument, createEngine, memoryStore, paper } from '@millrace/core'
import type { Candle, CandleColumns, CandleEvent, EpochMs, MarketEvent, MarketSource } from '@millrace/core'
import { START_MS } from './canonical.ts'
import { accountSafety, cash, elevenBots } from './regimes.ts'

const instrument = 'BTC-USD'

/** A market of events that somebody else makes. */
const marketOf = (stream: () => Observable<MarketEvent>): MarketSource => ({
  id: 'canonical',
  timeline: 'event',
  instruments: () => Promise.resolve([coinbaseInstrument(instrument)!]),
  candles: () => Promise.resolve(candleColumns([])),
  stream,
  startMs: () => START_MS as EpochMs,
  describe: () => ({ text: 'the canonical candles', notes: [] }),
  close: () => Promise.resolve(),
})

type Reused = { -readonly [K in keyof Omit<CandleEvent, 'candle'>]: CandleEvent[K] } & { readonly candle: { -readonly [K in keyof Candle]: Candle[K] } }

function reusedEvent(): Reused {
  const candle = { openTime: 0 as EpochMs, open: 0, high: 0, low: 0, close: 0, volume: 0 }
  return { type: 'candle', instrument, timeframeMs: MINUTE_MS, candle, closed: true, atMs: 0 as EpochMs }
}

function fill(event: Reused, columns: CandleColumns, row: number): void {
  event.candle.openTime = columns.openTime[row]! as EpochMs
  event.candle.open = columns.open[row]!
  event.candle.high = columns.high[row]!
  event.candle.low = columns.low[row]!
  event.candle.close = columns.close[row]!
  event.candle.volume = columns.volume[row]!
  event.atMs = (columns.openTime[row]! + MINUTE_MS) as EpochMs
}

/** The eleven bots in an engine: candles come in through an Observable, orders and fills go out through two. */
export async function throughObservables(columns: CandleColumns): Promise<{ readonly hash: string; readonly candleBots: number }> {
  const market = marketOf(
    () =>
      new Observable((subscriber) => {
        const event = reusedEvent()
        for (let row = 0; row < columns.length; row++) {
          fill(event, columns, row)
          subscriber.next(event)
        }
        subscriber.complete()
      }),
  )
  const engine = createEngine({ market, exchange: paper({ cash }), bots: elevenBots('normal'), safety: accountSafety(), environment: 'backtest' })
  let told = 0
  engine.orders$.subscribe(() => told++)
  engine.fills$.subscribe(() => told++)
  await engine.start()
  const { journalHash, candleBots } = await engine.finished
  if (told === 0) throw new Error('the Observables told nothing')
  return { hash: journalHash, candleBots }
}

/**
 * From one candle to eleven decisions on paper, journal included, in ms: the middle one and the 99th of a hundred. Of each candle the least of several rounds, because
 * a clock on the wall also counts what others on the machine take away.
 */
export async function latency(columns: CandleColumns, rounds: number): Promise<{ readonly p50: number; readonly p99: number }> {
  let least: Float64Array | undefined
  for (let round = 0; round < rounds; round++) {
    const taken = await oneByOne(columns)
    least = least === undefined ? taken : least.map((ms, i) => Math.min(ms, taken[i]!))
  }
  const sorted = least!.sort()
  return { p50: sorted[sorted.length >> 1]!, p99: sorted[Math.floor(sorted.length * 0.99)]! }
}

/** What each candle of the second half took. */
async function oneByOne(columns: CandleColumns): Promise<Float64Array> {
  const events = new Subject<MarketEvent>()
  const engine = createEngine({
    market: marketOf(() => events),
    exchange: paper({ cash }),
    store: memoryStore(),
    bots: elevenBots('normal'),
    safety: accountSafety(),
    environment: 'paper',
  })
  engine.decisions$.subscribe(() => undefined)
  await engine.start()
  const event = reusedEvent()
  const warm = columns.length >> 1
  const taken = new Float64Array(columns.length - warm)
  for (let row = 0; row < columns.length; row++) {
    fill(event, columns, row)
    const start = performance.now()
    events.next(event)
    if (row >= warm) taken[row - warm] = performance.now() - start
  }
  await engine.stop()
  return taken
}
