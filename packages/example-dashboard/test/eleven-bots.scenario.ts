import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOUR_MS, createEngine, memoryStore, paper, parseConfig, simulatedMarket } from '@millrace/core'
import type { EngineState, JournalEntry, MarketEvent, MarketSource, RunSummary, Store, StoreFactory } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { Observable } from 'rxjs'
import { afterAll, expect, test } from 'vitest'
import { Audit, bundledLimits } from './audit.ts'
import type { Limits } from './audit.ts'
import { bundled, busyConfig, permissive } from './configs.ts'
import { exact, exactText } from './exact.ts'
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
async function day(options: {
  readonly config: Record<string, unknown>
  readonly limits: Limits
  readonly seed: number
  readonly store: StoreFactory
  readonly start?: string
  readonly hours?: number
}): Promise<Run> {
  const { config, limits, seed, store, start = '2026-01-01T00:00Z', hours = 24 } = options
  const { bots, account } = parseConfig(config)
  const audit = new Audit(limits)
  let statesChecked = 0
  let known = 0
  const source = simulatedMarket({ seed, speed: 'max', start, until: hours * HOUR_MS, instruments: bots.map((bot) => bot.instrument) })
  const check = (state: EngineState): void => {
    statesChecked++
    audit.state(state)
  }
  const look = (event: MarketEvent): void => {
    audit.afterEvent()
    const traded = audit.orders.size + audit.fillIds.size
    // Besides the states it gives out by itself: one a minute, and one after each order and fill.
    if (traded !== known || (event.type === 'candle' && event.closed && event.instrument === bots[0]!.instrument)) check(engine.state())
    known = traded
  }
  const engine = createEngine({
    market: watched(source, audit, look),
    exchange: paper({ cash: account.cash, fees: account.fees }),
    store: audited(store, audit),
    bots,
    safety: account.safety,
    environment: 'paper',
  })
  let last: EngineState | undefined
  engine.on('state', (state) => check((last = state)))
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
  expect(statesChecked).toBeGreaterThan(24 * 60)
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

const tight: Limits = {
  tradeMin: 6,
  tradeMax: 14,
  perBot: 30,
  exposure: 90,
  tranches: 3,
  openPositions: 6,
  dailyTradesBot: 4,
  dailyTradesAccount: 36,
  dailyLoss: 1_000,
}

test('[row 1] with limits that bind, impatient bots come up to each of them and never past it, over midnight and in one SQLite file', async () => {
  const store = sqliteStore(join(folder, 'tight.db'))
  const { audit, summary } = await day({ config: busyConfig(tight, { baseSize: 16 }), limits: tight, seed: 7, store, start: '2026-01-01T20:00Z', hours: 8 })
  expect(audit.breaches).toEqual([])
  const { tradeMin: _, dailyLoss: __, ...bound } = audit.used
  for (const [name, used] of Object.entries(bound)) expect([name, used >= 0.999]).toEqual([name, true])
  const codes = ['TRADE_SIZE', 'MAX_POSITION', 'EXPOSURE', 'MAX_TRANCHES', 'OPEN_POSITIONS', 'DAILY_TRADES_BOT', 'DAILY_TRADES_ACCOUNT']
  expect(codes.filter((code) => !(summary.blockers[code]! > 0))).toEqual([])
  expect(audit.daysWithEntries).toBe(2)
  expectFaithful(store)
})

const frugal: Limits = { ...permissive, dailyLoss: 3 }

test('[row 1] no entry leaves at or after the moment the daily loss limit is reached, exits do, and the next day is a new one', async () => {
  const store = memoryStore()
  const { audit, summary } = await day({ config: busyConfig(frugal), limits: frugal, seed: 7, store, start: '2026-01-01T20:00Z', hours: 8 })
  expect(audit.breaches).toEqual([])
  expect(audit.used.dailyLoss).toBeGreaterThan(1)
  expect(summary.blockers['DAILY_LOSS']).toBeGreaterThan(0)
  expect([audit.exitsAfterLoss > 0, audit.daysWithEntries]).toEqual([true, 2])
  expectFaithful(store)
})

test('the second set of books would find a wrong entry and a wrong state', async () => {
  const store = memoryStore()
  const { last } = await day({ config: busyConfig(permissive), limits: permissive, seed: 7, store, hours: 2 })
  const journal = opened(store, wholeJournal)
  const breachesOf = (change: (entry: JournalEntry) => readonly object[], state = last): readonly string[] => {
    const audit = new Audit(permissive)
    journal.flatMap(change).forEach((entry, i) => audit.entry({ ...(entry as JournalEntry), seq: i + 1 }))
    audit.state(state)
    return audit.breaches
  }
  const altered = (type: string, data: object) => (entry: JournalEntry) => [
    entry.type === type ? { ...entry, data: { ...(entry.data as object), ...data } } : entry,
  ]
  expect(breachesOf((entry) => [entry])).toEqual([])
  expect(breachesOf((entry) => (entry.type === 'fill' ? [entry, entry] : [entry]))[0]).toContain('is booked twice')
  expect(breachesOf((entry) => (entry.type === 'fill' ? [] : [entry])).join()).toContain('has an order at work already')
  expect(breachesOf(altered('intent', { quoteSize: '25.01' })).join()).toContain('tradeMax')
  expect(breachesOf(altered('fill', { quantity: '1000000' })).join()).toContain('left for an order of')
  expect(breachesOf(altered('fill', { feeAmount: '0.01' })).join()).toContain('cash is')
  expect(breachesOf((entry) => [entry], { ...last, equity: exactText(exact(last.equity) + exact('0.00000000000000000001')) }).join()).toContain('equity')
})
