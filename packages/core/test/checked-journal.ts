import { createProjectionRows, createProjector, projectionTables } from '@millrace/core'
import type { JournalEntry, StoreFactory } from '@millrace/core'
import { expect } from 'vitest'

/** The journal, after a look at every row: what the store keeps is what a fold from nothing gives. */
export function checkedJournal(store: StoreFactory): readonly JournalEntry[] {
  const opened = store.open({ environment: 'paper' })
  const journal = opened.read({ limit: 100_000 })
  const projector = createProjector()
  const rows = createProjectionRows(projectionTables)
  for (const entry of journal) rows.write(projector.apply(entry))
  for (const { name } of projectionTables) expect(opened.rows(name), name).toEqual(rows.sorted(name))
  opened.close()
  return journal
}
