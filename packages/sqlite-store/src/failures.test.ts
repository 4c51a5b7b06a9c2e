import { rmSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createProjectionRows, createProjector, projectionTables } from '@millrace/core'
import type { Store } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { expectRefusal } from '../test/expect-refusal.ts'
import { temporaryFiles } from '../test/temporary-folder.ts'
import { betterSqlite3 } from './driver.ts'
import type { SqliteDatabase, SqliteDriver } from './driver.ts'
import { sqliteStore } from './sqlite-store.ts'

const journal = sampleJournal(400)
/** Up to and with the first emergency stop: sets the latch, opens and closes positions. */
const untilStop = journal.slice(0, 1 + journal.findIndex((entry) => entry.type === 'latch' && JSON.stringify(entry.data).includes('emergencyStop')))
const paper = { environment: 'paper' } as const
const newFile = temporaryFiles()

/** The store stands at an entry of the sample, whole: journal, rows, and nothing that a failed append left. */
function expectAt(store: Store, seq: number): void {
  expect(store.lastSeq()).toBe(seq)
  expect(store.read({ limit: 1_000 })).toEqual(journal.slice(0, seq))
  const rows = createProjectionRows(projectionTables)
  const projector = createProjector()
  for (const entry of journal.slice(0, seq)) rows.write(projector.apply(entry))
  for (const { name } of projectionTables) expect(store.rows(name)).toEqual(rows.sorted(name))
}

/** A driver whose statements fail on demand: `failOn` is asked before each one runs. */
function faulty(failOn: (sql: string) => boolean): SqliteDriver {
  const driver = betterSqlite3()
  return (path) => {
    const db = driver(path)
    const prepare: SqliteDatabase['prepare'] = (sql) => {
      const statement = db.prepare(sql)
      const run: typeof statement.run = (...values) => {
        if (failOn(sql)) throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_WRITE' })
        return statement.run(...values)
      }
      return { run, get: (...values) => statement.get(...values), all: (...values) => statement.all(...values) }
    }
    return {
      get inTransaction() {
        return db.inTransaction
      },
      exec: (sql) => db.exec(sql),
      prepare,
      close: () => db.close(),
    }
  }
}

describe('an append that fails leaves nothing, says why, and the next one goes on', () => {
  test.each([
    'BEGIN IMMEDIATE',
    'INSERT INTO journal',
    'INSERT INTO "orders"',
    'INSERT INTO "balances"',
    'DELETE FROM "lots"',
    'INSERT OR REPLACE INTO meta',
    'COMMIT',
  ])('%s', (failing) => {
    let armed = false
    const store = sqliteStore(newFile(), { driver: faulty((sql) => armed && sql.startsWith(failing)) }).open(paper)
    store.append(journal.slice(0, 7))
    armed = true
    const error = expectRefusal(
      () => store.append(untilStop.slice(7)),
      'JOURNAL_FAILED',
      `the journal took nothing of a batch of ${untilStop.length - 7}: disk I/O error`,
    )
    expect(error.cause).toMatchObject({ code: 'SQLITE_IOERR_WRITE' })
    expectAt(store, 7)
    armed = false
    expect(store.append(untilStop.slice(7), { lastSeq: 7, notHalted: true })).toBe('ok')
    expectAt(store, untilStop.length)
    expect(store.append(journal.slice(untilStop.length), { lastSeq: untilStop.length, notHalted: true })).toBe('halted')
    store.close()
  })

  test('a roll-back that fails as well is told with the cause', () => {
    let armed = false
    const store = sqliteStore(newFile(), { driver: faulty((sql) => armed && /^(COMMIT|ROLLBACK)/.test(sql)) }).open(paper)
    armed = true
    const error = expectRefusal(() => store.append(journal.slice(0, 1)), 'JOURNAL_FAILED', 'disk I/O error, and the roll-back failed')
    expect(error.cause).toBeInstanceOf(AggregateError)
    armed = false
    expect(() => store.append(journal.slice(0, 1))).toThrow('within a transaction')
    expect(store.append(journal.slice(0, 1))).toBe('ok')
    expectAt(store, 1)
    store.close()
  })

  test('a full disk', () => {
    let db: SqliteDatabase | undefined
    const path = newFile()
    const store = sqliteStore(path, { driver: (file) => (db = betterSqlite3()(file)) }).open(paper)
    store.append(journal.slice(0, 7))
    const { page_count: pages } = db!.prepare('PRAGMA page_count').get() as { page_count: number }
    db!.exec(`PRAGMA max_page_count = ${pages}`)
    const error = expectRefusal(() => store.append(journal.slice(7)), 'JOURNAL_FAILED', 'database or disk is full')
    expect(error.cause).toMatchObject({ code: 'SQLITE_FULL' })
    expectAt(store, 7)
    db!.exec('PRAGMA max_page_count = 1000000')
    expect(store.append(journal.slice(7))).toBe('ok')
    store.close()
    const again = sqliteStore(path).open(paper)
    expectAt(again, 400)
    again.close()
  })

  test('a database that another process keeps busy', () => {
    const path = newFile()
    const store = sqliteStore(path, { busyTimeoutMs: 30 }).open(paper)
    const other = betterSqlite3()(path)
    other.exec('BEGIN IMMEDIATE')
    const startedMs = performance.now()
    const error = expectRefusal(() => store.append(journal.slice(0, 7)), 'JOURNAL_FAILED', 'database is locked')
    expect(error.cause).toMatchObject({ code: 'SQLITE_BUSY' })
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(25)
    other.exec('ROLLBACK')
    other.close()
    expect(store.append(journal.slice(0, 7))).toBe('ok')
    expectAt(store, 7)
    store.close()
  })
})

