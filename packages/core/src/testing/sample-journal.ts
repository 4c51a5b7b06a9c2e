import type { EntryType, JournalEntry } from '../contracts/journal.ts'
import { EMPTY_CHAIN, chainHash } from '../engine/journal/chain.ts'
import type { ChainHead } from '../engine/journal/chain.ts'
import type { EntryData } from '../engine/journal/entry-data.ts'
import { ENTRY_VERSION } from '../engine/journal/stored-entry.ts'
import type { Json } from '../model/json.ts'
import { DAY_MS, MINUTE_MS } from '../model/time.ts'
import type { EpochMs } from '../model/time.ts'

/** 2026-01-01T00:00Z. */
const START_MS = 1_767_225_600_000
const bots = [
  { id: 'btc', instrument: 'BTC-USD', base: 'BTC' },
  { id: 'eth', instrument: 'ETH-USD', base: 'ETH' },
  { id: 'toshi', instrument: 'TOSHI-USD', base: 'TOSHI' },
] as const

type Write = <T extends EntryType>(type: T, data: EntryData[T], botId?: string) => void

/**
 * Returns the first entries of an endless made-up journal that holds every type of entry and obeys the ledger: deposits,
 * round trips with partial fills and fees, pauses, an emergency stop with its re-arm, text that is hard to store. The same
 * for the same count, and the start of any longer one.
 *
 * @param count - how many entries, from 0
 * @example
 * ```ts
 * sampleJournal(3).map((entry) => entry.type) // => ['runStarted', 'configInForce', 'adjustment']
 * ```
 */
export function sampleJournal(count: number): readonly JournalEntry[] {
  const entries: JournalEntry[] = []
  let atMs = START_MS
  const write: Write = (type, data, botId) => {
    atMs += 1_000
    entries.push(nextEntry(entries.at(-1) ?? EMPTY_CHAIN, atMs as EpochMs, type, data as Json, botId))
  }
  writeStart(write)
  for (let trip = 0; entries.length < count; trip++) {
    atMs += MINUTE_MS
    writeRoundTrip(write, trip, atMs)
    if (trip % 5 === 4) writeOperations(write, trip, atMs)
  }
  return entries.slice(0, count)
}

/** Returns a well-formed entry right after another one, true or not. */
export function nextEntry(previous: ChainHead, atMs: EpochMs, type: EntryType, data: Json, botId?: string): JournalEntry {
  const body = { seq: previous.seq + 1, atMs, type, v: ENTRY_VERSION, ...(botId === undefined ? {} : { botId }), data }
  return { ...body, hash: chainHash(previous.hash, body) }
}

function writeStart(write: Write): void {
  write('runStarted', { environment: 'paper', bots: bots.map(({ id, instrument }) => ({ id, instrument, timeframeMs: MINUTE_MS })) })
  write('configInForce', { hash: 'sample', config: { bots: bots.map(({ id }) => id), cash: { USD: '100000' } } })
  write('adjustment', { kind: 'deposit', currency: 'USD', amount: '100000', reason: 'paper cash' })
}

