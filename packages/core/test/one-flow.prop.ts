import fc from 'fast-check'
import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import {
  bot,
  computeIndicators,
  confirm,
  cooldown,
  createAccount,
  createEngine,
  evaluate,
  execute,
  guard,
  maxTranches,
  memoryStore,
  minTemperature,
  paper,
  priceStep,
  size,
  stopLoss,
  takeProfit,
  temperatureSizing,
  tradeSize,
  weightedSignals,
} from '@millrace/core'
import type { BotConfig, CandleEvent, FillRecord, JournalEntry } from '@millrace/core'
import { instrumentsOf, listMarket, randomCandles, startMs } from './random-market.ts'
import { insideOf } from './inside-engine.ts'

const ids = ['BTC-USD', 'SOL-USD']

function bots(): BotConfig[] {
  const safety = () => [tradeSize(5, 25), minTemperature('warm'), cooldown('5m'), maxTranches(3), priceStep(0.004)]
  const exits = () => [stopLoss(0.03), takeProfit(0.03)]
  return [
    bot({
      id: 'btc',
      instrument: 'BTC-USD',
      timeframe: '1m',
      strategy: weightedSignals(),
      actionThreshold: 0.1,
      confirm: '2m',
      sizing: temperatureSizing({ base: 10, min: 5, max: 25 }),
      exits: exits(),
      safety: safety(),
    }),
    bot({
      id: 'sol',
      instrument: 'SOL-USD',
      timeframe: '1m',
      strategy: weightedSignals(),
      actionThreshold: 0.1,
      confirm: '1m',
      sizing: temperatureSizing({ base: 20, min: 5, max: 25 }),
      exits: exits(),
      safety: safety(),
    }),
    // A second bot on the same instrument: the two must never trade against each other.
    bot({
      id: 'sol-slow',
      instrument: 'SOL-USD',
      timeframe: '1m',
      strategy: weightedSignals(),
      actionThreshold: 0.2,
      confirm: '3m',
      sizing: temperatureSizing({ base: 15, min: 5, max: 25 }),
      exits: exits(),
      safety: safety(),
    }),
  ]
}

const exchange = () => paper({ cash: { USD: '300' }, latencyMs: 250 })

interface Run {
  readonly hash: string
  readonly journal: readonly JournalEntry[]
  readonly fills: readonly FillRecord[]
}

function throughKernel(events: readonly CandleEvent[]): Run {
  const journal: JournalEntry[] = []
  const fills: FillRecord[] = []
  const account = createAccount({
    instruments: instrumentsOf(ids),
    exchange: exchange(),
    bots: bots(),
    safety: [],
    startMs,
    onEntry: (entry) => journal.push(entry),
    onFill: (fill) => fills.push(fill),
  })
  for (const event of events) account.step(event)
  account.close()
  return { hash: account.hash, journal, fills }
}

function throughOperators(events: readonly CandleEvent[]): Run & { readonly decisions: number } {
  const journal: JournalEntry[] = []
  const fills: FillRecord[] = []
  let decisions = 0
  const account = createAccount({
    instruments: instrumentsOf(ids),
    exchange: exchange(),
    bots: bots(),
    safety: [],
    startMs,
    onEntry: (entry) => journal.push(entry),
    onFill: (fill) => fills.push(fill),
  })
  const candles$ = new Subject<CandleEvent>()
  for (const b of account.bots)
    candles$.pipe(computeIndicators(b), evaluate(b), confirm(b), size(b, account), guard(b, account), execute(b, account)).subscribe(() => {
      decisions++
    })
  for (const event of events) candles$.next(event)
  account.close()
  return { hash: account.hash, journal, fills, decisions }
}

async function throughEngine(
  events: readonly CandleEvent[],
): Promise<{ readonly hash: string; readonly fills: readonly FillRecord[]; readonly rows: readonly unknown[] }> {
  const fills: FillRecord[] = []
  const store = memoryStore()
  const engine = createEngine({ market: listMarket(events, ids), exchange: exchange(), store, bots: bots(), safety: [], environment: 'backtest' })
  engine.fills$.subscribe((fill) => fills.push(fill))
  await engine.start()
  await engine.finished
  const opened = store.open({ environment: 'backtest' })
  const rows = opened.read({ limit: 1_000_000 })
  opened.close()
  // The fast hash over levels and fills, which knows nothing of ids, is no part of the public face.
  return { hash: insideOf(engine).kernel.hash, fills, rows }
}

/** What an entry says, without what differs by store: order ids come from the store's id, the venue counts on from the journal. */
function comparable(entries: readonly JournalEntry[]): unknown[] {
  const ids = new Map<string, string>()
  const neutral = (text: string) =>
    text.replace(
      /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|sim-(fill-)?\d+/g,
      (id) => ids.get(id) ?? ids.set(id, `id-${ids.size + 1}`).get(id)!,
    )
  return entries
    .filter(({ type }) => !['runStarted', 'configInForce', 'reconciled'].includes(type))
    .map(
      ({ type, atMs, botId, data }) =>
        JSON.parse(neutral(JSON.stringify({ type, atMs, botId, data }).replace(/"configHash":"[0-9a-f]{64}"/g, '"configHash":""'))) as unknown,
    )
}

const isPartial = ({ state, filledQuantity }: { readonly state: string; readonly filledQuantity: string }): boolean =>
  state === 'partiallyFilled' || (state === 'cancelled' && filledQuantity !== '0')

const markets = fc.record({ seed: fc.integer(), forming: fc.boolean(), thin: fc.boolean() })

test('[row 26] kernel, engine and hand-made RxJS pipe decide and fill the same, over gaps, partial fills and denials', { timeout: 60_000 }, async () => {
  const seen = { decisions: 0, buys: 0, sells: 0, partial: 0, denied: 0 }
  await fc.assert(
    fc.asyncProperty(markets, async ({ seed, forming, thin }) => {
      const events = randomCandles({
        seed,
        minutes: 360,
        instruments: [
          { id: 'BTC-USD', price: 90_000 },
          { id: 'SOL-USD', price: 180 },
        ],
        gaps: 0.03,
        volume: (price) => (thin ? 60 : 60_000) / price,
        forming,
      })
      const kernel = throughKernel(events)
      const pipe = throughOperators(events)
      const engine = await throughEngine(events)
      expect(pipe.hash).toBe(kernel.hash)
      expect(engine.hash).toBe(kernel.hash)
      expect(pipe.journal).toEqual(kernel.journal)
      expect(comparable(engine.rows as JournalEntry[])).toEqual(comparable(kernel.journal))
      expect(engine.fills.map(({ clientOrderId: _, fillId: __, ...fill }) => fill)).toEqual(
        kernel.fills.map(({ clientOrderId: _, fillId: __, ...fill }) => fill),
      )
      seen.decisions += pipe.decisions
      seen.buys += kernel.fills.filter((fill) => fill.side === 'buy').length
      seen.sells += kernel.fills.filter((fill) => fill.side === 'sell').length
      seen.partial += kernel.journal.filter((entry) => entry.type === 'orderEvent' && isPartial(entry.data as { state: string; filledQuantity: string })).length
      seen.denied += JSON.stringify(kernel.journal).split('"denied"').length - 1
    }),
    { numRuns: 12 },
  )
  expect(seen.decisions).toBeGreaterThanOrEqual(100)
  expect(seen.buys).toBeGreaterThanOrEqual(20)
  expect(seen.sells).toBeGreaterThanOrEqual(20)
  expect(seen.partial).toBeGreaterThan(0)
  expect(seen.denied).toBeGreaterThan(0)
})
