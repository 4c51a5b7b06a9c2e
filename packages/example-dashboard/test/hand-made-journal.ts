import type { BotInForce, EpochMs, JournalEntry } from '@millrace/core'
import { at } from './hand-made-facts.ts'

/** A bot as it is configured. */
export const handMadeBot = (id: string, edited: object): BotInForce => ({
  id,
  config: { confirmMs: 300_000, actionThreshold: 0.1 },
  added: false,
  edited: edited as BotInForce['edited'],
})

/** The configuration of the journal that the fake engine reads from. */
export const handMadeConfig: JournalEntry = {
  seq: 1,
  atMs: at(-5400),
  type: 'configInForce',
  v: 1,
  data: { hash: 'c0ffee', config: { defaults: { timeframe: '1m' }, bots: [{ id: 'btc', instrument: 'BTC-USD' }] } },
  hash: 'c0ffee',
}

const entry = (seq: number, atMs: EpochMs, type: JournalEntry['type'], data: JournalEntry['data'], botId?: string): JournalEntry => ({
  seq,
  atMs,
  type,
  v: 1,
  data,
  hash: 'c0ffee',
  ...(botId === undefined ? {} : { botId }),
})
export const handMadeEntries: readonly JournalEntry[] = [
  entry(9, at(-1860), 'command', { kind: 'pause', payload: null }),
  entry(10, at(-1800), 'intent', { side: 'buy', quoteSize: '9.99', instrument: 'SOL-USD', source: 'weighted-signals' }, 'sol'),
  entry(11, at(-1800), 'orderEvent', { state: 'filled' }, 'sol'),
  entry(12, at(-1799), 'fill', { side: 'buy', quantity: '0.0531', instrument: 'SOL-USD', price: '186.44' }, 'sol'),
]
