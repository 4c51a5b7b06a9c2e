import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOUR_MS, createEngine, memoryStore, paper, parseConfig, simulatedMarket } from '@millrace/core'
import type { EngineState, MarketEvent, MarketSource, RunSummary, Store, StoreFactory } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { Observable } from 'rxjs'
import { afterAll, expect, test } from 'vitest'
import { Audit, bundledLimits } from './audit.ts'
import type { Limits } from './audit.ts'
import { bundled, busyConfig } from './configs.ts'
import { foldedBytes, storedBytes, wholeJournal } from './fresh-fold.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-eleven-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Run {
  readonly audit: Audit
  readonly summary: RunSummary
  readonly last: EngineState
  readonly statesChecked: number
}

/** A day of the simulated exchange, in the paper environment: every entry is in the store before its effect, and the auditor looks on. */
async function day(options: { readonly config: Record<string, unknown>; readonly limits: Limits; readonly seed: number; readonly store: StoreFactory; readonly hours?: number }): Promise<Run> {
  const { config, limits, seed, store, hours = 24 } = options
  const { bots, account } = parseConfig(config)
  const audit = new Audit(limits)
  let statesChecked = 0
  let seq = 0
  const source = simulatedMarket({ seed, speed: 'max', until: hours * HOUR_MS, instruments: bots.map((bot) => bot.instrument) })
  const look = (event: MarketEvent): void => {
    audit.afterEvent()
    const grown = audit.orders.size + audit.fillIds.size
    if (grown === seq && !(event.type === 'candle' && event.closed)) return
    seq = grown
    statesChecked++
    audit.state(engine.state())
  }
  const engine = createEngine({ market: watched(source, audit, look), exchange: paper({ cash: account.cash, fees: account.fees }), store: audited(store, audit), bots, safety: account.safety, environment: 'paper' })
  let last: EngineState | undefined
  engine.on('state', (state) => (last = state))
  await engine.start()
  const summary = await engine.finished
  return { audit, summary, last: last!, statesChecked }
}

function watched(source: MarketSource, audit: Audit, after: (event: MarketEvent) => void): MarketSource {
  const stream: MarketSource['stream'] = (query) =>
    new Observable((subscriber) =>
      source.stream(query).subscribe({
        next(event) {
          if (event.type === 'candle') audit.price(event.instrument, event.candle.close, event.atMs)
          subscriber.next(event)
          after(event)
        },
        complete: () => subscriber.complete(),
      }),
    )
  return { ...source, stream }
}

const audited = (factory: StoreFactory, audit: Audit): StoreFactory => ({
  open(request) {
    const store = factory.open(request)
    const append: Store['append'] = (batch, guard) => {
      const result = store.append(batch, guard)
      if (result === 'ok') for (const entry of batch) audit.entry(entry)
      return result
    }
    return { ...store, append }
  },
})

function opened<T>(factory: StoreFactory, use: (store: Store) => T): T {
  const store = factory.open({ environment: 'paper' })
  try {
    return use(store)
  } finally {
    store.close()
  }
}

/** The journal replayed from nothing gives what the store keeps, byte for byte. */
function expectFaithful(factory: StoreFactory): void {
  opened(factory, (store) => expect(foldedBytes(wholeJournal(store))).toEqual(storedBytes(store)))
}

test('[row 1] [row 2] [row 32] the eleven bots of bots.json trade 24 hours of the simulated exchange, and a second set of books finds nothing wrong', async () => {
  const store = memoryStore()
  const { audit, summary, last, statesChecked } = await day({ config: bundled(), limits: bundledLimits, seed: 7, store })
  expect(audit.breaches).toEqual([])
  expect(statesChecked).toBeGreaterThan(11 * 60 * 20)
  expect([audit.fillIds.size, audit.orders.size]).toEqual([summary.fills, summary.orders])
  expect([audit.buys > 10, audit.sells > 10]).toEqual([true, true])
  expect([...audit.bots.values()].map((bot) => bot.instrument)).toEqual(
    ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'AVNT', 'AERO', 'SUI', 'AVAX', 'TOSHI', 'PENGU'].map((base) => `${base}-USD`),
  )
  // All eleven see prices and are judged, not only those that trade.
  expect(last.bots.filter((bot) => bot.price !== undefined && bot.score !== undefined)).toHaveLength(11)
  // Nothing is at work any more, so nothing is promised any more.
  expect([audit.workingOrders, last.cash.reserved, last.cash.available]).toEqual([0, '0', last.cash.total])
  const positions = opened(store, (open) => open.rows('positions'))
  expect(new Set(positions.map((row) => row['bot_id'])).size).toBe(positions.length)
  expectFaithful(store)
})

const tight: Limits = { tradeMin: 6, tradeMax: 14, perBot: 30, exposure: 90, tranches: 2, openPositions: 6, dailyTradesBot: 9, dailyTradesAccount: 60, dailyLoss: 4 }

test('[row 1] with limits that bind, impatient bots come up to each of them and never past it, in one SQLite file', async () => {
  const store = sqliteStore(join(folder, 'tight.db'))
  const { audit, summary, last, statesChecked } = await day({ config: busyConfig(tight), limits: tight, seed: 7, store, hours: 6 })
  console.log(audit.used, summary, statesChecked)
  expect(audit.breaches).toEqual([])
  expectFaithful(store)
})
