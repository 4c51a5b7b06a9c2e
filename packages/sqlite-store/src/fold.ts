import { EMPTY_CHAIN, GENESIS, chainHash, createProjectionRows, createProjector, parseEntry, projectionTables } from '@millrace/core'
import type { ChainHead, JournalEntry, ProjectionRow, ProjectionRows, Projector, StoredEntry } from '@millrace/core'
import type { CheckpointState, Checkpoints } from './checkpoints.ts'
import type { Statements } from './statements.ts'
import { corrupt } from './verify.ts'
import type { Verification } from './verify.ts'

/** Where a fold stands. */
export interface Fold {
  readonly projector: Projector
  /** All rows; of the tables that only grow, those that changed since the checkpoint that it began at. */
  readonly rows: ProjectionRows
  readonly head: ChainHead
  /** It began at a checkpoint. */
  readonly resumed: boolean
}

const CHUNK = 5_000

/**
 * Feeds the journal to a projector, from a checkpoint on when there is one, a chunk at a time.
 *
 * @throws EngineError `STORE_CORRUPT` or `STORE_NEWER`, naming the entry
 */
export function foldJournal(name: string, statements: Statements, verification: Verification, from: CheckpointState | undefined): Fold {
  const projector = createProjector(from)
  const rows = rowsOf(from)
  let head: ChainHead = from ?? EMPTY_CHAIN
  for (;;) {
    const chunk = statements.select({ afterSeq: head.seq, limit: CHUNK })
    for (const [i, stored] of chunk.entries()) {
      const entry = verification === 'head' ? trustedEntry(stored) : parseEntry(stored)
      if (stored.seq !== head.seq + 1) throw corrupt(name, `journal entry ${head.seq + 1} is missing`)
      if (verification !== 'head' || i === chunk.length - 1) checkHash(name, head.hash, entry, stored)
      apply(name, projector, rows, entry)
      head = stored
    }
    if (chunk.length < CHUNK) return { projector, rows, head: { seq: head.seq, hash: head.hash }, resumed: from !== undefined }
  }
}

/**
 * Folds all that is there of a journal from its first entry on, whatever checkpoints say. What was let go is missing in it: levels of bots, and nothing of money.
 *
 * @param atCheckpoint - told what the last checkpoint should hold, once the fold has come there
 * @throws EngineError `STORE_CORRUPT` or `STORE_NEWER`, naming the entry
 */
export function foldFromFirst(name: string, statements: Statements, checkpoints: Checkpoints, atCheckpoint: (rows: ProjectionRows) => void): ProjectionRows {
  const { marks, completeFrom } = checkpoints
  for (const mark of marks)
    if (checkpoints.keptHash(mark) !== mark.kept) throw corrupt(name, `journal entries up to ${mark.seq} are not those that its checkpoint counted as kept`)
  const projector = createProjector()
  const rows = createProjectionRows(projectionTables)
  const hashes = new Map(marks.map(({ seq, entryHash }) => [seq, entryHash]))
  const last = marks.at(-1)?.seq ?? 0
  let head: ChainHead = EMPTY_CHAIN
  const pass = (seq: number): void => {
    if (head.seq <= last && seq > last && last > 0) atCheckpoint(rows)
  }
  for (;;) {
    const chunk = statements.select({ afterSeq: head.seq, limit: CHUNK })
    for (const stored of chunk) {
      const entry = parseEntry(stored)
      if (stored.seq >= completeFrom) {
        const expected = Math.max(head.seq + 1, completeFrom)
        if (stored.seq !== expected) throw corrupt(name, `journal entry ${expected} is missing`)
        checkHash(name, stored.seq === completeFrom ? (hashes.get(completeFrom - 1) ?? GENESIS) : head.hash, entry, stored)
        if ((hashes.get(stored.seq) ?? stored.hash) !== stored.hash) throw corrupt(name, `journal entry ${stored.seq} is not the one of its checkpoint`)
      }
      pass(stored.seq)
      apply(name, projector, rows, entry)
      head = stored
    }
    if (chunk.length < CHUNK) break
  }
  pass(Number.POSITIVE_INFINITY)
  return rows
}

function rowsOf(from: CheckpointState | undefined): ProjectionRows {
  const rows = createProjectionRows(projectionTables)
  for (const { name, columns, grows } of projectionTables) {
    if (grows === true) continue
    const key = columns[0]!.name
    rows.write((from?.rows[name] ?? []).map((row: ProjectionRow) => ({ table: name, key: String(row[key]), row })))
  }
  return rows
}

const trustedEntry = ({ dataText, ...rest }: StoredEntry): JournalEntry => ({ ...rest, data: JSON.parse(dataText) as unknown }) as JournalEntry

function checkHash(name: string, previous: string, entry: JournalEntry, stored: StoredEntry): void {
  if (chainHash(previous, entry, stored.dataText) !== stored.hash) throw corrupt(name, `journal entry ${stored.seq} (${stored.type}) does not match its hash`)
}

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

/** How the emergency latch stands in the file. */
export const latchText = (projector: Projector): string => (projector.halted ? '1' : '0')
