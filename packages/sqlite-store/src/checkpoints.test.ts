import { readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DAY_MS, createProjectionRows, createProjector, projectionTables } from '@millrace/core'
import type { EpochMs, JournalEntry, Store } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { nextEntry } from '../../core/src/testing/sample-journal.ts'
import { expectRefusal } from '../test/expect-refusal.ts'
import { inMemory, temporaryFiles } from '../test/temporary-folder.ts'
import { betterSqlite3 } from './driver.ts'
import { letGo } from './let-go.ts'
import { sqliteStore } from './sqlite-store.ts'
import type { SqliteStoreOptions } from './sqlite-store.ts'
import type { Verification } from './verify.ts'

const paper = { environment: 'paper' } as const
const newFile = temporaryFiles(inMemory)
/** A checkpoint every fifty entries, and a minute of event time kept: the sample has one round trip a minute. */
const tight = { keepDays: 1 / 1_440, checkpointEvery: 50 }
const journal = sampleJournal(690)
const isKept = ({ type }: JournalEntry): boolean => !letGo.includes(type)

function written(options: SqliteStoreOptions = { retention: tight }, entries = journal): string {
  const path = newFile()
  const store = sqliteStore(path, options).open(paper)
  for (let at = 0; at < entries.length; at += 10) store.append(entries.slice(at, at + 10))
  store.close()
  return path
}

const reading = (path: string, options: SqliteStoreOptions = { retention: tight }): Store => sqliteStore(path, options).open(paper)

const verify = (path: string, how: Verification) => (): void => sqliteStore(path, { verify: how }).open(paper).close()