function writeRoundTrip(write: Write, trip: number, atMs: number): void {
  const { id, instrument, base } = bots[trip % bots.length]!
  const buyId = `sample-${trip}-buy`
  const sellId = `sample-${trip}-sell`
  write('blockerChanged', { changes: [[id, atMs, 'confirming', null, 'buy', atMs]] }, id)
  write('confirmation', { side: 'buy', sinceMs: atMs, lastMs: atMs, count: 1 }, id)
  write('decision', { outcome: 'ordered', score: 0.1 + trip / 1e6, readings: { rsi: 28.25, macd: { line: -1e-7, signal: 'NaN' } } }, id)
  write(
    'intent',
    {
      ...intentBase,
      clientOrderId: buyId,
      intentNo: 2 * trip + 1,
      instrument,
      side: 'buy',
      kind: 'open',
      origin: 'strategy',
      source: 'weighted-signals',
      quoteSize: '10',
      reserveCurrency: 'USD',
      reserveAmount: '10',
    },
    id,
  )
  write('sent', { clientOrderId: buyId }, id)
  write('orderEvent', { clientOrderId: buyId, state: 'open', venueOrderId: `v-${buyId}`, filledQuantity: '0' }, id)
  writeFill(write, { order: buyId, part: 1, bot: id, instrument, side: 'buy', quantity: '0.04', atMs })
  write('orderEvent', { clientOrderId: buyId, state: 'partiallyFilled', venueOrderId: `v-${buyId}`, filledQuantity: '0.04', averagePrice: '100.25' }, id)
  writeFill(write, { order: buyId, part: 2, bot: id, instrument, side: 'buy', quantity: '0.05', atMs })
  write(
    'orderEvent',
    {
      clientOrderId: buyId,
      state: 'filled',
      venueOrderId: `v-${buyId}`,
      filledQuantity: '0.09',
      averagePrice: '100.25',
      reason: 'é "quoted"\n\0 \u2028 😀 \uD800',
    },
    id,
  )
  write('extremes', { highest: 104.5, lowest: 99.25, peak: 104.5 }, id)
  write('strategyState', { state: { level: trip, grid: [1.5, null, true] } }, id)
  write(
    'intent',
    {
      ...intentBase,
      clientOrderId: sellId,
      intentNo: 2 * trip + 2,
      instrument,
      side: 'sell',
      kind: 'close',
      origin: 'exit',
      source: 'take-profit',
      baseSize: '0.09',
      reserveCurrency: base,
      reserveAmount: '0.09',
    },
    id,
  )
  write('sent', { clientOrderId: sellId }, id)
  writeFill(write, { order: sellId, part: 1, bot: id, instrument, side: 'sell', quantity: '0.09', atMs })
  write('orderEvent', { clientOrderId: sellId, state: 'filled', venueOrderId: `v-${sellId}`, filledQuantity: '0.09', averagePrice: '100.25' }, id)
  write('blockerChanged', { changes: [[id, atMs, 'denied', 'COOLDOWN', 'buy', null]] }, id)
}

function writeOperations(write: Write, trip: number, atMs: number): void {
  const { id } = bots[trip % bots.length]!
  write('command', { kind: 'pauseBot', payload: null }, id)
  write('command', { kind: 'startBot', payload: { by: 'operator' } }, id)
  write('latch', { state: 'reducing', reason: 'dailyLoss', untilMs: atMs + DAY_MS })
  write('latch', { state: 'halted', reason: 'emergencyStop', untilMs: null })
  write('alert', { code: 'HALTED', severity: 'critical', detail: 'stopped by hand: é 😀 \uD800' })
  write('reconciled', { trigger: 'rearm', differences: [] })
  write('latch', { state: 'active', reason: 'rearm', untilMs: null })
  write('dayRolled', { day: '2026-01-02', unrealized: -0.1 })
  write('adopted', { from: 'btc' }, `btc-${trip}`)
  write('valuation', { equity: `${100000 - trip}.25`, paidIn: '100000', open: [[id, 'NaN', 'NaN', 100.25, 0]] })
  write('checkpoint', { bots: {}, trip })
}

const intentBase = { orderType: 'market', expectedPrice: 100.25, score: 0.35, temperature: 'hot', configHash: 'sample' } as const

interface SampleFill {
  readonly order: string
  readonly part: number
  readonly bot: string
  readonly instrument: string
  readonly side: 'buy' | 'sell'
  readonly quantity: string
  readonly atMs: number
}

function writeFill(write: Write, { order, part, bot, instrument, side, quantity, atMs }: SampleFill): void {
  write(
    'fill',
    {
      fillId: `${order}-${part}`,
      clientOrderId: order,
      venueOrderId: `v-${order}`,
      instrument,
      side,
      price: '100.25',
      quantity,
      feeAmount: '0.00902250',
      feeCurrency: 'USD',
      liquidity: 'taker',
      filledAtMs: atMs,
    },
    bot,
  )
}
