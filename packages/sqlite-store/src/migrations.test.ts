import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { At, CrashPoint } from '@millrace/core'
import { expectRefusal } from '../test/expect-refusal.ts'
import { inMemory, temporaryFiles } from '../test/temporary-folder.ts'
import { betterSqlite3 } from './driver.ts'
import { openJournal } from './open-journal.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { sqliteStore } from './sqlite-store.ts'

const paper = { environment: 'paper' } as const
const newFile = temporaryFiles(inMemory)
const folder = new URL('../test/fixtures/', import.meta.url)
const fixtures = readdirSync(folder)
  .filter((name) => /^store-v\d+\.sql$/.test(name))
  .sort()

/** A file as the release of that schema left it. */
function older(name: string): string {
  const path = newFile()
  const db = betterSqlite3()(path)
  db.exec(`PRAGMA journal_mode = WAL; BEGIN; ${readFileSync(new URL(name, folder), 'utf8')} COMMIT`)
  db.close()
  return path
}

function look<T>(path: string, sql: string): readonly T[] {
  const db = betterSqlite3()(path)
  try {
    return db.prepare(sql).all() as readonly T[]
  } finally {
    db.close()
  }
}

const versionOf = (path: string): number => look<{ readonly user_version: number }>(path, 'PRAGMA user_version')[0]!.user_version

test('there is a file of every schema that was released', () => {
  expect(fixtures).toEqual(Array.from({ length: SCHEMA_VERSION - 1 }, (_, i) => `store-v${i + 1}.sql`))
})

describe.each(fixtures)('%s', (name) => {
  test('[row 61] opens with its eleven bots, entries, rows and identity as they were, and is of today', () => {
    const path = older(name)
    const before = openJournal(path)
    const [entries, identity] = [before.read({ limit: 10_000 }), before.identity]
    before.close()
    const positions = look(path, 'SELECT * FROM positions ORDER BY bot_id')
    const store = sqliteStore(path).open(paper)
    expect(store.read({ limit: 10_000 })).toEqual(entries)
    expect(store.rows('positions')).toEqual(positions)
    expect(store.identity).toEqual({ ...identity, schema: SCHEMA_VERSION })
    expect(
      new Set(entries.flatMap(({ type, data }) => (type === 'runStarted' ? (data as { bots: { id: string }[] }).bots.map(({ id }) => id) : []))).size,
    ).toBe(11)
    expect(positions.length).toBeGreaterThan(0)
    store.close()
    expect(versionOf(path)).toBe(SCHEMA_VERSION)
    sqliteStore(path, { verify: 'everything' }).open(paper).close()
  })

  test('can be looked into before it is migrated, and stays as it is', () => {
    const path = older(name)
    const bytes = readFileSync(path)
    const journal = openJournal(path)
    expect(journal.read({ limit: 5 })).toHaveLength(5)
    journal.close()
    expect(readFileSync(path)).toEqual(bytes)
  })

  test.each(['store:migration', 'store:take-over', 'store:projections'] as const)(
    '[fault 45] a migration that ends at %s leaves the old schema or the new one',
    (place) => {
      for (const when of ['before', 'after'] as const) {
        const path = older(name)
        const old = versionOf(path)
        expect(() => sqliteStore(path, { at: dying(place, when) }).open(paper)).toThrow('died')
        const version = versionOf(path)
        expect([old, SCHEMA_VERSION]).toContain(version)
        expect(look(path, `SELECT name FROM sqlite_schema WHERE name = 'checkpoints'`)).toHaveLength(version > 1 ? 1 : 0)
        sqliteStore(path, { verify: 'everything' }).open(paper).close()
        expect(versionOf(path)).toBe(SCHEMA_VERSION)
      }
    },
  )
})

function dying(place: CrashPoint, when: 'before' | 'after'): At {
  return (point, action) => {
    if (point === place && when === 'before') throw new Error('died')
    const result = action()
    if (point === place) throw new Error('died')
    return result
  }
}

test('a step that was another one when it was taken is refused', () => {
  const path = newFile()
  sqliteStore(path).open(paper).close()
  expect(look(path, `SELECT key, length(value) AS n FROM meta WHERE key LIKE 'migration:%' ORDER BY key`)).toEqual([
    { key: 'migration:1', n: 64 },
    { key: 'migration:2', n: 64 },
  ])
  const db = betterSqlite3()(path)
  db.exec(`UPDATE meta SET value = '${'0'.repeat(64)}' WHERE key = 'migration:2'`)
  db.close()
  const before = readFileSync(path)
  expectRefusal(() => sqliteStore(path).open(paper), 'STORE_CORRUPT', `${path} was made by a build of Millrace whose migration 2 is not the released one`)
  expect(readFileSync(path)).toEqual(before)
})
