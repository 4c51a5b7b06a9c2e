import { existsSync } from 'node:fs'
import { suggestion } from '@millrace/core'
import type { EntryType, JournalEntry } from '@millrace/core'
import { openJournal } from '@millrace/sqlite-store'
import type { JournalReader } from '@millrace/sqlite-store'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/**
 * Looks into a store file, whether an engine runs on it or not. Nothing is changed.
 *
 * @throws CliError exit code 3 for a file that is not there
 */
export function inStore<T>(db: string, look: (journal: JournalReader) => T): T {
  if (!existsSync(db)) throw new CliError(exitCodes.refused, `there is no database ${db}. --db names the file of the run, as it was given to the run`)
  const journal = openJournal(db)
  try {
    return look(journal)
  } finally {
    journal.close()
  }
}

const CHUNK = 5_000

/** Gives the entries of a journal one by one, oldest first. */
export function* entriesOf(
  journal: JournalReader,
  { types, botId, afterSeq = 0 }: { readonly types?: readonly EntryType[]; readonly botId?: string; readonly afterSeq?: number } = {},
): Iterable<JournalEntry> {
  for (let after = afterSeq; ;) {
    const entries = journal.read({ afterSeq: after, limit: CHUNK, ...(types === undefined ? {} : { types }), ...(botId === undefined ? {} : { botId }) })
    yield* entries
    if (entries.length < CHUNK) return
    after = entries[entries.length - 1]!.seq
  }
}

/** The bots that runs on a store have had. */
function botsOf(journal: JournalReader): readonly string[] {
  const ids = new Set<string>()
  for (const { data } of entriesOf(journal, { types: ['runStarted'] }))
    for (const { id } of (data as unknown as { readonly bots: readonly { readonly id: string }[] }).bots) ids.add(id)
  return [...ids]
}

/**
 * Holds the id of a bot against those that a store knows.
 *
 * @throws CliError exit code 3 for one that it does not
 */
export function mustKnow(journal: JournalReader, db: string, bot: string | undefined): void {
  if (bot === undefined) return
  const bots = botsOf(journal)
  if (bots.length === 0) throw new CliError(exitCodes.refused, `${db} holds no run yet`)
  if (!bots.includes(bot)) throw new CliError(exitCodes.refused, `unknown bot ${JSON.stringify(bot)}: ${db} has ${bots.join(', ')}${suggestion(bot, bots)}`)
}
