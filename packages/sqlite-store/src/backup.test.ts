import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { At, CrashPoint } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { children } from '../test/child.ts'
import { expectRefusal } from '../test/expect-refusal.ts'
import { inMemory, temporaryFiles } from '../test/temporary-folder.ts'
import { backupStore, restoreStore } from './backup.ts'
import { betterSqlite3 } from './driver.ts'
import { inspectStore } from './inspect.ts'
import { sqliteStore } from './sqlite-store.ts'

const paper = { environment: 'paper' } as const
const newFile = temporaryFiles(inMemory)
const journal = sampleJournal(200)
const start = children()

function storeOf(entries = journal): string {
  const path = newFile()
  const store = sqliteStore(path, { retention: { keepDays: 1 / 1_440, checkpointEvery: 40 } }).open(paper)
  for (let at = 0; at < entries.length; at += 5) store.append(entries.slice(at, at + 5))
  store.close()
  return path
}

/** Files beside a database; a reader leaves an empty log of SQLite's own. */
const others = (path: string): readonly string[] =>
  readdirSync(dirname(path))
    .filter((name) => !/-(wal|shm)$/.test(name))
    .sort()

const look = (path: string) => {
  const store = sqliteStore(path).open(paper)
  const found = { lastSeq: store.lastSeq(), tail: store.tail, entries: store.read({ limit: 100_000 }), fills: store.rows('fills') }
  store.close()
  return found
}

describe('a backup', () => {
  test('is the store of one moment, checked, for its owner only, and stands alone', () => {
    const path = storeOf()
    const file = `${path}.backup`
    const report = backupStore(path, file)
    expect(report).toMatchObject({
      file,
      environment: 'paper',
      schema: 2,
      lastSeq: 200,
      hash: journal.at(-1)!.hash,
      checked: 'everything',
      bytes: statSync(file).size,
    })
    expect(report.completeFrom).toBeGreaterThan(1)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(others(path)).toEqual(['trader.db', 'trader.db.backup', 'trader.db.high-water'])
    expect({ ...look(file), tail: 0 }).toEqual({ ...look(path), tail: 0 })
  })

  test('[fault 40] is made while a process writes, which notices nothing', async () => {
    const path = newFile()
    const writer = start('write', path)
    await writer.said(/acked 200/)
    const first = backupStore(path, `${path}.1`)
    await writer.said(new RegExp(`acked ${first.lastSeq + 50}\\d*\\n`)).catch(() => writer.said(/acked [3-9]\d\d/))
    const second = backupStore(path, `${path}.2`)
    expect(second.lastSeq).toBeGreaterThan(first.lastSeq)
    await writer.kill('SIGKILL')
    for (const { file, lastSeq } of [first, second]) {
      const { entries } = look(file)
      expect([entries.length, entries.at(-1)]).toEqual([lastSeq, sampleJournal(lastSeq).at(-1)])
    }
    expect(look(path).lastSeq).toBeGreaterThanOrEqual(second.lastSeq)
  })

  test('never takes the place of another file, and leaves nothing when it fails', () => {
    const path = storeOf()
    const before = readFileSync(path)
    expectRefusal(() => backupStore(path, path), 'STORE_MISMATCH', `${path} exists: a backup never takes the place of another file`)
    expectRefusal(() => backupStore(path, '/no/such/folder/backup.db'), 'JOURNAL_FAILED', 'its folder does not exist')
    expectRefusal(() => backupStore(`${path}.gone`, `${path}.backup`), 'JOURNAL_FAILED', 'no such file')
    writeFileSync(`${path}.text`, 'no store at all, but long enough for a header'.repeat(5))
    expectRefusal(() => backupStore(`${path}.text`, `${path}.backup`), 'STORE_CORRUPT', 'is not a Millrace store')
    change(path, `UPDATE fills SET price = '1'`)
    expectRefusal(() => backupStore(path, `${path}.backup`), 'STORE_CORRUPT', 'price is "1"')
    expect(others(path)).toEqual(['trader.db', 'trader.db.high-water', 'trader.db.text'])
    expect(before.length).toBe(statSync(path).size)
  })
})

function change(path: string, sql: string): void {
  const db = betterSqlite3()(path)
  db.exec(sql)
  db.close()
}

