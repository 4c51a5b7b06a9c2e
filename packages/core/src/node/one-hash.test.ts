import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { from } from 'rxjs'
import { expect, test } from 'vitest'
import type { MarketEvent } from '../contracts/events.ts'
import type { MarketSource } from '../contracts/market-source.ts'
import { candleAt, candleColumns } from '../model/candle-columns.ts'
import type { CandleColumns } from '../model/candle.ts'
import { MINUTE_MS } from '../model/time.ts'
import type { EpochMs } from '../model/time.ts'
import { createEngine } from '../runtime/create-engine.ts'
import { paper } from '../simulation/paper.ts'
import { coinbaseInstrument } from '../simulation/products.ts'
import { bots, cash, inTheKernel, instrument } from './one-hash.fixture.ts'

const columns = candleColumns(
  Array.from({ length: 3_000 }, (_, i) => {
    const close = 30_000 + 900 * Math.sin(i / 40) + 250 * Math.sin(i / 7) + (i % 13)
    return { openTime: i * MINUTE_MS, open: close - 3, high: close + 20, low: close - 20, close, volume: 1_000 }
  }),
)

const marketOf = (candles: CandleColumns): MarketSource => ({
  id: 'columns',
  timeline: 'event',
  instruments: () => Promise.resolve([coinbaseInstrument(instrument)!]),
  candles: () => Promise.resolve(candleColumns([])),
  stream: () =>
    from(
      Array.from({ length: candles.length }, (_, i): MarketEvent => {
        const candle = candleAt(candles, i)
        return { type: 'candle', instrument, timeframeMs: MINUTE_MS, candle, closed: true, atMs: (candle.openTime + MINUTE_MS) as EpochMs }
      }),
    ),
  startMs: () => 0 as EpochMs,
  describe: () => ({ text: 'columns', notes: [] }),
  close: () => Promise.resolve(),
})

test('kernel, Observables and worker give one hash', async () => {
  const kernel = inTheKernel(columns)
  expect(kernel.fills).toBeGreaterThan(20)
  expect(kernel.denied).toBeGreaterThan(0)

  let told = 0
  const engine = createEngine({ market: marketOf(columns), exchange: paper({ cash }), bots: bots(), safety: [], environment: 'backtest' })
  engine.fills$.subscribe(() => told++)
  await engine.start()
  const { journalHash, fills } = await engine.finished
  expect(told).toBe(fills)
  expect({ hash: journalHash, fills }).toEqual({ hash: kernel.hash, fills: kernel.fills })

  const worker = new Worker(new URL('one-hash.fixture.ts', import.meta.url), { workerData: { oneHash: columns }, execArgv: ['--conditions=@millrace/source'] })
  const [answer] = (await once(worker, 'message')) as [unknown]
  expect(answer).toEqual(kernel)
})

test('candles that differ in one price give another hash', () => {
  const other = { ...columns, close: columns.close.with(1_500, columns.close[1_500]! + 15) }
  expect(inTheKernel(other).hash).not.toBe(inTheKernel(columns).hash)
})
