import { existsSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { expectRefusal } from '../test/expect-refusal.ts'
import { temporaryFiles } from '../test/temporary-folder.ts'
import { betterSqlite3 } from './driver.ts'
import { lockFilePath, lockHolder, takeLock } from './lock-file.ts'
import type { Release } from './lock-file.ts'
import { openJournal } from './open-journal.ts'
import { sqliteStore } from './sqlite-store.ts'

const newFile = temporaryFiles()
const me = { pid: process.pid, host: hostname(), startedAtMs: Math.round(performance.timeOrigin) }
const remove = { remove: true }
const take = (path: string): Release => takeLock(path, () => me)

test('names the process that holds a database, and gives it back', () => {
  const path = newFile()
  expect(lockHolder(path)).toBeUndefined()
  const store = sqliteStore(path).open({ environment: 'paper' })
  expect(lockHolder(path)).toEqual(me)
  expect(lockFilePath(path)).toBe(`${path}.lock`)
  expect([statSync(`${path}.lock`).mode & 0o777, statSync(`${path}.lock`).size]).toEqual([0o600, 0])
  const since = new Date(me.startedAtMs).toISOString()
  expectRefusal(() => take(path), 'STORE_LOCKED', `${path} is in use by process ${process.pid}, running since ${since} on ${hostname()}: one engine at a time`)
  store.close()
  expect([lockHolder(path), existsSync(`${path}.lock`)]).toEqual([undefined, false])
  take(path)(remove)
})

test('a lock file that nobody holds is free, whoever signed the database last', () => {
  const path = newFile()
  sqliteStore(path).open({ environment: 'paper' }).close()
  take(path)({ remove: false })
  expect(existsSync(`${path}.lock`)).toBe(true)
  expect(lockHolder(path)).toBeUndefined()
  sqliteStore(path).open({ environment: 'paper' }).close()
  expect(existsSync(`${path}.lock`)).toBe(false)
})

test('a lock that was taken and not signed is held by somebody', () => {
  const path = newFile()
  const release = take(path)
  expectRefusal(() => takeLock(path, () => undefined), 'STORE_LOCKED', `${path} is in use by another process`)
  expectRefusal(() => sqliteStore(path).open({ environment: 'paper' }), 'STORE_LOCKED', 'in use by another process')
  expectRefusal(() => lockHolder(path), 'STORE_LOCKED', 'in use by another process')
  release(remove)
  expect(lockHolder(path)).toBeUndefined()
})

test.each(['not a lock', '{}', 'x'.repeat(5_000)])('does not take %j for a free lock', (content) => {
  const path = newFile()
  writeFileSync(`${path}.lock`, content)
  expectRefusal(() => lockHolder(path), 'STORE_LOCKED', `the lock file ${path}.lock cannot be read: delete it when no engine runs on this database`)
  expect(() => take(path)).toThrow('cannot be read')
})

test('gives back only what it holds', () => {
  const path = newFile()
  const release = take(path)
  renameSync(`${path}.lock`, `${path}.gone`)
  const second = take(path)
  release(remove)
  expect(() => take(path)).toThrow('is in use by')
  second(remove)
  expect(existsSync(`${path}.lock`)).toBe(false)
})

test('a link to a database has the lock of the database', () => {
  const path = newFile()
  writeFileSync(path, '')
  const link = join(dirname(newFile()), 'link.db')
  symlinkSync(path, link)
  expect(lockFilePath(link)).toBe(`${path}.lock`)
  expect(() => lockFilePath(':memory:')).toThrow('expected the path of a file, received :memory:')
})

test('looks from the same process leave the locks of an open store in force', () => {
  const path = newFile()
  const store = sqliteStore(path).open({ environment: 'paper' })
  openJournal(path).close()
  expectRefusal(() => sqliteStore(path).open({ environment: 'paper' }), 'STORE_LOCKED', `process ${process.pid}`)
  expect(lockHolder(path)).toEqual(me)
  store.close()
})

test('a database that somebody writes to while it is closed keeps its lock file, and it is free', () => {
  const path = newFile()
  const store = sqliteStore(path, { busyTimeoutMs: 0 }).open({ environment: 'paper' })
  const other = betterSqlite3()(path)
  other.exec('BEGIN IMMEDIATE')
  store.close()
  expect(readdirSync(dirname(path))).toContain('trader.db.lock')
  expect(lockHolder(path)).toBeUndefined()
  other.close()
  rmSync(`${path}.lock`)
})
