import {
  EngineError,
  appendFailed,
  checkLimit,
  commitPoint,
  findTable,
  parseEntry,
  projectionTables,
  sortedByKey,
  storedBatch,
  storedRow,
} from '@millrace/core'
import type { At, AppendGuard, AppendResult, ChainHead, JournalEntry, JournalTail, ProjectionRow, Projector, Store } from '@millrace/core'
import { haltRequests } from './halt-file.ts'
import { closeDatabase } from './open-database.ts'
import type { OpenDatabase } from './open-database.ts'
import type { HighWaterWriter } from './high-water.ts'
import type { Statements } from './statements.ts'
import { foldJournal, latchText } from './verify.ts'
import type { Fold } from './verify.ts'

/** A store in one SQLite file. */
export interface SqliteStore extends Store {
  /** Absolute path of the file, or `':memory:'`. */
  readonly path: string
}

export interface FileStoreParts extends Pick<OpenDatabase, 'db' | 'identity' | 'release'> {
  readonly path: string
  readonly at: At
  /** Undefined for a store in memory. */
  readonly haltPath: string | undefined
  readonly statements: Statements
  readonly fold: Fold
  readonly tail: JournalTail
  /** Undefined for a store in memory. */
  readonly highWater: HighWaterWriter | undefined
}

export function createFileStore(parts: FileStoreParts): SqliteStore {
  const { db, identity, release, at, path, haltPath, statements, tail, highWater } = parts
  const append = createAppend(parts)
  let closed = false
  const assertOpen = (): void => {
    if (closed) throw new EngineError('JOURNAL_FAILED', `the store ${path} is closed`)
  }
  return {
    identity,
    tail,
    path,
    append(batch, guard) {
      assertOpen()
      return at(commitPoint(batch), () => append(batch, guard))
    },
    read(query) {
      assertOpen()
      checkLimit(query.limit)
      return statements.select(query).map(parseEntry)
    },
    lastSeq() {
      assertOpen()
      return statements.head().seq
    },
    rows(name) {
      assertOpen()
      return sortedByKey(findTable(projectionTables, name), statements.rows(name))
    },
    ...(haltPath === undefined ? {} : { halt: haltRequests(haltPath, at) }),
    close() {
      if (closed) return
      closed = true
      highWater?.close()
      closeDatabase({ db, release }, at)
    },
  }
}

function createAppend({
  path,
  statements,
  fold,
  tail,
  highWater,
}: FileStoreParts): (batch: readonly JournalEntry[], guard: AppendGuard | undefined) => AppendResult {
  let projected: { readonly projector: Projector; readonly seq: number } | undefined = { projector: fold.projector, seq: fold.head.seq }
  let lost = tail.state === 'lost'

  function appendInside(batch: readonly JournalEntry[], guard: AppendGuard | undefined): AppendResult {
    // Asked of the file, not of memory: another process that got past the lock is seen here.
    const head = statements.head()
    if (guard !== undefined && guard.lastSeq !== head.seq) return 'conflict'
    if (guard?.notHalted === true && statements.meta('halted') === '1') return 'halted'
    const projector = projected?.seq === head.seq ? projected.projector : foldJournal(path, statements, 'head').projector
    if (lost && !batch.some(({ type }) => type === 'tailLost'))
      throw new Error('the newest entries of this journal are lost, and the batch does not say so (tailLost)')
    const { halted } = projector
    const stored = storedBatch(head, batch)
    statements.insert(stored)
    // Not trusted until the commit is through: it is ahead of the file from here on.
    projected = undefined
    writeRows(statements, projector, batch)
    if (projector.halted !== halted) statements.setMeta('halted', latchText(projector))
    statements.commit()
    projected = { projector, seq: head.seq + stored.length }
    return 'ok'
  }

  return (batch, guard) => {
    try {
      statements.begin()
      const result = appendInside(batch, guard)
      if (result !== 'ok') statements.rollback()
      if (result !== 'ok' || batch.length === 0) return result
    } catch (cause) {
      throw appendFailed(batch.length, rolledBack(statements, cause))
    }
    mark(batch.at(-1)!)
    return 'ok'
  }

  /** After the commit: a mark may lag behind the journal, never be ahead of it. */
  function mark(head: ChainHead): void {
    try {
      if (lost) highWater?.lower(head)
      else highWater?.write(head)
      lost = false
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new EngineError('JOURNAL_FAILED', `the journal took entries up to ${head.seq}, and its high-water file could not be written: ${why}`, { cause })
    }
  }
}

/** Only the last state of a row in the batch is written. */
function writeRows(statements: Statements, projector: Projector, batch: readonly JournalEntry[]): void {
  const latest = new Map(projectionTables.map((table) => [table, new Map<string, ProjectionRow | null>()]))
  for (const entry of batch) {
    for (const { table: name, key, row } of projector.apply(entry)) {
      const table = findTable(projectionTables, name)
      latest.get(table)!.set(key, row === null ? null : storedRow(table, key, row))
    }
  }
  for (const [{ name }, rows] of latest) {
    for (const [key, row] of rows) {
      if (row === null) statements.remove(name, key)
      else statements.upsert(name, row)
    }
  }
}

/** Undoes the transaction and returns why it had to be; both reasons, when that failed as well. */
function rolledBack(statements: Statements, cause: unknown): unknown {
  try {
    statements.rollback()
    return cause
  } catch (second) {
    return new AggregateError([cause, second], `${cause instanceof Error ? cause.message : String(cause)}, and the roll-back failed`)
  }
}
