import type { PluginName, Template } from '../template.ts'

const events = `import { candleColumns, coinbaseInstrument } from '@millrace/core'
import type { Adapter, Candle, CandleEvent, EpochMs, MarketSource } from '@millrace/core'
import { Observable, ReplaySubject, takeUntil } from 'rxjs'

const START_MS = Date.UTC(2026, 0, 1) as EpochMs
const CANDLES = 1_000

/** Replace this by your own: closed candles of one instrument and length, oldest first. */
function load(instrument: string, timeframeMs: number): readonly Candle[] {
  const price = (i: number): number => 100 + instrument.length + Math.sin(i / 20) * 5
  return Array.from({ length: CANDLES }, (_, i) => {
    const [open, close] = [price(i), price(i + 1)]
    return {
      openTime: (START_MS + i * timeframeMs) as EpochMs,
      open,
      high: Math.max(open, close) + 0.1,
      low: Math.min(open, close) - 0.1,
      close,
      volume: 10,
    }
  })
}

/** Every closed candle when it ends, in the order of time, instrument and timeframe. */
function eventsOf(instruments: readonly string[], timeframesMs: readonly number[], afterMs: number): readonly CandleEvent[] {
  const endMs = START_MS + CANDLES * Math.min(...timeframesMs)
  const events = instruments.flatMap((instrument) =>
    timeframesMs.flatMap((timeframeMs) =>
      load(instrument, timeframeMs).map((candle): CandleEvent => {
        return { type: 'candle', instrument, timeframeMs, candle, closed: true, atMs: (candle.openTime + timeframeMs) as EpochMs }
      }),
    ),
  )
  const inOrder = (a: CandleEvent, b: CandleEvent): number =>
    a.atMs - b.atMs || (a.instrument < b.instrument ? -1 : a.instrument > b.instrument ? 1 : a.timeframeMs - b.timeframeMs)
  return events.filter(({ atMs }) => atMs > afterMs && atMs <= endMs).sort(inOrder)
}

/** Gives the events out in small portions, so that whoever listens can end it between two of them. */
function streamOf(events: readonly CandleEvent[]): Observable<CandleEvent> {
  return new Observable((subscriber) => {
    void (async () => {
      for (const [i, event] of events.entries()) {
        if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
        if (subscriber.closed) return
        subscriber.next(event)
      }
      subscriber.complete()
    })()
  })
}

`

const market = ({
  id,
  camel,
}: PluginName): string => `/** A market whose candles exist already. A live one has timeline 'wall', and pushes what its venue says. */
export function openMarket(instruments: readonly string[]): MarketSource {
  const closed = new ReplaySubject<void>(1)
  return {
    id: '${id}',
    timeline: 'event',
    instruments: () => Promise.resolve(instruments.flatMap((instrument) => coinbaseInstrument(instrument) ?? [])),
    candles: async ({ instrument, timeframeMs, fromMs, toMs }) =>
      candleColumns(load(instrument, timeframeMs).filter(({ openTime }) => openTime >= fromMs && openTime + timeframeMs <= toMs)),
    stream: (query) => streamOf(eventsOf(query.instruments, query.timeframesMs, query.afterMs ?? START_MS)).pipe(takeUntil(closed)),
    startMs: () => START_MS,
    describe: () => ({ text: 'prices of ${id}', fromMs: START_MS, notes: [] }),
    close() {
      closed.next()
      closed.complete()
      return Promise.resolve()
    },
  }
}

export const ${camel}: Adapter = { apiVersion: 1, id: '${id}', openMarket: ({ instruments }) => openMarket(instruments) }
`

export const adapterTemplate: Template = {
  kind: 'adapter',
  summary: 'prices of your own, for millrace run --market',
  use: ({ camel }, file) => `millrace run --config bots.json --market ${file}#${camel} (it needs the package rxjs)`,
  source: (name) => events + market(name),
  test: ({ id }) => `import { test } from 'node:test'
import { marketContract } from '@millrace/core/testing'
import { openMarket } from './${id}.ts'

const instruments = ['BTC-USD', 'ETH-USD']
for (const { name, run } of marketContract(() => ({ market: openMarket(instruments), instruments, timeframesMs: [60_000] }))) test(name, async () => void (await run()))
`,
}
