import { EngineError, canonicalText, sha256Hex } from '@millrace/core'
import type { At, ProjectionTable } from '@millrace/core'
import type { SqliteDatabase } from './driver.ts'

/** `Mill` in ASCII: what tells our files from other people's databases (SQLite keeps it at byte 68 of the file). */
export const APPLICATION_ID = 0x4d696c6c

/**
 * The steps from an empty file to the schema of today, in order: step n makes version n. A released step never changes.
 * Projections are not among them: they follow from the journal and are made anew when their columns change.
 */
const migrations: readonly string[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE journal (
     seq INTEGER PRIMARY KEY,
     at_ms INTEGER NOT NULL,
     type TEXT NOT NULL,
     v INTEGER NOT NULL,
     bot_id TEXT,
     data TEXT NOT NULL,
     hash TEXT NOT NULL
   ) STRICT;
   PRAGMA application_id = ${APPLICATION_ID};`,
  `CREATE TABLE checkpoints (
     seq INTEGER PRIMARY KEY,
     at_ms INTEGER NOT NULL,
     entry_hash TEXT NOT NULL,
     let_go TEXT NOT NULL,
     pruned INTEGER NOT NULL,
     kept TEXT NOT NULL,
     grown TEXT NOT NULL,
     grown_hash TEXT NOT NULL,
     core TEXT,
     core_hash TEXT NOT NULL,
     hash TEXT NOT NULL
   ) STRICT;`,
]

/** Version of the schema that this release writes. */
export const SCHEMA_VERSION: number = migrations.length

/**
 * Returns the schema version of an open database; 0 when it is empty.
 *
 * @throws EngineError `STORE_CORRUPT` when it is somebody else's, `STORE_NEWER` when a later release made it
 */
export function schemaVersion(db: SqliteDatabase, name: string): number {
  const version = pragma(db, 'user_version')
  const owner = pragma(db, 'application_id')
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number }
  if (tables === 0 && version === 0 && owner === 0) return 0
  if (owner !== APPLICATION_ID) throw notOurs(name)
  if (version > SCHEMA_VERSION) {
    throw new EngineError(
      'STORE_NEWER',
      `${name} has schema ${version}, made by a newer release of Millrace; this one reads up to ${SCHEMA_VERSION}. The file was not changed`,
    )
  }
  return version
}

export const notOurs = (name: string): EngineError => new EngineError('STORE_CORRUPT', `${name} is not a Millrace store. The file was not changed`)

/**
 * Brings a database to the schema of today, inside the caller's transaction, and writes down by which steps.
 *
 * @throws EngineError `STORE_CORRUPT` when an earlier step was another one than this release knows
 */
export function migrate(db: SqliteDatabase, name: string, version: number, at: At): void {
  const done = migrations.slice(0, version)
  for (const [i, step] of done.entries()) {
    const applied = metaOf(db, `migration:${i + 1}`)
    // Files of before there were checksums have none of their first step.
    if (applied !== undefined && applied !== sha256Hex(step))
      throw new EngineError(
        'STORE_CORRUPT',
        `${name} was made by a build of Millrace whose migration ${i + 1} is not the released one: restore a backup, or start with another file`,
      )
  }
  for (const step of migrations.slice(version)) at('store:migration', () => db.exec(step))
  const write = db.prepare('INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)')
  for (const [i, step] of migrations.entries()) write.run(`migration:${i + 1}`, sha256Hex(step))
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
}

/** What the stored projections were made for: when it differs, they are made anew. */
export const projectionShape = (tables: readonly ProjectionTable[]): string =>
  canonicalText(
    tables.map(({ name, columns, references = {} }) => ({ name, references, columns: columns.map((column) => ({ name: column.name, type: column.type })) })),
  )

/** Drops the projections of an older shape and makes empty ones of this, inside the caller's transaction. */
export function makeProjectionTables(db: SqliteDatabase, tables: readonly ProjectionTable[], oldShape: string | undefined): void {
  // What refers to others goes before them.
  for (const { name } of shapeOf(oldShape).reverse()) db.exec(`DROP TABLE ${quoted(name)}`)
  for (const table of tables) {
    const columns = table.columns.map(({ name, type }, i) => `${quoted(name)} ${type}${i === 0 ? ' PRIMARY KEY' : ''}${reference(table, name)}`)
    db.exec(`CREATE TABLE ${quoted(table.name)} (${columns.join(', ')}) STRICT, WITHOUT ROWID`)
  }
}

function shapeOf(text = '[]'): { readonly name: string }[] {
  try {
    return JSON.parse(text) as { readonly name: string }[]
  } catch (cause) {
    throw new EngineError('STORE_CORRUPT', 'the list of its projections is damaged. Restore a backup, or start with another file', { cause })
  }
}

/** Looked at when a transaction is committed: within one, rows come in any order. */
function reference({ references }: ProjectionTable, column: string): string {
  const table = references?.[column]
  return table === undefined ? '' : ` REFERENCES ${quoted(table)} DEFERRABLE INITIALLY DEFERRED`
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

export const pragma = (db: SqliteDatabase, name: string): number => Object.values(db.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[0]!

export const metaOf = (db: SqliteDatabase, key: string): string | undefined =>
  (db.prepare('SELECT value FROM meta WHERE key = ?').get(key) as { value: string } | undefined)?.value
