import { EMPTY_CHAIN, EngineError, chainHash, createProjectionRows, createProjector, parseEntry, projectionTables, sortedByKey } from '@millrace/core'
import type { ChainHead, JournalEntry, ProjectionRow, ProjectionRows, ProjectionTable, Projector, StoredEntry } from '@millrace/core'
import type { SqliteDatabase } from './driver.ts'
import type { Statements } from './statements.ts'

/**
 * What opening a file checks beyond its pages. `full`: the hash and the shape of every entry, and that the stored projections
 * are exactly what the journal amounts to. `head`: that no entry is missing, and the hash of
 * the last of each chunk.
 */
export type Verification = 'full' | 'head'

export interface Fold {
  readonly projector: Projector
  readonly rows: ProjectionRows
  readonly head: ChainHead
}

const CHUNK = 5_000

/**
 * Feeds the whole journal to a fresh projector, a chunk at a time.
 *
 * @throws EngineError `STORE_CORRUPT` or `STORE_NEWER`, naming the entry
 */
export function foldJournal(name: string, statements: Statements, verification: Verification): Fold {
  const projector = createProjector()
  const rows = createProjectionRows(projectionTables)
  let head = EMPTY_CHAIN
  for (;;) {
    const chunk = statements.select({ afterSeq: head.seq, limit: CHUNK })
    for (const [i, stored] of chunk.entries()) {
      const entry = verification === 'full' ? parseEntry(stored) : trustedEntry(stored)
      if (stored.seq !== head.seq + 1) throw corrupt(name, `journal entry ${head.seq + 1} is missing`)
      if ((verification === 'full' || i === chunk.length - 1) && chainHash(head.hash, entry, stored.dataText) !== stored.hash) {
        throw corrupt(name, `journal entry ${stored.seq} (${stored.type}) does not match its hash`)
      }
      apply(name, projector, rows, entry)
      head = stored
    }
    if (chunk.length < CHUNK) return { projector, rows, head: { seq: head.seq, hash: head.hash } }
  }
}

const trustedEntry = ({ dataText, ...rest }: StoredEntry): JournalEntry => ({ ...rest, data: JSON.parse(dataText) as unknown }) as JournalEntry

function apply(name: string, projector: Projector, rows: ProjectionRows, entry: JournalEntry): void {
  try {
    rows.write(projector.apply(entry))
  } catch (cause) {
    throw corrupt(
      name,
      `journal entry ${entry.seq} (${entry.type}) does not follow from those before it: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    )
  }
}

/**
 * Compares the stored projections and latch with what the journal amounts to, byte for byte.
 *
 * @throws EngineError `STORE_CORRUPT`, naming table, key and column
 */
export function compareProjections(name: string, statements: Statements, fold: Fold): void {
  for (const table of projectionTables) {
    const problem = difference(table, sortedByKey(table, statements.rows(table.name)), fold.rows.sorted(table.name))
    if (problem !== undefined) throw corrupt(name, `projection ${table.name}, ${problem}`)
  }
  const latch = statements.meta('halted')
  if (latch !== latchText(fold.projector)) throw corrupt(name, `the latch says halted = ${latch}, the journal gives ${latchText(fold.projector)}`)
}

/** Says where the rows of a table first differ from what the journal gives; both are sorted by key. */
function difference(table: ProjectionTable, stored: readonly ProjectionRow[], expected: readonly ProjectionRow[]): string | undefined {
  const key = table.columns[0]!.name
  for (let i = 0; i < Math.max(stored.length, expected.length); i++) {
    const [found, wanted] = [stored[i], expected[i]]
    if (found === undefined || (wanted !== undefined && wanted[key]! < found[key]!)) return `key ${JSON.stringify(wanted![key])}: the row is missing`
    if (wanted === undefined || found[key]! < wanted[key]!) return `key ${JSON.stringify(found[key])}: the journal knows no such row`
    const column = table.columns.find((c) => found[c.name] !== wanted[c.name])?.name
    if (column !== undefined)
      return `key ${JSON.stringify(found[key])}: ${column} is ${JSON.stringify(found[column])}, the journal gives ${JSON.stringify(wanted[column])}`
  }
  return undefined
}

/** How the emergency latch stands in the file. */
export const latchText = (projector: Projector): string => (projector.halted ? '1' : '0')

/** Has SQLite look at every page. @throws EngineError `STORE_CORRUPT` */
export function checkPages(name: string, db: SqliteDatabase): void {
  const [first] = db.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[]
  if (first?.quick_check !== 'ok') throw corrupt(name, first?.quick_check ?? 'no answer from quick_check')
}

export const corrupt = (name: string, what: string, cause?: unknown): EngineError =>
  new EngineError('STORE_CORRUPT', `${name} is damaged: ${what}. Restore a backup, or start with another file`, { cause })
