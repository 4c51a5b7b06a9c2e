import { EMPTY_CHAIN, checkLink, createProjectionRows, createProjector, projectionTables } from '@millrace/core'
import type { JournalEntry, ProjectionRow, Store } from '@millrace/core'

/** Everything a store holds in its journal, after looking at every link of the chain. @throws Error where the chain is broken */
export function wholeJournal(store: Store): readonly JournalEntry[] {
  const entries = store.read({ limit: 1_000_000 })
  let head = EMPTY_CHAIN
  for (const entry of entries) {
    checkLink(head, entry)
    head = entry
  }
  if (head.seq !== store.lastSeq()) throw new Error(`the journal ends with ${head.seq}, the store says ${store.lastSeq()}`)
  return entries
}

/** The bytes of every projection as the journal gives them, replayed from nothing. */
export function foldedBytes(entries: readonly JournalEntry[]): Readonly<Record<string, string>> {
  const projector = createProjector()
  const rows = createProjectionRows(projectionTables)
  for (const entry of entries) rows.write(projector.apply(entry))
  return bytesOf((table) => rows.sorted(table))
}

/** The bytes of every projection as the store keeps them. */
export const storedBytes = (store: Store): Readonly<Record<string, string>> => bytesOf((table) => store.rows(table))

const bytesOf = (rows: (table: string) => readonly ProjectionRow[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    projectionTables.map(({ name, columns }) => [
      name,
      rows(name)
        .map((row) => JSON.stringify(columns.map((column) => row[column.name])))
        .join('\n'),
    ]),
  )
