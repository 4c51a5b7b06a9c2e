import { chmodSync, copyFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { projectionTables } from '@millrace/core'
import { sampleJournal, storeContract, storeTailContract } from '@millrace/core/testing'
import type { StoreTailSubject } from '@millrace/core/testing'
import { expectRefusal } from '../test/expect-refusal.ts'
import { inMemory, temporaryFiles } from '../test/temporary-folder.ts'
import { betterSqlite3 } from './driver.ts'
import type { SqliteDatabase, SqliteDriver } from './driver.ts'
import { sqliteStore } from './sqlite-store.ts'

const journal = sampleJournal(100)
const paper = { environment: 'paper' } as const
const newFile = temporaryFiles()
const newFileInMemory = temporaryFiles(inMemory)
const folderOf = (path: string): string[] => readdirSync(dirname(path)).sort()
const modeOf = (path: string): number => statSync(path).mode & 0o777

/** Opens files with better-sqlite3 and keeps hold of the connection. */
function tapped(): { readonly driver: SqliteDriver; readonly db: () => SqliteDatabase } {
  let db: SqliteDatabase | undefined
  return { driver: (path) => (db = betterSqlite3()(path)), db: () => db! }
}

/** Looks into a file, or changes it behind the store's back. */
function raw<T>(path: string, use: (db: SqliteDatabase) => T): T {
  const db = betterSqlite3()(path)
  try {
    return use(db)
  } finally {
    db.close()
  }
}

/** A store of which an older copy is put in place, as a restore or a disk would. */
function forgetful(): StoreTailSubject {
  const path = newFileInMemory()
  return {
    factory: sqliteStore(path),
    keep: () => copyFileSync(path, `${path}.kept`),
    putBack: () => copyFileSync(`${path}.kept`, path),
  }
}

describe('the contract of a store', () => {
  for (const { name, run } of storeTailContract(forgetful)) test(name, () => expect(run).not.toThrow())
  for (const { name, run } of storeContract(() => sqliteStore(newFile()))) test(name, () => expect(run).not.toThrow())
})

test('[row 60] one file is the only truth: after a clean close it stands alone, and the sidecars of a crash can go', () => {
  const path = newFile()
  const store = sqliteStore(path).open(paper)
  store.append(journal)
  expect(folderOf(path)).toEqual(['trader.db', 'trader.db-shm', 'trader.db-wal', 'trader.db.high-water', 'trader.db.lock'])
  store.close()
  expect(folderOf(path)).toEqual(['trader.db', 'trader.db.high-water'])

  const again = sqliteStore(path).open(paper)
  again.close()
  for (const sidecar of ['-shm', '-wal', '.lock', '.halt', '.high-water']) rmSync(`${path}${sidecar}`, { force: true })
  const third = sqliteStore(path).open(paper)
  expect(third.read({ limit: 1_000 })).toEqual(journal)
  expect(third.rows('fills').length).toBeGreaterThan(5)
  third.close()
})

test('[row 60] the file is in WAL mode and each commit is synced', () => {
  const path = newFile()
  const { driver, db } = tapped()
  const store = sqliteStore(path, { driver }).open(paper)
  const pragma = (name: string): unknown => Object.values(db().prepare(`PRAGMA ${name}`).get() as object)[0]
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys'), pragma('busy_timeout')]).toEqual(['wal', 2, 1, 5_000])
  const tables = db().prepare(`SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' ORDER BY name`).all()
  expect(tables).toEqual(['checkpoints', 'journal', 'meta', ...projectionTables.map(({ name }) => name)].sort().map((name) => ({ name, strict: 1 })))
  store.close()
})

test('[row 60] has a single writer: the same file under another name is the same store', () => {
  const path = newFile()
  const store = sqliteStore(path).open(paper)
  const spelled = join(dirname(path), '..', basename(dirname(path)), 'trader.db')
  expectRefusal(() => sqliteStore(spelled).open(paper), 'STORE_LOCKED', `in use by process ${process.pid}, running since 20`)
  expect(store.append(journal.slice(0, 3))).toBe('ok')
  store.close()
})

test('only its owner can read the files', () => {
  const path = newFile()
  sqliteStore(path).open(paper).close()
  expect(modeOf(path)).toBe(0o600)
  chmodSync(path, 0o644)
  const store = sqliteStore(path).open(paper)
  store.append(journal)
  for (const name of folderOf(path)) expect([name, modeOf(join(dirname(path), name))]).toEqual([name, 0o600])
  store.close()
})

test('a store in memory obeys the same rules and leaves no file', () => {
  const before = readdirSync('.')
  const store = sqliteStore(':memory:').open(paper)
  expect(store.append(journal, { lastSeq: 0, notHalted: true })).toBe('ok')
  expect(store.append(journal, { lastSeq: 0, notHalted: true })).toBe('conflict')
  expect(store.read({ limit: 1_000 })).toEqual(journal)
  store.close()
  expect(sqliteStore(':memory:').open(paper).lastSeq()).toBe(0)
  expect(readdirSync('.')).toEqual(before)
})

test('a store made without an id has a random one', () => {
  const ids = [newFile(), newFile()].map((path) => {
    const store = sqliteStore(path).open(paper)
    store.close()
    return store.identity.storeId
  })
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(ids[0]).not.toBe(ids[1])
})

test('the latch stands in the file for other processes to read', () => {
  const path = newFile()
  const stop = 1 + journal.findIndex((entry) => entry.type === 'latch' && JSON.stringify(entry.data).includes('emergencyStop'))
  const latch = (): unknown => raw(path, (db) => db.prepare(`SELECT value FROM meta WHERE key = 'halted'`).get())
  const store = sqliteStore(path).open(paper)
  store.append(journal.slice(0, stop - 1))
  expect(latch()).toEqual({ value: '0' })
  store.append(journal.slice(stop - 1, stop))
  expect(latch()).toEqual({ value: '1' })
  store.append(journal.slice(stop, stop + 3))
  expect(latch()).toEqual({ value: '0' })
  store.close()
})

test('projections of an older release are made anew from the journal', () => {
  const path = newFile()
  const store = sqliteStore(path).open(paper)
  store.append(journal)
  const names = projectionTables.map(({ name }) => name)
  const rows = names.map((table) => store.rows(table))
  store.close()
  raw(path, (db) =>
    db.exec(`
    PRAGMA foreign_keys = OFF; ${['executions', 'round_trips', 'daily_pnl', 'equity', 'orders', 'fills'].map((name) => `DROP TABLE ${name};`).join(' ')} CREATE TABLE fills (id TEXT) STRICT; CREATE TABLE old_things (id TEXT) STRICT;
    DELETE FROM balances; UPDATE meta SET value = '[{"name":"fills"},{"name":"old_things"},{"name":"lots"},{"name":"positions"},{"name":"balances"},{"name":"bots"},{"name":"state"}]' WHERE key = 'projections'`),
  )
  const again = sqliteStore(path).open(paper)
  expect(names.map((table) => again.rows(table))).toEqual(rows)
  again.close()
  expect(raw(path, (db) => db.prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'old_things'`).get())).toEqual({ n: 0 })
  sqliteStore(path).open(paper).close()
})

test('refuses options and paths that make no sense', () => {
  expect(() => sqliteStore(newFile(), { busyTimeoutMs: -1 })).toThrow('busyTimeoutMs: expected whole milliseconds from 0, received -1')
  const nowhere = join(newFile('no-such-folder'), 'trader.db')
  expectRefusal(() => sqliteStore(nowhere).open(paper), 'JOURNAL_FAILED', 'its folder does not exist')
})

test('Node 20 is refused before the native module is touched, and no file is made', () => {
  const path = newFile()
  const native = Object.keys(createRequire(import.meta.url).cache).length
  vi.stubGlobal('process', Object.create(process, { versions: { value: { ...process.versions, node: '20.20.2' } } }))
  try {
    expectRefusal(() => sqliteStore(path).open(paper), 'NODE_TOO_OLD', 'the SQLite store needs Node 22 or newer; this is Node 20.20.2')
  } finally {
    vi.unstubAllGlobals()
  }
  expect(folderOf(path)).toEqual([])
  expect(Object.keys(createRequire(import.meta.url).cache).length).toBe(native)
})

test('gives the newest rows of a table without reading all of them', () => {
  const store = sqliteStore(newFile()).open(paper)
  store.append(journal)
  const all = [...store.rows('fills')].sort((a, b) => Number(b['filled_at_ms']) - Number(a['filled_at_ms']))
  const newest = store.newestRows!('fills', 'filled_at_ms', 3)
  expect(newest.map((row) => row['filled_at_ms'])).toEqual(all.slice(0, 3).map((row) => row['filled_at_ms']))
  expect(store.rows('fills')).toContainEqual(newest[0])
  expect(() => store.newestRows!('fills', 'x', 3)).toThrow('expected a column of fills, received "x"')
  expect(() => store.newestRows!('fills', 'price', -1)).toThrow('limit')
  store.close()
})
