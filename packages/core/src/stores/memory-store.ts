import { straightOn } from '../contracts/crash-point.ts'
import type { At } from '../contracts/crash-point.ts'
import type { JournalEntry } from '../contracts/journal.ts'
import type { Projector } from '../contracts/projection.ts'
import type { AppendGuard, AppendResult, ReadQuery, Store, StoreFactory, StoreIdentity } from '../contracts/store.ts'
import { deterministicUuid } from '../engine/hashing.ts'
import { EMPTY_CHAIN } from '../engine/journal/chain.ts'
import { commitPoint } from '../engine/journal/commit-point.ts'
import type { ChainHead } from '../engine/journal/chain.ts'
import { knownEntry, parseEntry, storedBatch } from '../engine/journal/stored-entry.ts'
import type { StoredEntry } from '../engine/journal/stored-entry.ts'
import { WrittenEntry } from '../engine/journal/written-entry.ts'
import { projectionTables } from '../engine/projection-tables.ts'
import { createProjector } from '../engine/projector.ts'
import { EngineError } from '../model/errors.ts'
import { createProjectionRows } from './projection-rows.ts'
import type { ProjectionRows } from './projection-rows.ts'
import { appendFailed, checkIdentity, checkLimit } from './store-rules.ts'

/** How a memory store is made; every part has a default. */
export interface MemoryStoreOptions {
  /** For crash tests: what it throws before a commit leaves nothing, what it throws after one leaves the batch. */
  readonly at?: At
}

/**
 * Returns a store that keeps everything in memory, by the rules of a file: an environment for life, one writer at a time,
 * all-or-nothing appends, a checked hash chain. What it holds lives as long as the returned object, so closing and opening
 * it again is a restart.
 *
 * Without a `storeId` in the request the id is the same for every memory store, which repeats order ids from run to run:
 * a live run must bring one.
 *
 * @example
 * ```ts
 * const store = memoryStore().open({ environment: 'paper' })
 * store.lastSeq() // => 0
 * store.rows('positions') // => []
 * ```
 */
export function memoryStore({ at = straightOn }: MemoryStoreOptions = {}): StoreFactory {
  let contents: Contents | undefined
  let busy = false
  return {
    open(request) {
      const { environment, storeId } = request
      if (busy) throw new EngineError('STORE_LOCKED', 'the memory store is open already: close it first')
      if (environment === 'live' && storeId === undefined && contents === undefined) {
        throw new EngineError('STORE_MISMATCH', 'expected a store id for a live run on a memory store: order ids come from it and must never repeat')
      }
      contents ??= emptyContents({ storeId: storeId ?? deterministicUuid('memoryStore', environment), environment, schema: 1 })
      checkIdentity('the memory store', contents.identity, request)
      if (request.account !== undefined) contents.identity = Object.freeze({ ...contents.identity, account: request.account })
      busy = true
      return openStore(contents, at, () => {
        busy = false
      })
    },
  }
}

interface Contents {
  identity: StoreIdentity
  readonly entries: StoredEntry[]
  /** Those that this process's own writer did not make: nobody has proven their shape. */
  readonly foreign: Set<StoredEntry>
  head: ChainHead
  halted: boolean
  /** Rows up to `seq`; undefined until needed, and after a failed append. */
  fold: { readonly projector: Projector; readonly rows: ProjectionRows; seq: number } | undefined
}

const emptyContents = (identity: StoreIdentity): Contents => ({
  identity: Object.freeze(identity),
  entries: [],
  foreign: new Set(),
  head: EMPTY_CHAIN,
  halted: false,
  fold: undefined,
})

function openStore(contents: Contents, at: At, release: () => void): Store {
  let closed = false
  const assertOpen = (): void => {
    if (closed) throw new EngineError('JOURNAL_FAILED', 'the store is closed')
  }
  return {
    identity: contents.identity,
    append(batch, guard) {
      assertOpen()
      return at(commitPoint(batch), () => append(contents, batch, guard))
    },
    read(query) {
      assertOpen()
      return read(contents, query)
    },
    lastSeq() {
      assertOpen()
      return contents.head.seq
    },
    rows(table) {
      assertOpen()
      return foldOf(contents).rows.sorted(table)
    },
    close() {
      if (!closed) release()
      closed = true
    },
  }
}

function append(contents: Contents, batch: readonly JournalEntry[], guard: AppendGuard | undefined): AppendResult {
  const before = contents.head
  try {
    if (guard !== undefined && guard.lastSeq !== before.seq) return 'conflict'
    if (guard?.notHalted === true && contents.halted) return 'halted'
    const stored = storedBatch(before, batch)
    if (!batch.every((entry) => entry instanceof WrittenEntry)) proveFoldable(contents, batch)
    for (const [i, entry] of stored.entries()) {
      contents.entries.push(entry)
      if (!(batch[i] instanceof WrittenEntry)) contents.foreign.add(entry)
    }
    for (const entry of batch) if (entry.type === 'latch') contents.halted = (entry.data as { readonly state: string }).state === 'halted'
    contents.head = stored.at(-1) ?? before
    return 'ok'
  } catch (cause) {
    throw appendFailed(batch.length, cause)
  }
}

/**
 * Folds a batch before it is stored, because nobody knows yet whether it can be. Entries of this process's own writer need no such
 * proof (its kernel folded them before it wrote them), so their rows are made when somebody asks.
 */
function proveFoldable(contents: Contents, batch: readonly JournalEntry[]): void {
  const fold = foldOf(contents)
  // Not trusted until the whole batch is through: a projector that throws half-way has seen entries that were never stored.
  contents.fold = undefined
  for (const entry of batch) fold.rows.write(fold.projector.apply(entry))
  fold.seq += batch.length
  contents.fold = fold
}

function foldOf(contents: Contents): NonNullable<Contents['fold']> {
  contents.fold ??= { projector: createProjector(), rows: createProjectionRows(projectionTables), seq: 0 }
  const { fold } = contents
  for (; fold.seq < contents.entries.length; fold.seq++) fold.rows.write(fold.projector.apply(entryOf(contents, contents.entries[fold.seq]!)))
  return fold
}

const entryOf = ({ foreign }: Contents, stored: StoredEntry): JournalEntry => (foreign.has(stored) ? parseEntry(stored) : knownEntry(stored))

function read(contents: Contents, query: ReadQuery): readonly JournalEntry[] {
  const { entries } = contents
  const { afterSeq = 0, types, botId, limit } = query
  checkLimit(limit)
  const found: JournalEntry[] = []
  for (let i = Math.max(0, afterSeq); i < entries.length && found.length < limit; i++) {
    const entry = entries[i]!
    if (types !== undefined && !types.some((type) => type === entry.type)) continue
    if (botId !== undefined && entry.botId !== botId) continue
    found.push(entryOf(contents, entry))
  }
  return found
}
