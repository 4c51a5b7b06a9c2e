import { createRequire } from 'node:module'
import { EngineError } from '@millrace/core'

/** What a column of the store can hold. */
export type SqliteValue = string | number | null | Uint8Array

/** A prepared statement, as far as the store uses it. */
export interface SqliteStatement {
  run(...values: readonly SqliteValue[]): unknown
  get(...values: readonly SqliteValue[]): unknown
  all(...values: readonly SqliteValue[]): unknown[]
}

/** What the store needs of a database connection; better-sqlite3 has this shape. */
export interface SqliteDatabase {
  readonly inTransaction: boolean
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
  close(): unknown
}

/** Opens a connection to a file, made when it does not exist, or to `':memory:'`. */
export type SqliteDriver = (path: string) => SqliteDatabase

const OLDEST_NODE = 22

/**
 * Returns the driver of better-sqlite3. The native module is loaded here and not on import, because it crashes the process
 * on Node 20 and older.
 *
 * @throws EngineError `NODE_TOO_OLD`
 */
export function betterSqlite3({ readOnly = false }: { readonly readOnly?: boolean } = {}): SqliteDriver {
  const version = process.versions.node
  if (Number.parseInt(version, 10) < OLDEST_NODE)
    throw new EngineError('NODE_TOO_OLD', `the SQLite store needs Node ${OLDEST_NODE} or newer; this is Node ${version}`)
  const Database = createRequire(here())('better-sqlite3') as new (
    path: string,
    options?: { readonly readonly: true; readonly fileMustExist: true },
  ) => SqliteDatabase
  return readOnly ? (path) => new Database(path, { readonly: true, fileMustExist: true }) : (path) => new Database(path)
}

// CommonJS has the one, ES modules the other.
const here = (): string => (typeof __filename === 'string' ? __filename : import.meta.url)
