import { GENESIS, canonicalText, sha256Hex } from '@millrace/core'
import type { ChainHead, FoldState, Json, ProjectionRow } from '@millrace/core'
import type { SqliteDatabase } from './driver.ts'
import { letGo } from './let-go.ts'
import { corrupt } from './verify.ts'

/** What a checkpoint says beside its state. */
interface CheckpointMark {
  /** The last entry that it covers, and its hash. */
  readonly seq: number
  readonly entryHash: string
  readonly atMs: number
  /** Types of entries that may be gone from those it covers. */
  readonly letGo: readonly string[]
  /** They are gone. */
  readonly pruned: boolean
  /** Of the entries since the checkpoint before that are kept. */
  readonly kept: string
  /** Of this and all checkpoints before. */
  readonly hash: string
}

/** The newest checkpoint, read back. */
export interface CheckpointState extends FoldState {
  readonly seq: number
  readonly hash: string
  /** Rows of the tables that do not only grow. */
  readonly rows: Readonly<Record<string, readonly ProjectionRow[]>>
}

/** Where a fold stands, taken apart. */
interface TakenState {
  readonly core: Json
  readonly grown: Json
  readonly rows: Readonly<Record<string, readonly ProjectionRow[]>>
}

/**
 * The checkpoints of a file. Each is chained to the one before by its hash, names the last entry that it covers by number and hash, and holds what the fold of the
 * journal had come to: `grown` (what was new since the one before) for good, `core` until the next one is written.
 */
export interface Checkpoints {
  /** Oldest first; every hash was looked at. */
  readonly marks: readonly CheckpointMark[]
  /** Number of the first entry from which on all are there. */
  readonly completeFrom: number
  /** Undefined before the first one. */
  state(): CheckpointState | undefined
  /** What is kept of the entries that a checkpoint covers, as one hash: what {@link CheckpointMark.kept} should be. */
  keptHash(mark: Pick<CheckpointMark, 'seq' | 'letGo'>): string
  /** Writes one, inside the caller's transaction. */
  add(head: ChainHead, atMs: number, taken: TakenState): void
  /** Lets go of what the oldest checkpoints cover, inside the caller's transaction. Returns how many entries went. */
  prune(beforeMs: number, atMost: number): number
  /** Looks at the file again: after a transaction that was undone. */
  reload(): void
}

interface CheckpointRow {
  readonly seq: number
  readonly at_ms: number
  readonly entry_hash: string
  readonly let_go: string
  readonly pruned: number
  readonly kept: string
  readonly grown_hash: string
  readonly core_hash: string
  readonly hash: string
}

/** Entries whose text is hashed in one piece. */
const AT_ONCE = 10_000

/** @throws EngineError `STORE_CORRUPT` when a checkpoint does not match its hash */
export function openCheckpoints(name: string, db: SqliteDatabase): Checkpoints {
  const statements = prepare(db)
  let marks = readMarks(name, statements)
  const before = (seq: number): number => marks.findLast((mark) => mark.seq < seq)?.seq ?? 0
  const keptHash: Checkpoints['keptHash'] = ({ seq, letGo: gone }) => {
    let hash = GENESIS
    for (let from = before(seq); from < seq; from += AT_ONCE) {
      const { text } = statements.kept.get(from, Math.min(from + AT_ONCE, seq), JSON.stringify(gone)) as { readonly text: string | null }
      hash = sha256Hex(hash + (text ?? ''))
    }
    return hash
  }
  return {
    get marks() {
      return marks
    },
    get completeFrom() {
      return (marks.findLast(({ pruned }) => pruned)?.seq ?? 0) + 1
    },
    keptHash,
    state: () => (marks.length === 0 ? undefined : readState(name, statements, marks.at(-1)!)),
    add({ seq, hash: entryHash }, atMs, { core, grown, rows }) {
      // As it comes: rows hold texts of objects, and these keep the order of their members.
      const coreText = JSON.stringify({ core, rows })
      const grownText = JSON.stringify(grown)
      const body = { seq, entryHash, atMs, letGo, kept: keptHash({ seq, letGo }) }
      const [grownHash, coreHash] = [sha256Hex(grownText), sha256Hex(coreText)]
      const hash = markHash(marks.at(-1)?.hash ?? GENESIS, body, grownHash, coreHash)
      statements.add.run(seq, atMs, entryHash, JSON.stringify(letGo), 0, body.kept, grownText, grownHash, coreText, coreHash, hash)
      statements.forgetCores.run(seq)
      marks = [...marks, { ...body, pruned: false, hash }]
    },
    prune(beforeMs, atMost) {
      const old = marks.filter(({ atMs, pruned }, i) => !pruned && atMs < beforeMs && i < marks.length - 1).slice(0, atMost)
      let gone = 0
      for (const { seq, letGo: types } of old) {
        gone += (statements.letGo.run(before(seq), seq, JSON.stringify(types)) as { readonly changes: number }).changes
        statements.pruned.run(seq)
      }
      marks = marks.map((mark) => (old.includes(mark) ? { ...mark, pruned: true } : mark))
      return gone
    },
    reload() {
      marks = readMarks(name, statements)
    },
  }
}

