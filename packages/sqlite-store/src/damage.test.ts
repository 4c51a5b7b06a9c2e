import { appendFileSync, copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chainHash } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { expectRefusal } from '../test/expect-refusal.ts'
import { temporaryFiles } from '../test/temporary-folder.ts'
import { betterSqlite3 } from './driver.ts'
import { sqliteStore } from './sqlite-store.ts'

const journal = sampleJournal(300)
const paper = { environment: 'paper' } as const
const newFile = temporaryFiles()

/** A closed store with the sample journal, changed behind its back. */
function damaged(sql: string): string {
  const path = newFile()
  const store = sqliteStore(path).open(paper)
  store.append(journal)
  store.close()
  change(path, sql)
  return path
}

function change(path: string, sql: string): void {
  const db = betterSqlite3()(path)
  db.exec(sql)
  db.close()
}

const open =
  (path: string, verify: 'full' | 'head' = 'full') =>
  (): void =>
    sqliteStore(path, { verify }).open(paper).close()

describe('a file that is not ours is refused and stays as it is', () => {
  test.each([
    ['text', (path: string) => writeFileSync(path, 'once upon a time '.repeat(100))],
    ['a short file', (path: string) => writeFileSync(path, 'x')],
    ['the database of another program', (path: string) => change(path, 'CREATE TABLE notes (text); INSERT INTO notes VALUES (1)')],
    [
      'the database of another program that names itself',
      (path: string) => change(path, 'PRAGMA application_id = 42; CREATE TABLE journal (seq INTEGER PRIMARY KEY)'),
    ],
    ['the database of another program in WAL mode', (path: string) => change(path, 'PRAGMA journal_mode = WAL; CREATE TABLE notes (text)')],
  ])('%s', (_, make) => {
    const path = newFile()
    make(path)
    const before = [readFileSync(path), statSync(path).mode, readdirSync(dirname(path))]
    expectRefusal(open(path), 'STORE_CORRUPT', `${path} is not a Millrace store`)
    expect([readFileSync(path), statSync(path).mode, readdirSync(dirname(path))]).toEqual(before)
  })
  test('a folder', () => {
    const path = newFile()
    mkdirSync(path)
    expectRefusal(open(path), 'STORE_CORRUPT', 'is not a Millrace store')
  })
  test('an empty file is a new store', () => {
    const path = newFile()
    writeFileSync(path, '')
    expect(open(path)).not.toThrow()
  })
})

describe('a file of a newer release is refused and stays as it is', () => {
  test('a newer schema', () => {
    const path = damaged('PRAGMA user_version = 3')
    const before = readFileSync(path)
    expectRefusal(open(path), 'STORE_NEWER', 'has schema 3, made by a newer release of Millrace; this one reads up to 2. The file was not changed')
    expect(readFileSync(path)).toEqual(before)
    change(path, 'PRAGMA user_version = 2')
    expect(open(path)).not.toThrow()
  })
  test('a newer version of an entry', () => {
    expectRefusal(
      open(damaged('UPDATE journal SET v = 2 WHERE seq = 5')),
      'STORE_NEWER',
      'journal entry 5 (confirmation) has version 2; this release of Millrace reads up to 1',
    )
  })
})