describe('a restore', () => {
  test('does not let the log of a store that was deleted play into the backup', () => {
    const path = newFile()
    const store = sqliteStore(path).open(paper)
    store.append(journal.slice(0, 100))
    const file = `${path}.backup`
    backupStore(path, file)
    for (const entry of journal.slice(100, 180)) store.append([entry])
    const dead = newFile()
    // Killed, and then only the database was deleted.
    copyFileSync(`${path}-wal`, `${dead}-wal`)
    store.close()
    const log = readFileSync(`${dead}-wal`)
    expect(restoreStore(file, dead).aside).toBeUndefined()
    expect(look(dead).lastSeq).toBe(100)
    expect(readFileSync(`${dead}.before-restore-log`)).toEqual(log)
  })

  test('[fault 46] puts the store of yesterday in place, keeps what was there, and the start says what is missing', () => {
    const path = storeOf(journal.slice(0, 120))
    const { file, hash } = backupStore(path, `${path}.yesterday`)
    const store = sqliteStore(path).open(paper)
    store.append(journal.slice(120))
    store.close()
    const today = readFileSync(path)
    expectRefusal(() => restoreStore(file, path), 'STORE_MISMATCH', `${path} exists: say that it is to be replaced`)
    const report = restoreStore(file, path, { replace: true })
    expect(report).toMatchObject({ db: path, lastSeq: 120, hash, behind: 80, halts: false, aside: `${path}.before-restore`, checked: 'everything' })
    expect(readFileSync(report.aside!)).toEqual(today)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(look(path)).toMatchObject({ lastSeq: 120, tail: { state: 'lost', entries: 80, upTo: 200 } })
    // A second one finds its own name.
    expect(restoreStore(file, path, { replace: true }).aside).toBe(`${path}.before-restore-2`)
  })

  test('makes a store where there was none, and does not know what it lacks', () => {
    const { file } = backupStore(storeOf(), `${newFile()}.backup`)
    const path = newFile()
    expect(restoreStore(file, path)).toMatchObject({ behind: undefined, halts: undefined, aside: undefined, lastSeq: 200 })
    expect(look(path)).toMatchObject({ lastSeq: 200, tail: { state: 'unknown' } })
  })

  test('replaces a damaged store, with its log', () => {
    const path = storeOf()
    const { file } = backupStore(path, `${path}.backup`)
    for (const damage of [
      (): void => writeFileSync(path, 'rubbish'.repeat(1_000)),
      (): void => writeFileSync(path, readFileSync(path).fill(0xa5, 8_192, 12_288)),
    ]) {
      damage()
      writeFileSync(`${path}-wal`, 'an old log')
      const { aside } = restoreStore(file, path, { replace: true })
      expect([readFileSync(`${aside}-wal`, 'utf8'), existsSync(`${path}-wal`)]).toEqual(['an old log', false])
      expect(look(path)).toMatchObject({ lastSeq: 200, tail: { state: 'whole' } })
    }
  })

  test('is refused while an engine runs, for the backup of another store, and for a damaged backup', () => {
    const path = storeOf()
    const { file } = backupStore(path, `${path}.backup`)
    const store = sqliteStore(path).open(paper)
    expectRefusal(() => restoreStore(file, path, { replace: true }), 'STORE_LOCKED', `${path} is in use by process ${process.pid}`)
    store.close()
    const other = backupStore(storeOf(), `${newFile()}.backup`)
    expectRefusal(() => restoreStore(other.file, path, { replace: true }), 'STORE_MISMATCH', 'it is not a backup of this store')
    change(file, `DELETE FROM journal WHERE seq = 199`)
    expectRefusal(() => restoreStore(file, path, { replace: true }), 'STORE_CORRUPT', file)
    expect(look(path)).toMatchObject({ lastSeq: 200, tail: { state: 'whole' } })
  })

  type CopyPoint = Extract<CrashPoint, `backup:${string}` | `restore:${string}`>

  /** What stands at the path when a copy dies before and after each of its steps. */
  const matrix: Record<CopyPoint, readonly [before: string, after: string]> = {
    'backup:in-place': ['no backup', 'whole'],
    'restore:log-aside': ['whole', 'whole'],
    'restore:file-aside': ['whole', 'refused'],
    'restore:in-place': ['refused', 'restored'],
  }

  test.each(Object.entries(matrix) as [CopyPoint, readonly [string, string]][])(
    'that dies at %s leaves the old store, the new one, or a refusal that says so',
    (place, wanted) => {
      const found = (['before', 'after'] as const).map((when) => {
        const path = storeOf()
        const at: At = (point, action) => {
          if (point === place && when === 'before') throw new Error('died')
          const result = action()
          if (point === place) throw new Error('died')
          return result
        }
        if (place === 'backup:in-place') {
          expect(() => backupStore(path, `${path}.backup`, { at })).toThrow('died')
          return existsSync(`${path}.backup`) ? look(`${path}.backup`).lastSeq === 200 && 'whole' : 'no backup'
        }
        const older = storeOf(journal.slice(0, 120))
        change(older, `UPDATE meta SET value = (SELECT '${storeId(path)}') WHERE key = 'storeId'`)
        const { file } = backupStore(older, `${path}.backup`)
        expect(() => restoreStore(file, path, { replace: true, at })).toThrow('died')
        const end = outcome(path)
        // Whatever it was: tried again, it is through.
        restoreStore(file, path, { replace: true })
        expect(outcome(path)).toBe('restored')
        return end
      })
      expect(found).toEqual(wanted)
    },
  )

  const storeId = (path: string): string => inspectStore(path).storeId

  function outcome(path: string): string {
    const copy = newFile()
    for (const suffix of ['', '-wal', '.high-water']) if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
    try {
      const { lastSeq, tail } = look(copy)
      return lastSeq === 200 && tail?.state === 'whole' ? 'whole' : lastSeq === 120 && tail?.state === 'lost' ? 'restored' : 'something else'
    } catch (error) {
      expect((error as Error).message).toContain('is missing or empty, and its high-water file says that it held 200 entries')
      return 'refused'
    }
  }
})

test('an inspection changes nothing, while an engine runs or not, and says what an older file can be asked', () => {
  const path = storeOf()
  const before = readFileSync(path)
  expect(inspectStore(path)).toMatchObject({ lastSeq: 200, checked: 'everything' })
  expect(readFileSync(path)).toEqual(before)
  const store = sqliteStore(path).open(paper)
  expect(inspectStore(path)).toMatchObject({ lastSeq: 200, checked: 'everything' })
  store.close()
  change(path, `UPDATE meta SET value = '[]' WHERE key = 'projections'`)
  expect(inspectStore(path)).toMatchObject({ lastSeq: 200, checked: 'pages' })
  expectRefusal(() => inspectStore(dirname(path)), 'STORE_CORRUPT', 'is not a Millrace store')
})
