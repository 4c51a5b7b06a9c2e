import { DAY_MS, EngineError, appendFailed, findTable, projectionTables, storedBatch, storedRow } from '@millrace/core'
import type { At, AppendGuard, AppendResult, ChainHead, JournalEntry, JournalTail, ProjectionRow, Projector } from '@millrace/core'
import type { Checkpoints } from './checkpoints.ts'
import { foldJournal, latchText } from './fold.ts'
import type { Fold } from './fold.ts'
import type { HighWaterWriter } from './high-water.ts'
import type { Retention } from './retention.ts'
import type { Statements } from './statements.ts'

/** What appending needs of an open store. */
export interface AppendParts {
  readonly path: string
  readonly at: At
  readonly statements: Statements
  readonly tail: JournalTail
  /** Undefined for a store in memory. */
  readonly highWater: HighWaterWriter | undefined
  readonly checkpoints: Checkpoints
  /** Undefined: everything is kept, and no checkpoint is made. */
  readonly retention: Retention | undefined
}

/** Old checkpoints whose entries one new checkpoint lets go: a file that was never tidied gets smaller bit by bit. */
const PRUNED_AT_ONCE = 2

/** The one way into a journal. */
export class Appender {
  private projected: { readonly projector: Projector; readonly seq: number } | undefined
  private lost: boolean
  private readonly parts: AppendParts

  /** @param fold - where the journal stands; only its projector is kept */
  constructor(parts: AppendParts, { projector, head }: Fold) {
    this.parts = parts
    if (parts.retention !== undefined) projector.forget()
    this.projected = { projector, seq: head.seq }
    this.lost = parts.tail.state === 'lost'
  }

  append(batch: readonly JournalEntry[], guard: AppendGuard | undefined): AppendResult {
    const { statements } = this.parts
    try {
      statements.begin()
      const result = this.appendInside(batch, guard)
      if (result !== 'ok') statements.rollback()
      if (result !== 'ok' || batch.length === 0) return result
    } catch (cause) {
      throw appendFailed(batch.length, rolledBack(statements, cause))
    }
    const head = batch.at(-1)!
    this.mark(head)
    this.tidy(head)
    return 'ok'
  }

  /** Makes a checkpoint and lets old entries go, when it is time for it. */
  tidy(head: ChainHead & { readonly atMs: number }): void {
    const { statements, checkpoints, retention, at } = this.parts
    const last = checkpoints.marks.at(-1)?.seq ?? 0
    if (retention === undefined || this.lost || head.seq - last < retention.checkpointEvery) return
    try {
      statements.begin()
      const projector = this.projectorAt(head)
      this.projected = undefined
      const rows = Object.fromEntries(projectionTables.filter(({ grows }) => grows !== true).map(({ name }) => [name, statements.rows(name)]))
      checkpoints.add(head, head.atMs, { ...projector.checkpoint(), rows })
      checkpoints.prune(head.atMs - retention.keepDays * DAY_MS, PRUNED_AT_ONCE)
      at('store:checkpoint', () => statements.commit())
      // What is over stands in the checkpoints now.
      projector.forget()
      this.projected = { projector, seq: head.seq }
    } catch (cause) {
      throw alreadyTaken(head, 'its checkpoint could not be written', this.undone(cause))
    }
  }

  private appendInside(batch: readonly JournalEntry[], guard: AppendGuard | undefined): AppendResult {
    const { statements } = this.parts
    // Asked of the file, not of memory: another process that got past the lock is seen here.
    const head = statements.head()
    if (guard !== undefined && guard.lastSeq !== head.seq) return 'conflict'
    if (guard?.notHalted === true && statements.meta('halted') === '1') return 'halted'
    const projector = this.projectorFor(head, batch)
    if (this.lost && !batch.some(({ type }) => type === 'tailLost'))
      throw new Error('the newest entries of this journal are lost, and the batch does not say so (tailLost)')
    const { halted } = projector
    const stored = storedBatch(head, batch)
    statements.insert(stored)
    // Not trusted until the commit is through: it is ahead of the file from here on.
    this.projected = undefined
    writeRows(statements, projector, batch)
    if (projector.halted !== halted) statements.setMeta('halted', latchText(projector))
    statements.commit()
    this.projected = { projector, seq: head.seq + stored.length }
    return 'ok'
  }

  /** A batch that speaks of what was forgotten, such as a fill that comes days late, is taken by a fold that remembers everything. */
  private projectorFor(head: ChainHead, batch: readonly JournalEntry[]): Projector {
    const projector = this.projectorAt(head)
    const { statements } = this.parts
    if (projector.covers(batch, (fillId) => statements.row('fills', fillId) !== undefined)) return projector
    this.projected = undefined
    return this.projectorAt(head)
  }

  private projectorAt(head: ChainHead): Projector {
    const { path, statements, checkpoints } = this.parts
    return this.projected?.seq === head.seq ? this.projected.projector : foldJournal(path, statements, 'head', checkpoints.state()).projector
  }

  /** After the commit: a mark may lag behind the journal, never be ahead of it. */
  private mark(head: ChainHead): void {
    const { highWater } = this.parts
    try {
      const { halted, intentNo } = this.projectorAt(head)
      const mark = { seq: head.seq, hash: head.hash, halted, intentNo }
      if (this.lost) highWater?.lower(mark)
      else highWater?.write(mark)
      this.lost = false
    } catch (cause) {
      throw alreadyTaken(head, 'its high-water file could not be written', cause)
    }
  }

  private undone(cause: unknown): unknown {
    const reason = rolledBack(this.parts.statements, cause)
    this.parts.checkpoints.reload()
    return reason
  }
}

const alreadyTaken = (head: ChainHead, what: string, cause: unknown): EngineError =>
  new EngineError('JOURNAL_FAILED', `the journal took entries up to ${head.seq}, and ${what}: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  })

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
