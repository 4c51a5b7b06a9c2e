import { EngineError, checkLimit, commitPoint, findTable, parseEntry, projectionTables, sortedByKey } from '@millrace/core'
import type { Store } from '@millrace/core'
import { Appender } from './append.ts'
import type { AppendParts } from './append.ts'
import type { CheckpointState } from './checkpoints.ts'
import type { Fold } from './fold.ts'
import { haltRequests } from './halt-file.ts'
import { closeDatabase } from './open-database.ts'
import type { OpenDatabase } from './open-database.ts'
import { pastOrders } from './past-orders.ts'

/** A store in one SQLite file. */
export interface SqliteStore extends Store {
  /** Absolute path of the file, or `':memory:'`. */
  readonly path: string
}

export interface FileStoreParts extends AppendParts, Pick<OpenDatabase, 'db' | 'identity' | 'release'> {
  readonly fold: Fold
  /** Undefined for a store in memory. */
  readonly haltPath: string | undefined
  /** The one that the fold began at. */
  readonly checkpoint: CheckpointState | undefined
}

export function createFileStore(parts: FileStoreParts): SqliteStore {
  const { db, identity, release, at, path, haltPath, statements, tail, highWater, checkpoints } = parts
  const { retention } = parts
  // Not all of the parts: what the file was checked with need not live as long as the store.
  const appender = new Appender({ path, at, statements, tail, highWater, checkpoints, retention }, parts.fold)
  let { checkpoint: opened } = parts
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
      return at(commitPoint(batch), () => appender.append(batch, guard))
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
    checkpoint() {
      assertOpen()
      const state = opened?.seq === checkpoints.marks.at(-1)?.seq ? opened : checkpoints.state()
      // Asked for once, by the engine's own fold: then it need not be kept.
      opened = undefined
      if (state === undefined) return undefined
      const { seq, hash, core, grown } = state
      return { seq, hash, core, grown }
    },
    get completeFrom() {
      return checkpoints.completeFrom
    },
    rows(name) {
      assertOpen()
      return sortedByKey(findTable(projectionTables, name), statements.rows(name))
    },
    newestRows(name, column, limit) {
      assertOpen()
      checkLimit(limit)
      const table = findTable(projectionTables, name)
      if (!table.columns.some((each) => each.name === column)) throw new RangeError(`expected a column of ${name}, received ${JSON.stringify(column)}`)
      return statements.newest(name, column, limit)
    },
    ...(retention === undefined ? {} : { past: pastOrders({ path, statements, checkpoints }, assertOpen) }),
    ...(haltPath === undefined ? {} : { halt: haltRequests(haltPath, at) }),
    close() {
      if (closed) return
      closed = true
      highWater?.close()
      closeDatabase({ db, release }, at)
    },
  }
}
