import type { Json } from '../model/json.ts'

/** What a fold over the journal amounts to up to an entry, in two parts. */
export interface FoldState {
  /** What stays about the same size however long the journal. */
  readonly core: Json
  /** What was new or changed from one checkpoint to the next, oldest first. */
  readonly grown: readonly Json[]
}

/** The state of a fold at an entry: a fold may begin with the next one. */
export interface JournalCheckpoint extends FoldState {
  readonly seq: number
  /** Of entry `seq`, 64 hex digits. */
  readonly hash: string
}