test('a reader in another connection does not hold up the writer', () => {
  const path = newFile()
  const store = sqliteStore(path, { busyTimeoutMs: 0 }).open(paper)
  store.append(journal.slice(0, 7))
  const reader = betterSqlite3()(path)
  reader.exec('BEGIN')
  expect(reader.prepare('SELECT count(*) AS n FROM journal').get()).toEqual({ n: 7 })
  expect(store.append(journal.slice(7, 20))).toBe('ok')
  expect(reader.prepare('SELECT count(*) AS n FROM journal').get()).toEqual({ n: 7 })
  reader.exec('COMMIT')
  expect(reader.prepare('SELECT count(*) AS n FROM journal').get()).toEqual({ n: 20 })
  reader.close()
  store.close()
})

describe('a second writer that got past the lock', () => {
  test('is seen by the guard, and without one by the chain', () => {
    const path = newFile()
    const first = sqliteStore(path).open(paper)
    first.append(journal.slice(0, 5))
    rmSync(`${path}.lock`)
    const second = sqliteStore(path).open(paper)
    expect(second.append(journal.slice(5, 10), { lastSeq: 5, notHalted: true })).toBe('ok')
    expect(first.append(journal.slice(5, 10), { lastSeq: 5, notHalted: true })).toBe('conflict')
    expect(() => first.append(journal.slice(5, 10))).toThrow('expected entry 11, received 6')
    // Should it read what happened and go on from there, its projections follow.
    expect(first.append(journal.slice(10, 60), { lastSeq: 10, notHalted: true })).toBe('ok')
    expectAt(first, 60)
    first.close()
    expectRefusal(() => sqliteStore(path).open(paper), 'STORE_LOCKED', '')
    second.close()
  })
})

test('the open that fails for a reason of the system says so', () => {
  const path = newFile()
  writeFileSync(path, '')
  const broken: SqliteDriver = () => {
    throw Object.assign(new Error('unable to open database file'), { code: 'SQLITE_CANTOPEN' })
  }
  expectRefusal(() => sqliteStore(path, { driver: broken }).open(paper), 'JOURNAL_FAILED', `${path} cannot be opened: unable to open database file`)
})

test('a file that another process writes to while it is opened is locked', () => {
  const path = newFile()
  sqliteStore(path).open(paper).close()
  const other = betterSqlite3()(path)
  other.exec('BEGIN IMMEDIATE')
  expectRefusal(() => sqliteStore(path, { busyTimeoutMs: 20 }).open(paper), 'STORE_LOCKED', `${path} is being written to by another process`)
  other.close()
  sqliteStore(path).open(paper).close()
})
