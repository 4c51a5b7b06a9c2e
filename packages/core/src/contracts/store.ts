import type { CandleColumns } from '../model/candle.ts'
import type { Environment } from '../model/environment.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'
import type { JournalCheckpoint } from './checkpoint.ts'
import type { EntryType, JournalEntry } from './journal.ts'

/** Which store this is and which environment it belongs to, for good. */
export interface StoreIdentity {
  /** Random UUID made with the store; for backtests derived from seed and config. */
  readonly storeId: string
  readonly environment: Environment
  /** The account at the venue, of a store that a live run has opened. */
  readonly account?: string
  /** Schema version of the file. */
  readonly schema: number
}

/** What came of an append: stored, refused because halted, or refused because somebody else wrote. */
export type AppendResult = 'ok' | 'halted' | 'conflict'

/** What must still be true for an append to happen, looked at in its own transaction. */
export interface AppendGuard {
  readonly lastSeq: number
  /** Refuse with `halted` while the durable emergency latch is set. */
  readonly notHalted: boolean
}

/** Which entries of a journal to read, oldest first, and at most how many. */
export interface ReadQuery {
  readonly afterSeq?: number
  readonly types?: readonly EntryType[]
  readonly botId?: string
  readonly limit: number
}

/** A row of a projection: money as decimal text, times as ms. */
export type ProjectionRow = Readonly<Record<string, string | number | null>>

/**
 * What opening a store found out about the end of its journal. `unknown`: there is nothing to compare it with. `lost`: it ends `entries` entries (or more) earlier than
 * it once did; until a batch with a `tailLost` is appended, the store takes no other. `halted`: whether trading was halted there; absent when the store does not
 * know, and then trading is halted until a person re-arms it. `intentNo`: the largest number of an order there; absent when the store does not know.
 */
export type JournalTail =
  | { readonly state: 'whole' | 'unknown' }
  | {
      readonly state: 'lost'
      readonly entries: number
      readonly upTo: number
      /** Of entry `upTo`, 64 hex digits. */
      readonly hash: string
      readonly halted?: boolean
      readonly intentNo?: number
    }

/**
 * What a store tells of orders that are over, so that nobody else needs to remember every one of them. It speaks of what it has stored: whoever asks must remember
 * what it has not handed over yet.
 */
export interface PastOrders {
  /** How many finished orders, round trips and ids of fills an engine remembers nevertheless; its own measure when absent. */
  readonly keep?: number
  /** True for an order of ours. */
  has(clientOrderId: string): boolean
  /** An order of ours, as a checkpoint holds it. Walks through the journal: for orders that nobody expects to hear of. */
  order(clientOrderId: string): Json | undefined
  /** Our id of an order by the venue's. */
  nameOf(venueOrderId: string): string | undefined
  /** True for a fill that is booked. */
  hasFill(fillId: string): boolean
}

/** Synchronous on purpose: one writer, 0.1 ms a commit, no await between decision and record. */
export interface Store {
  readonly identity: StoreIdentity
  /** Absent for stores that cannot lose their newest entries and keep the others. */
  readonly tail?: JournalTail
  /** From where a fold may begin instead of from the first entry; absent or undefined: from there. */
  checkpoint?(): JournalCheckpoint | undefined
  /** Number of the first entry from which on all are there; of those before, only what money follows from is kept. Absent: 1. */
  readonly completeFrom?: number
  /** All or nothing, together with the projections that follow from the entries. */
  append(batch: readonly JournalEntry[], guard?: AppendGuard): AppendResult
  /** Oldest first. */
  read(query: ReadQuery): readonly JournalEntry[]
  lastSeq(): number
  /** Rows of one projection (`orders`, `fills`, `lots`, `positions`, `balances`, `bots`), by key. */
  rows(table: string): readonly ProjectionRow[]
  /** The rows of one projection with the largest numbers in a column, the largest first; absent where {@link rows} costs no more. */
  newestRows?(table: string, column: string, limit: number): readonly ProjectionRow[]
  /** Absent for stores that keep everything in memory anyway: then the engine does so too. */
  readonly past?: PastOrders
  /** The halt file of stores that other processes can reach; absent for the others. */
  readonly halt?: HaltRequests
  close(): void
}

/** What somebody outside the engine asked for. */
export interface HaltAsked {
  readonly reason: string
  readonly atMs?: number
}

/** A stop asked for from outside, such as `millrace panic`: it stands until it is cleared. */
export interface HaltRequests {
  /** `atMs`: when it was asked for, which tells a second request for the same reason from the first. */
  requested(): HaltAsked | undefined
  /** Tells the asker that the latch is durable. */
  acknowledge(gateClosedAtMs: number): void
  clear(): void
}

/** What opens a store: the engine says which environment it needs, the store refuses another. */
export interface StoreFactory {
  open(request: StoreRequest): Store
}

/** What a run asks of a store before it opens it. */
export interface StoreRequest {
  readonly environment: Environment
  readonly storeId?: string
  /** The account at the venue: the first one that a store is opened with is its own for good. */
  readonly account?: string
}

/** The name under which a store keeps candles: instrument, length in ms, source. */
export interface Series {
  readonly instrument: string
  readonly timeframeMs: number
  readonly source: string
}

/** What became of candles that were put into a store. */
export interface PutReport {
  readonly added: number
  /** There already, and the same. */
  readonly unchanged: number
  /** There already, and another one: the older one is kept as a revision. */
  readonly corrected: number
}

/** What a store has of a series. */
export interface SeriesInfo {
  readonly series: Series
  /** Start of the first candle. */
  readonly fromMs: EpochMs
  /** End of the last candle. */
  readonly toMs: EpochMs
  readonly rows: number
  readonly gaps: number
  /** Candles that are not there, in all gaps together. */
  readonly missing: number
}

/** A place for closed candles, by series. */
export interface CandleStore {
  /**
   * Stores candles, oldest first; those that are there already are compared, and a different one is a correction.
   *
   * @throws RangeError when a row is no candle, or not in order; nothing is stored then
   */
  put(series: Series, columns: CandleColumns): PutReport
  /** Candles that open at or after `fromMs` and end at or before `toMs`, as they are known now. */
  read(series: Series, fromMs: EpochMs, toMs: EpochMs): CandleColumns
  list(): readonly SeriesInfo[]
  close(): void
}
