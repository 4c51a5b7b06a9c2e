import { EMPTY_CHAIN, MINUTE_MS, chainHash, parseConfig } from '../../packages/core/src/index.ts'
import type { ChainHead, EntryType, EpochMs, Json, JournalEntry, ParsedConfig } from '../../packages/core/src/index.ts'
import { bundled } from '../../packages/example-dashboard/test/configs.ts'
import { sqliteStore } from '../../packages/sqlite-store/src/index.ts'

export const bundledConfig = (): ParsedConfig => parseConfig(bundled())

/** 2026-01-01T00:00Z. */
const START_MS = 1_767_225_600_000
/** Entries of one commit: a file is to be made, not a run. */
const BATCH = 512

/** Makes the file of a long life of the eleven bots: round trips one after another, each with its levels, its decisions and its orders. Returns what it holds. */
export function writeLongJournal(path: string, fills: number): { readonly entries: number; readonly kept: number } {
  const { bots } = bundledConfig()
  const store = sqliteStore(path).open({ environment: 'paper' })
  let head: ChainHead = EMPTY_CHAIN
  let atMs = START_MS
  let batch: JournalEntry[] = []
  const commit = (): void => {
    store.append(batch)
    batch = []
  }
  const write = (type: EntryType, data: Json, botId?: string): void => {
    const body = { seq: head.seq + 1, atMs: atMs as EpochMs, type, v: 1, ...(botId === undefined ? {} : { botId }), data }
    const entry = { ...body, hash: chainHash(head.hash, body) }
    head = entry
    batch.push(entry)
    if (batch.length >= BATCH) commit()
  }
  write('runStarted', { environment: 'paper', bots: bots.map(({ id, instrument, timeframeMs }) => ({ id, instrument, timeframeMs })) })
  write('configInForce', { hash: 'a long life', config: {} })
  write('adjustment', { kind: 'deposit', currency: 'USD', amount: '20000', reason: 'fees for a long life' })
  for (let n = 0; n < fills; n++) {
    atMs += 5 * MINUTE_MS
    const { id, instrument } = bots[(n >> 1) % bots.length]!
    for (let k = 0; k < 3; k++) write('blockerChanged', { changes: [[id, atMs + k, 'denied', 'COOLDOWN', 'buy', null]] })
    writeOrder(write, { n, id, instrument, atMs })
  }
  commit()
  let kept = 0
  for (let afterSeq = 0; ;) {
    const chunk = store.read({ afterSeq, limit: 10_000 })
    kept += chunk.length
    if (chunk.length < 10_000) break
    afterSeq = chunk.at(-1)!.seq
  }
  store.close()
  return { entries: head.seq, kept }
}

interface LongOrder {
  readonly n: number
  readonly id: string
  readonly instrument: string
  readonly atMs: number
}

const rules = ['stale-data', 'cooldown', 'daily-trades', 'max-position', 'trade-size', 'price-step', 'balance', 'daily-loss']

function writeOrder(write: (type: EntryType, data: Json, botId?: string) => void, { n, id, instrument, atMs }: LongOrder): void {
  const buy = n % 2 === 0
  const clientOrderId = `0f8b7c1e-0000-8000-8000-${String(n).padStart(12, '0')}`
  const base = instrument.split('-')[0]!
  const size = buy
    ? { side: 'buy', kind: 'open', quoteSize: '10', reserveCurrency: 'USD', reserveAmount: '10' }
    : { side: 'sell', kind: 'close', baseSize: '0.09', reserveCurrency: base, reserveAmount: '0.09' }
  const verdicts = rules.map((ruleId) => ({ ruleId, kind: 'approve', margin: 1.25 }))
  write('decision', { outcome: 'ordered', score: 0.4, readings: { rsi: 28.25, ma: 0.001, macd: -1e-7 }, verdicts }, id)
  const order = { clientOrderId, intentNo: n + 1, instrument, origin: 'strategy', source: 'weighted-signals', orderType: 'market' }
  write('intent', { ...order, ...size, expectedPrice: 100.25, score: 0.35, temperature: 'hot', configHash: 'a long life' }, id)
  write('sent', { clientOrderId }, id)
  write('orderEvent', { clientOrderId, state: 'open', venueOrderId: `v-${n}`, filledQuantity: '0' }, id)
  const fill = { fillId: `f-${n}`, clientOrderId, venueOrderId: `v-${n}`, instrument, side: size.side, price: '100.25', quantity: '0.09' }
  write('fill', { ...fill, feeAmount: '0.08', feeCurrency: 'USD', liquidity: 'taker', filledAtMs: atMs }, id)
  write('orderEvent', { clientOrderId, state: 'filled', venueOrderId: `v-${n}`, filledQuantity: '0.09', averagePrice: '100.25' }, id)
}
