import { EMPTY_CHAIN } from '@millrace/core'
import type { ChainHead, ProjectionRow, ProjectionTable, ReadQuery, StoredEntry } from '@millrace/core'
import type { SqliteDatabase, SqliteValue } from './driver.ts'
import { quoted } from './schema.ts'

interface JournalRow {
  readonly seq: number
  readonly at_ms: number
  readonly type: string
  readonly v: number
  readonly bot_id: string | null
  readonly data: string
  readonly hash: string
}

/** Everything that is ever asked of the file, prepared once. */
export interface Statements {
  readonly begin: () => void
  readonly commit: () => void
  readonly rollback: () => void
  readonly head: () => ChainHead
  /** Hash of one entry; undefined when it is not there. */
  readonly hashAt: (seq: number) => string | undefined
  readonly insert: (entries: readonly StoredEntry[]) => void
  readonly select: (query: ReadQuery) => StoredEntry[]
  readonly meta: (key: string) => string | undefined
  readonly setMeta: (key: string, value: string) => void
  readonly upsert: (table: string, row: ProjectionRow) => void
  readonly remove: (table: string, key: string) => void
  readonly rows: (table: string) => ProjectionRow[]
  readonly newest: (table: string, column: string, limit: number) => ProjectionRow[]
  readonly row: (table: string, key: string) => ProjectionRow | undefined
  readonly count: (table: string) => number
  /** Our id of an order by the venue's. */
  readonly orderNamed: (venueOrderId: string) => string | undefined
}

export function prepareStatements(db: SqliteDatabase, tables: readonly ProjectionTable[]): Statements {
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) => db.prepare(sql))
  const head = db.prepare('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1')
  const hashAt = db.prepare('SELECT hash FROM journal WHERE seq = ?')
  const meta = db.prepare('SELECT value FROM meta WHERE key = ?')
  const setMeta = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
  const named = db.prepare('SELECT client_order_id AS id FROM orders WHERE venue_order_id = ?')
  const projections = new Map(tables.map((table) => [table.name, prepareProjection(db, table)]))
  return {
    begin: () => {
      begin!.run()
    },
    commit: () => {
      commit!.run()
    },
    rollback: () => {
      if (db.inTransaction) rollback!.run()
    },
    head: () => (head.get() as ChainHead | undefined) ?? EMPTY_CHAIN,
    hashAt: (seq) => (hashAt.get(seq) as { hash: string } | undefined)?.hash,
    insert: prepareInsert(db),
    select: prepareSelect(db),
    meta: (key) => (meta.get(key) as { value: string } | undefined)?.value,
    setMeta: (key, value) => {
      setMeta.run(key, value)
    },
    upsert: (table, row) => projections.get(table)!.upsert(row),
    remove: (table, key) => projections.get(table)!.remove(key),
    rows: (table) => projections.get(table)!.rows(),
    newest: (table, column, limit) => db.prepare(`SELECT * FROM ${quoted(table)} ORDER BY ${quoted(column)} DESC LIMIT ?`).all(limit) as ProjectionRow[],
    row: (table, key) => projections.get(table)!.row(key),
    count: (table) => projections.get(table)!.count(),
    orderNamed: (venueOrderId) => (named.get(venueOrderId) as { readonly id: string } | undefined)?.id,
  }
}

/** Returns what reads entries, oldest first. */
export function prepareSelect(db: SqliteDatabase): Statements['select'] {
  const some = db.prepare(
    'SELECT * FROM journal WHERE seq > ? AND (? IS NULL OR type IN (SELECT value FROM json_each(?))) AND (? IS NULL OR bot_id = ?) ORDER BY seq LIMIT ?',
  )
  const all = db.prepare('SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?')
  return ({ afterSeq = 0, types, botId, limit }) => {
    const [typeList, bot] = [types === undefined ? null : JSON.stringify(types), botId ?? null]
    const found = typeList === null && bot === null ? all.all(afterSeq, limit) : some.all(afterSeq, typeList, typeList, bot, bot, limit)
    return (found as JournalRow[]).map(storedEntry)
  }
}

/** A statement costs more than a row, so rows of a large batch go in groups. */
const GROUP = 16

function prepareInsert(db: SqliteDatabase): Statements['insert'] {
  const sql = (rows: number): string =>
    `INSERT INTO journal (seq, at_ms, type, v, bot_id, data, hash) VALUES ${Array.from({ length: rows }, () => '(?, ?, ?, ?, ?, ?, ?)').join(', ')}`
  const one = db.prepare(sql(1))
  const group = db.prepare(sql(GROUP))
  return (entries) => {
    const grouped = entries.length - (entries.length % GROUP)
    let values: SqliteValue[] = []
    for (const [i, { seq, atMs, type, v, botId, dataText, hash }] of entries.entries()) {
      values.push(seq, atMs, type, v, botId ?? null, dataText, hash)
      if (i < grouped && (i + 1) % GROUP !== 0) continue
      const insert = i < grouped ? group : one
      insert.run(...values)
      values = []
    }
  }
}

function prepareProjection(db: SqliteDatabase, { name, columns }: ProjectionTable) {
  const names = columns.map((column) => column.name)
  const [key, ...others] = names.map(quoted)
  // Not REPLACE: that deletes, and rows of other tables refer to this one.
  const update = others.map((column) => `${column} = excluded.${column}`).join(', ')
  const upsert = db.prepare(
    `INSERT INTO ${quoted(name)} (${names.map(quoted).join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ON CONFLICT (${key}) DO UPDATE SET ${update}`,
  )
  const one = db.prepare(`SELECT ${names.map(quoted).join(', ')} FROM ${quoted(name)} WHERE ${key} = ?`)
  const count = db.prepare(`SELECT count(*) AS n FROM ${quoted(name)}`)
  const remove = db.prepare(`DELETE FROM ${quoted(name)} WHERE ${quoted(names[0]!)} = ?`)
  const rows = db.prepare(`SELECT ${names.map(quoted).join(', ')} FROM ${quoted(name)}`)
  return {
    upsert: (row: ProjectionRow) => {
      upsert.run(...names.map((column): SqliteValue => row[column]!))
    },
    remove: (key: string) => {
      remove.run(key)
    },
    rows: () => rows.all() as ProjectionRow[],
    row: (of: string) => one.get(of) as ProjectionRow | undefined,
    count: () => (count.get() as { readonly n: number }).n,
  }
}

function storedEntry(row: JournalRow): StoredEntry {
  const { seq, v, type, hash } = row
  const atMs = row.at_ms as StoredEntry['atMs']
  return row.bot_id === null ? { seq, atMs, type, v, dataText: row.data, hash } : { seq, atMs, type, v, botId: row.bot_id, dataText: row.data, hash }
}