describe('[row 62] damage is found on opening and named', () => {
  test.each([
    [
      'a changed amount',
      `UPDATE journal SET data = replace(data, '"100000"', '"900000"') WHERE seq = 3`,
      'journal entry 3 (adjustment) does not match its hash',
    ],
    ['a changed time', 'UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 100', 'journal entry 100 ('],
    ['a changed bot', `UPDATE journal SET bot_id = 'eth' WHERE seq = 7`, 'journal entry 7 (intent) does not match its hash'],
    ['a changed hash', `UPDATE journal SET hash = replace(hash, '0', '1') WHERE seq = 300`, 'journal entry 300 ('],
    ['a missing entry', 'DELETE FROM journal WHERE seq = 50', 'journal entry 50 is missing'],
    ['a missing first entry', 'DELETE FROM journal WHERE seq = 1', 'journal entry 1 is missing'],
    ['data that is no JSON', `UPDATE journal SET data = '{' WHERE seq = 9`, 'journal entry 9 (orderEvent): data: expected JSON'],
    ['data of the wrong shape', `UPDATE journal SET data = '{}' WHERE seq = 8`, 'journal entry 8 (sent): data.clientOrderId: '],
    ['a type nobody knows', `UPDATE journal SET type = 'gossip' WHERE seq = 8`, 'journal entry 8: type: expected a type of entry, received "gossip"'],
    [
      'a changed row',
      `UPDATE balances SET total = '1000000' WHERE currency = 'USD'`,
      'projection balances, key "USD": total is "1000000", the journal gives "99',
    ],
    ['a changed key', `UPDATE bots SET bot_id = 'zzz' WHERE bot_id = 'toshi'`, 'projection bots, key "toshi": the row is missing'],
    ['a row too many', `INSERT INTO state VALUES ('aaa', 'x')`, 'projection state, key "aaa": the journal knows no such row'],
    ['a row too few', `DELETE FROM fills WHERE fill_id = (SELECT min(fill_id) FROM fills)`, 'projection fills, key "sample-0-buy-1": the row is missing'],
    [
      'a fill whose order is gone',
      `PRAGMA foreign_keys = OFF; DELETE FROM orders WHERE client_order_id = 'sample-0-buy'`,
      'refers to a row of orders that is not there',
    ],
    ['a changed latch', `UPDATE meta SET value = '1' WHERE key = 'halted'`, 'the latch says halted = 1, the journal gives 0'],
    ['a lost identity', `DELETE FROM meta WHERE key = 'storeId'`, 'it does not say which store it is'],
  ])('%s', (_, sql, message) => {
    expectRefusal(open(damaged(sql)), 'STORE_CORRUPT', message)
  })

  test('an entry that does not follow from those before it', () => {
    const path = damaged(`DELETE FROM journal WHERE seq >= 7`)
    const last = journal[5]!
    const data = { clientOrderId: 'nobody' }
    const hash = chainHash(last.hash, { seq: 7, atMs: last.atMs, type: 'sent', v: 1, data })
    change(path, `INSERT INTO journal VALUES (7, ${last.atMs}, 'sent', 1, NULL, '${JSON.stringify(data)}', '${hash}')`)
    expectRefusal(
      open(path),
      'STORE_CORRUPT',
      'journal entry 7 (sent) does not follow from those before it: the journal speaks of order nobody before its intent',
    )
  })

  test('[fault 44] a page of rubbish', () => {
    const path = damaged('')
    const bytes = readFileSync(path)
    bytes.fill(0xa5, 4096 * 3, 4096 * 4)
    writeFileSync(path, bytes)
    expectRefusal(open(path), 'STORE_CORRUPT', `${path} is damaged: `)
  })

  test('[fault 44] a file cut short', () => {
    const path = damaged('')
    truncateSync(path, 4096 * 4)
    expectRefusal(open(path), 'STORE_CORRUPT', `${path} is damaged: `)
  })

  test('a refused file is free again', () => {
    const path = damaged(`UPDATE balances SET total = '1' WHERE currency = 'USD'`)
    expectRefusal(open(path), 'STORE_CORRUPT', 'projection balances')
    expect(readdirSync(dirname(path))).toEqual(['trader.db', 'trader.db.high-water'])
  })
})

describe('verify: head trusts what is old', () => {
  test('a changed old entry and a changed row pass, which full refuses', () => {
    const path = damaged(`UPDATE journal SET data = replace(data, 'weighted', 'weighed') WHERE seq = 7; UPDATE state SET value = 'x'`)
    expect(open(path, 'head')).not.toThrow()
    expect(open(path, 'full')).toThrow('journal entry 7')
  })
  test('the last entry and the count do not', () => {
    expectRefusal(open(damaged(`UPDATE journal SET at_ms = 0 WHERE seq = 300`), 'head'), 'STORE_CORRUPT', 'journal entry 300')
    expectRefusal(open(damaged('DELETE FROM journal WHERE seq = 299'), 'head'), 'STORE_CORRUPT', 'journal entry 299 is missing')
  })
})

test('a half-made file of a crash during creation is made whole', () => {
  const path = newFile()
  writeFileSync(path, '')
  appendFileSync(`${path}-journal`, '')
  expect(open(path)).not.toThrow()
  const copy = newFile()
  copyFileSync(path, copy)
  expect(open(copy)).not.toThrow()
})
