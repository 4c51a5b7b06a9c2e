import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqliteStore } from '@millrace/sqlite-store'
import type { SqliteStore } from '@millrace/sqlite-store'
import { panic } from './panic.ts'

let folder: string
let db: string
let store: SqliteStore | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-panic-'))
  db = join(folder, 'trader.db')
  writeFileSync(db, '')
})
afterEach(() => {
  store?.close()
  store = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** As a running engine: this process holds the database. */
function holdLock(): void {
  rmSync(db)
  store = sqliteStore(db).open({ environment: 'paper' })
}
const haltFile = (): Record<string, unknown> => JSON.parse(readFileSync(`${db}.halt`, 'utf8')) as Record<string, unknown>
const acknowledge = (atMs: number): void => writeFileSync(`${db}.halt`, JSON.stringify({ ...haltFile(), acknowledgedAtMs: atMs }))

describe('panic', () => {
  it('succeeds at once when no engine holds the database, and leaves the request for the next start', async () => {
    const result = await panic(db, { reason: 'prices look wrong', timeoutMs: 5000 })
    expect(result).toMatchObject({ outcome: 'notRunning', enginePid: null, acknowledgedAtMs: null })
    expect(haltFile()).toMatchObject({ reason: 'prices look wrong' })
  })
  it('succeeds when the engine confirms, and not before', async () => {
    holdLock()
    const running = panic(db, { reason: 'x', timeoutMs: 5000 })
    const early = await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 200, 'still waiting'))])
    expect(early).toBe('still waiting')
    acknowledge(1234)
    expect(await running).toMatchObject({ outcome: 'acknowledged', acknowledgedAtMs: 1234, enginePid: process.pid })
  })
  it('succeeds when the engine goes away instead of confirming', async () => {
    holdLock()
    const running = panic(db, { reason: 'x', timeoutMs: 5000 })
    store?.close()
    expect(await running).toMatchObject({ outcome: 'notRunning' })
  })
  it('is not deceived by the confirmation of an earlier stop', async () => {
    holdLock()
    writeFileSync(`${db}.halt`, JSON.stringify({ reason: 'old', atMs: 1, acknowledgedAtMs: 2 }))
    expect(await panic(db, { reason: 'new', timeoutMs: 100 })).toMatchObject({ outcome: 'unconfirmed', enginePid: process.pid })
  })
  it('does not claim success when neither was seen in time, and keeps the request', async () => {
    holdLock()
    const result = await panic(db, { reason: 'x', timeoutMs: 120 })
    expect(result).toMatchObject({ outcome: 'unconfirmed', enginePid: process.pid })
    expect(result.waitedMs).toBeGreaterThanOrEqual(120)
    expect(haltFile()).toMatchObject({ reason: 'x' })
  })
  it('does not take a lock it cannot read for a free one', async () => {
    writeFileSync(`${db}.lock`, 'not a lock')
    expect(await panic(db, { reason: 'x', timeoutMs: 100 })).toMatchObject({ outcome: 'unconfirmed', enginePid: null })
  })
  it('refuses a database that is not there, and writes nothing', async () => {
    await expect(panic(join(folder, 'typo.db'), { reason: 'x', timeoutMs: 100 })).rejects.toThrow('there is no database')
    expect(() => readFileSync(join(folder, 'typo.db.halt'))).toThrow('ENOENT')
  })
})