function change(path: string, sql: string): void {
  const db = betterSqlite3()(path)
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`)
  db.close()
}

/** Every row is what a fold of the whole journal gives, although the file no longer holds all of it. */
function expectRows(store: Store, entries: readonly JournalEntry[]): void {
  const projector = createProjector()
  const rows = createProjectionRows(projectionTables)
  for (const entry of entries) rows.write(projector.apply(entry))
  for (const { name } of projectionTables) expect([name, store.rows(name)]).toEqual([name, rows.sorted(name)])
}

describe('a journal that lets old entries go', () => {
  test('[row 63] keeps all that money follows from, and the newest of the rest', () => {
    const path = written()
    const store = reading(path)
    const found = store.read({ limit: 10_000 })
    const { completeFrom } = store as Required<Store>
    expect(completeFrom).toBeGreaterThan(400)
    expect(found).toEqual(journal.filter((entry) => entry.seq >= completeFrom || isKept(entry)))
    expect(found.length).toBeLessThan(journal.length * 0.8)
    expectRows(store, journal)
    store.close()
    for (const how of ['everything', 'full', 'head'] as const) expect(verify(path, how)).not.toThrow()
  })

  test('goes on from its last checkpoint exactly as from the first entry', () => {
    const path = written(undefined, journal.slice(0, 620))
    const store = reading(path)
    const { seq, hash } = store.checkpoint!()!
    expect([seq > 550, hash]).toEqual([true, journal[seq - 1]!.hash])
    for (let at = 620; at < journal.length; at += 7) store.append(journal.slice(at, at + 7), { lastSeq: at, notHalted: false })
    expectRows(store, journal)
    store.close()
    expect(verify(path, 'everything')).not.toThrow()
  })

  test('a file of before there were checkpoints gets smaller with the next ones', () => {
    const path = written({ retention: { checkpointEvery: 10_000 } })
    const before = reading(path).close()
    expect(before).toBeUndefined()
    const store = reading(path)
    expect([store.checkpoint!(), store.completeFrom]).toEqual([undefined, 1])
    let head = journal.at(-1)!
    for (let i = 0; i < 130; i++) {
      head = nextEntry(head, (head.atMs + 60_000) as EpochMs, 'alert', { code: 'X', severity: 'info', detail: '' })
      store.append([head])
    }
    expect(store.completeFrom).toBeGreaterThan(journal.length)
    expect(store.read({ limit: 10_000 }).filter(({ seq }) => seq <= journal.length)).toEqual(journal.filter(isKept))
    store.close()
    expect(verify(path, 'everything')).not.toThrow()
  })

  test('keeps everything when told so, and in a backtest', () => {
    const kept = reading(written({ retention: { ...tight, keepDays: Number.POSITIVE_INFINITY } }))
    expect([kept.read({ limit: 10_000 }).length, kept.completeFrom, kept.checkpoint!() === undefined]).toEqual([690, 1, false])
    kept.close()
    const path = newFile()
    const factory = sqliteStore(path, { retention: tight })
    const backtest = factory.open({ environment: 'backtest' })
    backtest.append(journal)
    expect([backtest.read({ limit: 10_000 }).length, backtest.checkpoint!()]).toEqual([690, undefined])
    backtest.close()
  })

  test('[row 96] a year of decisions takes no more room than a month of them', () => {
    const path = newFile()
    const store = sqliteStore(path, { retention: { keepDays: 30, checkpointEvery: 100 } }).open(paper)
    let head = journal.at(-1)!
    store.append(journal)
    const sizes: number[] = []
    for (let day = 0; day < 365; day++) {
      const batch = Array.from({ length: 20 }, (_, i) => {
        const atMs = head.atMs + DAY_MS / 20
        head = nextEntry(head, atMs as EpochMs, 'blockerChanged', { changes: [['btc', atMs, 'denied', 'COOLDOWN', i % 2 === 0 ? 'buy' : 'sell', null]] })
        return head
      })
      store.append(batch)
      sizes.push(store.read({ limit: 100_000 }).length)
    }
    const kept = journal.filter(isKept).length
    // Thirty days, and what stands between two checkpoints.
    expect(Math.max(...sizes.slice(60))).toBeLessThan(kept + 20 * 30 + 3 * 100 + journal.length)
    expect(sizes.at(-1)).toBeLessThanOrEqual(kept + 20 * 30 + 2 * 100)
    store.close()
    const bytes = statSync(path).size
    expect(verify(path, 'everything')).not.toThrow()
    expect(bytes).toBeLessThan(1_500_000)
  })

  test('refuses numbers that make no sense', () => {
    expect(() => sqliteStore(newFile(), { retention: { keepDays: 0 } })).toThrow('retention.keepDays: expected a number of days above 0, received 0')
    expect(() => sqliteStore(newFile(), { retention: { checkpointEvery: 0.5 } })).toThrow('retention.checkpointEvery: expected a whole number')
  })
})

describe('damage behind a checkpoint is found', () => {
  const last = 'seq = (SELECT max(seq) FROM checkpoints)'
  test.each([
    [
      'a changed state',
      `UPDATE checkpoints SET core = replace(core, '"total":"9', '"total":"8') WHERE ${last}`,
      'the state of the checkpoint at journal entry',
    ],
    ['a lost state', `UPDATE checkpoints SET core = NULL WHERE ${last}`, 'does not match its hash'],
    [
      'a changed part',
      `UPDATE checkpoints SET grown = replace(grown, 'filled', 'killed') WHERE seq = (SELECT min(seq) FROM checkpoints)`,
      'added does not match its hash',
    ],
    ['a missing checkpoint', `DELETE FROM checkpoints WHERE seq = (SELECT min(seq) FROM checkpoints)`, 'does not match its hash'],
    ['a changed list', `UPDATE checkpoints SET let_go = '[' WHERE ${last}`, 'does not match its hash'],
    ['a changed row of what is', `UPDATE positions SET quantity = '7' WHERE bot_id = 'eth'`, 'projection positions, key "eth": quantity is "7"'],
    [
      'a changed row of the last orders',
      `UPDATE orders SET state = 'open' WHERE client_order_id = (SELECT client_order_id FROM orders ORDER BY intent_no DESC LIMIT 1)`,
      'projection orders',
    ],
    ['an order too few', `DELETE FROM orders WHERE intent_no = 1`, 'refers to a row of orders that is not there'],
    ['a fill too few', `DELETE FROM fills WHERE client_order_id = 'sample-0-buy'`, 'projection fills has'],
    ['a missing entry of the tail', 'DELETE FROM journal WHERE seq = 689', 'journal entry 689 is missing'],
    ['a tail that is gone', `DELETE FROM journal WHERE seq > (SELECT max(seq) FROM checkpoints)`, 'projection orders has 72 rows, the journal gives 68'],
  ])('%s', (_, sql, message) => {
    const path = written()
    change(path, sql)
    expectRefusal(verify(path, 'full'), 'STORE_CORRUPT', message)
  })

  test.each([
    ['a changed amount', `UPDATE journal SET data = replace(data, '"100000"', '"900000"') WHERE seq = 3`, 'are not those that its checkpoint counted as kept'],
    ['a missing fill', `DELETE FROM journal WHERE seq = 10`, 'are not those that its checkpoint counted as kept'],
    ['an old row', `UPDATE fills SET price = '1' WHERE fill_id = 'sample-0-buy-1'`, 'projection fills, key "sample-0-buy-1": price is "1"'],
    [
      'an entry that may still not go',
      `DELETE FROM journal WHERE type = 'blockerChanged' AND seq > (SELECT max(seq) FROM checkpoints WHERE pruned = 1) AND seq <= (SELECT max(seq) FROM checkpoints)`,
      'is missing',
    ],
    [
      'a changed entry that may still not go',
      `UPDATE journal SET at_ms = at_ms + 1 WHERE type = 'confirmation' AND seq > (SELECT max(seq) FROM checkpoints WHERE pruned = 1) AND seq <= (SELECT max(seq) FROM checkpoints)`,
      'does not match its hash',
    ],
  ])('%s, by everything: a start does not build on it', (_, sql, message) => {
    // A tail without those types: the last checkpoint stands at the end.
    const path = written({ retention: { ...tight, checkpointEvery: 70 } })
    change(path, sql)
    expect(verify(path, 'full')).not.toThrow()
    expectRefusal(verify(path, 'everything'), 'STORE_CORRUPT', message)
  })
})

test('a checkpoint that cannot be written ends the journal, and the file is as before it', () => {
  const path = newFile()
  let full = false
  const store = sqliteStore(path, {
    retention: tight,
    at: (point, action) => {
      if (point === 'store:checkpoint' && full) throw new Error('database or disk is full')
      return action()
    },
  }).open(paper)
  store.append(journal.slice(0, 40))
  full = true
  expectRefusal(
    () => store.append(journal.slice(40, 60)),
    'JOURNAL_FAILED',
    'the journal took entries up to 60, and its checkpoint could not be written: database or disk is full',
  )
  expect([store.lastSeq(), store.checkpoint!()]).toEqual([60, undefined])
  full = false
  // Tried again with the next batch, from a fold of what is there.
  store.append(journal.slice(60, 70))
  expect(store.checkpoint!()!.seq).toBe(70)
  expectRows(store, journal.slice(0, 70))
  store.close()
  expect(verify(path, 'everything')).not.toThrow()
  expect(readFileSync(path).length).toBeGreaterThan(0)
})

test('projections of an older release are made anew although old entries are gone', () => {
  const path = written()
  change(
    path,
    `${[...projectionTables]
      .reverse()
      .map(({ name }) => `DROP TABLE ${name};`)
      .join(' ')} CREATE TABLE fills (id TEXT) STRICT; UPDATE meta SET value = '[{"name":"fills"}]' WHERE key = 'projections'`,
  )
  const store = reading(path)
  expectRows(store, journal)
  store.close()
  expect(verify(path, 'everything')).not.toThrow()
})
