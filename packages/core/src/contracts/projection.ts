import type { JournalEntry } from './journal.ts'
import type { ProjectionRow } from './store.ts'

/** A table that follows from the journal. The first column is its key. Money is TEXT, times are INTEGER ms. */
export interface ProjectionTable {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: 'TEXT' | 'INTEGER' | 'REAL' }[]
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
}
