import { describe, expect, test } from 'vitest'
import { createEngine, memoryStore, paper, stopLoss, takeProfit } from '@millrace/core'
import type { bot } from '@millrace/core'
import type { CandleEvent, Decision, EngineState, EpochMs, FillRecord, JournalEntry, StoreFactory } from '@millrace/core'
import { MINUTE, candles, levelBot, startMs } from './levels.ts'
import { listMarket } from './random-market.ts'

interface Outcome {
  readonly fills: readonly FillRecord[]
  readonly decisions: readonly Decision[]
  readonly journal: readonly JournalEntry[]
  readonly state: EngineState
}

async function run(events: readonly CandleEvent[], store: StoreFactory, options: Partial<Parameters<typeof bot>[0]> = {}): Promise<Outcome> {
  const fills: FillRecord[] = []
  const decisions: Decision[] = []
  const engine = createEngine({
    market: listMarket(events, ['BTC-USD']),
    exchange: paper({ cash: { USD: '1000' }, slippageBps: 0 }),
    store,
    bots: [levelBot(options)],
    environment: 'paper',
    safety: [],
    record: 'all',
  })
  engine.fills$.subscribe((fill) => fills.push(fill))
  engine.decisions$.subscribe((decision) => decisions.push(decision))
  let state: EngineState | undefined
  engine.on('state', (next) => {
    state = next
  })
  await engine.start()
  await engine.finished
  const opened = store.open({ environment: 'paper' })
  const journal = opened.read({ limit: 100_000 })
  opened.close()
  return { fills, decisions, journal, state: state! }
}

describe('the life of a position', () => {
  test('[row 3] [row 94] signal, confirmation, buy, hold, sell, closed, in one journal trail', async () => {
    const { fills, journal, state } = await run(candles([105, 99, 99, 99, 105, 105, 111, 112, 113, 113]), memoryStore(), { confirm: '2m' })
    expect(fills.map(({ side }) => side)).toEqual(['buy', 'sell'])
    // Confirmed on the third candle under 100, filled at the open of the next one after the latency: never on its own candle.
    expect(fills[0]!.atMs).toBe(startMs + 4 * MINUTE + 250)
    expect(fills[0]!.price).toBe('99')
    expect(fills[1]!.price).toBe('113')
    const trail = journal
      .filter((entry) => entry.botId === 'btc' || entry.type === 'blockerChanged')
      .map((entry) => (entry.type === 'orderEvent' ? `orderEvent:${(entry.data as { state: string }).state}` : entry.type))
    expect(trail.filter((type) => type !== 'blockerChanged' && type !== 'confirmation')).toEqual([
      'decision',
      'intent',
      'sent',
      'orderEvent:open',
      'fill',
      'orderEvent:filled',
      'decision',
      'intent',
      'sent',
      'orderEvent:open',
      'fill',
      'orderEvent:filled',
    ])
    expect(state.bots[0]!.position.status).toBe('closed')
    expect(state.bots[0]!.position.quantity).toBe('0')
  })

  test('an order without a later candle stays at work and is taken up by the next start; nothing is booked twice', async () => {
    const store = memoryStore()
    const first = await run(candles([105, 99]), store)
    expect(first.fills).toEqual([])
    expect(first.state.bots[0]!.workingOrder?.state).toBe('sent')
    // The venue lived in the process that ended before it answered: the intent is taken back, and a new one is made.
    const second = await run(candles([99, 99, 99, 99], 2), store)
    expect(second.fills.map(({ side }) => side)).toEqual(['buy'])
    expect(second.journal.filter(({ type }) => type === 'fill')).toHaveLength(1)
    expect(second.state.cash.reserved).toBe('0')
  })

  test('a stop saves money inside the candle that passes it, at the worse of open and trigger', async () => {
    const { fills } = await run(candles([105, 99, 99, { close: 98, low: 90 }, 98]), memoryStore(), { exits: [stopLoss(0.05)] })
    expect(fills.map(({ side, price, source }) => ({ side, price, source }))).toEqual([
      { side: 'buy', price: '99', source: 'levels' },
      { side: 'sell', price: '94.05', source: 'stop-loss' },
    ])
  })

  test('a candle that opens under the stop is sold at its open, not at the stop', async () => {
    const gap = candles([105, 99, 99])
    const openTime = (startMs + 3 * MINUTE) as EpochMs
    gap.push(
      { ...gap[2]!, candle: { openTime, open: 80, high: 81, low: 79, close: 80, volume: 1_000 }, atMs: (openTime + MINUTE) as EpochMs },
      ...candles([80, 80], 4),
    )
    const { fills } = await run(gap, memoryStore(), { exits: [stopLoss(0.05)] })
    expect(fills[1]).toMatchObject({ side: 'sell', price: '80' })
  })

  test('a take-profit fires at its price when the candle passes it and stays quiet below', async () => {
    const hit = await run(candles([105, 99, 99, { close: 101, high: 104 }, 101]), memoryStore(), { exits: [takeProfit(0.04)] })
    expect(hit.fills[1]).toMatchObject({ side: 'sell', price: '102.96', source: 'take-profit' })
    const quiet = await run(candles([105, 99, 99, { close: 101, high: 102.9 }, 101]), memoryStore(), { exits: [takeProfit(0.04)] })
    expect(quiet.fills).toHaveLength(1)
  })
})

describe('a restart', () => {
  test('[row 14] continues a confirmation with its stored start', async () => {
    const store = memoryStore()
    const first = await run(candles([105, 99, 99, 99]), store, { confirm: '5m' })
    expect(first.decisions.at(-1)!.confirmation).toMatchObject({ count: 3, sinceMs: startMs + 2 * MINUTE })
    const second = await run(candles([99, 99, 99, 99], 4), store, { confirm: '5m' })
    expect(second.decisions[0]!.outcome).toBe('confirming')
    expect(second.decisions[0]!.confirmation).toMatchObject({ count: 4, sinceMs: startMs + 2 * MINUTE })
    // Confirmed five minutes after the first start, not after the second.
    expect(second.decisions.find(({ outcome }) => outcome === 'ordered')!.timeMs).toBe(startMs + 7 * MINUTE)
  })

  test('starts a confirmation over when the process was down for more than two timeframes', async () => {
    const store = memoryStore()
    await run(candles([105, 99, 99]), store, { confirm: '5m' })
    const second = await run(candles([99, 99], 8), store, { confirm: '5m' })
    expect(second.decisions[0]!.confirmation).toMatchObject({ count: 1, sinceMs: startMs + 9 * MINUTE })
  })

  test('keeps position, cash, cooldown and daily counters', async () => {
    const store = memoryStore()
    const first = await run(candles([105, 99, 99, 99]), store)
    const second = await run(candles([99, 99, 99], 4), store)
    expect(second.fills).toEqual([])
    expect(second.decisions[0]!.blocker).toMatchObject({ code: 'COOLDOWN', untilMs: first.fills[0]!.atMs + 15 * MINUTE })
    expect(second.state.bots[0]!.position.quantity).toBe(first.state.bots[0]!.position.quantity)
    expect(second.state.bots[0]!.tradesToday).toBe(1)
    expect(second.state.cash).toEqual(first.state.cash)
    expect(second.state.lastFills).toEqual(first.state.lastFills)
  })

  test('is refused when a bot that holds something is no longer configured', async () => {
    const store = memoryStore()
    await run(candles([105, 99, 99, 99]), store)
    await expect(run(candles([99], 4), store, { id: 'other' })).rejects.toMatchObject({
      code: 'ORPHANED_POSITION',
      message: expect.stringContaining('btc') as string,
    })
  })
})
