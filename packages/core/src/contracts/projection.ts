import type { Json } from '../model/json.ts'
import type { JournalEntry } from './journal.ts'
import type { ProjectionRow } from './store.ts'

/** A table that follows from the journal. The first column is its key. Money is TEXT, times are INTEGER ms. */
export interface ProjectionTable {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: 'TEXT' | 'INTEGER' | 'REAL' }[]
  /** Columns that hold keys of other tables, with the tables. */
  readonly references?: Readonly<Record<string, string>>
  /** Rows are added with every order and never removed. */
  readonly grows?: true
}

/** One row to write (or, with `null`, to remove), by its key. */
export interface RowWrite {
  readonly table: string
  readonly key: string
  readonly row: ProjectionRow | null
}

/** The fold that makes projections: a store feeds it every entry once, in order, and writes what it answers in the same transaction. */
export interface Projector {
  /** Answers the rows that this entry changed. The array is reused by the next call. */
  apply(entry: JournalEntry): readonly RowWrite[]
  /** The durable emergency latch as of the entries applied. */
  readonly halted: boolean
  /** Largest number of an order as of the entries applied, or that one may not have any more; 0: there was none. */
  readonly intentNo: number
  /** How many rows each table that only grows must have by now. */
  readonly sizes: ReadonlyMap<string, number>
  /** What it amounts to now: `core` whole, `grown` since the last call. A `FoldState` puts it together again. */
  checkpoint(): { readonly core: Json; readonly grown: Json }
  /** Lets go of what is over and stands in the checkpoints taken so far. From then on it takes only batches that it {@link covers}. */
  forget(): void
  /**
   * False for a batch that speaks of what was forgotten: then a fold from the checkpoints on takes it.
   *
   * @param isBooked - asked for ids of fills
   */
  covers(batch: readonly JournalEntry[], isBooked: (fillId: string) => boolean): boolean
  /** One order as a checkpoint holds it; undefined for one that is not known, or forgotten. */
  order(clientOrderId: string): Json | undefined
}
