import { existsSync } from 'node:fs'
import type { JournalEntry } from '@millrace/core'
import { openJournal } from '@millrace/sqlite-store'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/** Entries read at a time. */
const CHUNK = 5_000

/** Gives out the journal of a database, whether an engine runs on it or not. */
export function* storedEntries(db: string): Generator<JournalEntry> {
  if (!existsSync(db)) throw new CliError(exitCodes.refused, `there is no database ${db}`)
  const journal = openJournal(db)
  try {
    for (let afterSeq = 0; ;) {
      const entries = journal.read({ afterSeq, limit: CHUNK })
      yield* entries
      if (entries.length < CHUNK) return
      afterSeq = entries.at(-1)!.seq
    }
  } finally {
    journal.close()
  }
}
