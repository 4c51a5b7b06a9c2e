import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sampleJournal } from '@millrace/core/testing'
import { expectRefusal } from '../test/expect-refusal.ts'
import { inMemory, temporaryFiles } from '../test/temporary-folder.ts'
import { backupStore, restoreStore } from './backup.ts'
import { betterSqlite3 } from './driver.ts'
import { inspectStore } from './inspect.ts'
import { sqliteStore } from './sqlite-store.ts'

const journal = sampleJournal(60)
const paper = { environment: 'paper' } as const
const newFile = temporaryFiles(inMemory)

/** What a kill leaves of a store: the newest entries are in its log. */
function killed(): string {
  const path = newFile()
  const store = sqliteStore(path).open(paper)
  for (const entry of journal) store.append([entry])
  const copy = newFile()
  for (const suffix of ['', '-wal', '.high-water']) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
  store.close()
  return copy
}

function look(path: string): number {
  const store = sqliteStore(path).open(paper)
  const lastSeq = store.lastSeq()
  store.close()
  return lastSeq
}

/** The rollback journal of another database, as a process leaves it that died before the database had a log. */
function hotJournal(to: string): void {
  const other = newFile()
  const db = betterSqlite3()(other)
  db.exec('PRAGMA journal_mode = DELETE; CREATE TABLE t (x TEXT); ')
  for (let row = 0; row < 40; row++) db.exec('INSERT INTO t VALUES (hex(randomblob(900)))')
  db.exec('PRAGMA cache_size = 1; BEGIN IMMEDIATE; UPDATE t SET x = hex(randomblob(900))')
  copyFileSync(`${other}-journal`, to)
  db.exec('ROLLBACK')
  db.close()
}

describe('what lies beside a file that is copied', () => {
  test('the log of the file that is restored comes along: what is checked is what is put in place', () => {
    const [file, path] = [killed(), newFile()]
    expect(inspectStore(file).lastSeq).toBe(60)
    expect(restoreStore(file, path).lastSeq).toBe(60)
    expect(look(path)).toBe(60)
  })

  test('a log where a backup is to be put is not taken for its own', () => {
    const path = newFile()
    const store = sqliteStore(path).open(paper)
    store.append(journal.slice(0, 20))
    store.close()
    const file = `${path}.backup`
    for (const suffix of ['-wal', '-journal']) {
      writeFileSync(`${file}${suffix}`, 'of an older backup')
      expectRefusal(() => backupStore(path, file), 'STORE_MISMATCH', `${file}${suffix} exists`)
      expect(existsSync(file)).toBe(false)
      rmSync(`${file}${suffix}`)
    }
    expect(backupStore(path, file).lastSeq).toBe(20)
  })

  test('a rollback journal where a backup is restored is put aside: SQLite would play it into the restored file', () => {
    const path = newFile()
    const store = sqliteStore(path).open(paper)
    for (const entry of journal) store.append([entry])
    store.close()
    const { file } = backupStore(path, `${path}.backup`)
    for (const replaced of [true, false]) {
      if (!replaced) rmSync(path)
      hotJournal(`${path}-journal`)
      const left = readFileSync(`${path}-journal`)
      restoreStore(file, path, { replace: true })
      expect(existsSync(`${path}-journal`)).toBe(false)
      expect(readFileSync(replaced ? `${path}.before-restore-journal` : `${path}.before-restore-rollback`)).toEqual(left)
      expect(look(path)).toBe(60)
    }
  })

  test('the high-water file of another store refuses the restore, and not the start after it', () => {
    const [path, other] = [killed(), killed()]
    const { file } = backupStore(path, `${path}.backup`)
    rmSync(other)
    expectRefusal(() => restoreStore(file, other), 'STORE_MISMATCH', `${other}.high-water belongs to another store`)
    expect(existsSync(other)).toBe(false)
  })
})
