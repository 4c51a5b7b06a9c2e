import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'

/** What an entry of the journal can be about: a closed list. */
export type EntryType =
  | 'runStarted'
  | 'configInForce'
  | 'decision'
  | 'blockerChanged'
  | 'confirmation'
  | 'extremes'
  | 'adopted'
  | 'strategyState'
  | 'intent'
  | 'sent'
  | 'orderEvent'
  | 'fill'
  | 'adjustment'
  | 'valuation'
  | 'command'
  | 'latch'
  | 'dayRolled'
  | 'marks'
  | 'reconciled'
  | 'alert'
  | 'tailLost'
  | 'checkpoint'

/** One durable fact. `hash` = sha256(previous hash + canonical bytes of the rest). */
export interface JournalEntry {
  /** 1, 2, 3, … without gaps. */
  readonly seq: number
  /** Event time. */
  readonly atMs: EpochMs
  readonly type: EntryType
  /** Version of the shape of `data`. */
  readonly v: number
  readonly botId?: string
  readonly data: Json
  /** 64 hex digits. */
  readonly hash: string
}