function prepare(db: SqliteDatabase) {
  const fields = ['seq', 'at_ms', 'type', 'v', "coalesce(bot_id, '')", 'data', 'hash'].join(" || '|' || ")
  return {
    marks: db.prepare('SELECT seq, at_ms, entry_hash, let_go, pruned, kept, grown_hash, core_hash, hash FROM checkpoints ORDER BY seq'),
    core: db.prepare('SELECT core FROM checkpoints WHERE seq = ?'),
    grown: db.prepare('SELECT seq, grown, grown_hash FROM checkpoints ORDER BY seq'),
    kept: db.prepare(
      `SELECT group_concat(${fields}, char(10) ORDER BY seq) AS text FROM journal WHERE seq > ? AND seq <= ? AND type NOT IN (SELECT value FROM json_each(?))`,
    ),
    add: db.prepare(
      'INSERT INTO checkpoints (seq, at_ms, entry_hash, let_go, pruned, kept, grown, grown_hash, core, core_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    forgetCores: db.prepare('UPDATE checkpoints SET core = NULL WHERE seq < ? AND core IS NOT NULL'),
    letGo: db.prepare('DELETE FROM journal WHERE seq > ? AND seq <= ? AND type IN (SELECT value FROM json_each(?))'),
    pruned: db.prepare('UPDATE checkpoints SET pruned = 1 WHERE seq = ?'),
  }
}

type Prepared = ReturnType<typeof prepare>

const markHash = (previous: string, body: Omit<CheckpointMark, 'pruned' | 'hash'>, grownHash: string, coreHash: string): string =>
  sha256Hex(previous + canonicalText({ ...body, grownHash, coreHash } as unknown as Json))

function readMarks(name: string, statements: Prepared): readonly CheckpointMark[] {
  let previous = GENESIS
  return (statements.marks.all() as CheckpointRow[]).map((row) => {
    const body = { seq: row.seq, entryHash: row.entry_hash, atMs: row.at_ms, letGo: typesOf(row.let_go), kept: row.kept }
    previous = markHash(previous, body, row.grown_hash, row.core_hash)
    if (previous !== row.hash) throw corrupt(name, `the checkpoint at journal entry ${row.seq} does not match its hash`)
    return { ...body, pruned: row.pruned === 1, hash: row.hash }
  })
}

function typesOf(text: string): readonly string[] {
  try {
    return JSON.parse(text) as readonly string[]
  } catch {
    // Then its hash does not match either, and that is said.
    return []
  }
}

function readState(name: string, statements: Prepared, last: CheckpointMark): CheckpointState {
  const grown = (statements.grown.all() as { readonly seq: number; readonly grown: string; readonly grown_hash: string }[]).map((row) => {
    if (sha256Hex(row.grown) !== row.grown_hash) throw corrupt(name, `what the checkpoint at journal entry ${row.seq} added does not match its hash`)
    return JSON.parse(row.grown) as Json
  })
  const { core: text } = statements.core.get(last.seq) as { readonly core: string | null }
  const { core_hash: wanted } = (statements.marks.all() as CheckpointRow[]).at(-1)!
  if (text === null || sha256Hex(text) !== wanted) throw corrupt(name, `the state of the checkpoint at journal entry ${last.seq} does not match its hash`)
  const { core, rows } = JSON.parse(text) as { readonly core: Json; readonly rows: CheckpointState['rows'] }
  return { seq: last.seq, hash: last.entryHash, core, grown, rows }
}
