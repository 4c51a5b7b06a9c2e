import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleJournal } from '@millrace/core/testing'
import { sqliteStore } from '@millrace/sqlite-store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'

let folder: string
let db: string
let file: string
const journal = sampleJournal(120)
const paper = { environment: 'paper' } as const

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-backup-'))
  db = join(folder, 'trader.db')
  file = join(folder, 'backup.db')
  const store = sqliteStore(db).open(paper)
  store.append(journal.slice(0, 80))
  store.close()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const terminal = capturedTerminal()
  const code = await main(argv, terminal)
  return { code, out: terminal.stdout(), err: terminal.stderr() }
}

async function json(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await run(...argv, '--json')
  expect([code, err]).toEqual([0, ''])
  return JSON.parse(out) as Record<string, unknown>
}

describe('millrace backup, restore and verify', () => {
  it('copies a database while its engine holds it, and says what the copy holds', async () => {
    const store = sqliteStore(db).open(paper)
    store.append(journal.slice(80, 90))
    expect(await json('backup', db, file)).toMatchObject({
      db,
      file,
      environment: 'paper',
      schema: 2,
      lastSeq: 90,
      hash: journal[89]!.hash,
      checked: 'everything',
    })
    store.append(journal.slice(90))
    store.close()
    const { code, out } = await run('verify', file)
    expect([code, out]).toEqual([0, expect.stringMatching(/entries +up to 90\n[^]*checked +pages, chain, checkpoints, and every row/) as string])
    expect(await json('verify', db)).toMatchObject({ db, lastSeq: 120 })
    expect(await json('verify', '--db', db)).toMatchObject({ db, lastSeq: 120 })
  })

  it('[fault 46] puts a backup back, keeps what was there, and says what it lacks', async () => {
    await json('backup', db, file)
    const store = sqliteStore(db).open(paper)
    store.append(journal.slice(80))
    store.close()
    const today = readFileSync(db)
    const refused = await run('restore', file, db)
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('is there already: with --replace it is kept beside the restored one') as string])
    const { code, out } = await run('restore', file, db, '--replace')
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/kept +what was there is now .*before-restore\nlacks +40 entries that the database once had\n/) as string,
    ])
    expect(readFileSync(`${db}.before-restore`)).toEqual(today)
    const restored = sqliteStore(db).open(paper)
    expect([restored.lastSeq(), restored.tail]).toMatchObject([80, { state: 'lost', entries: 40 }])
    restored.close()
    expect(await json('restore', file, join(folder, 'new.db'))).toMatchObject({ drill: false, lastSeq: 80 })
    expect((await run('restore', file, join(folder, 'newer.db'))).out).toMatch(/lacks +nobody knows, nor whether an emergency stop is in it/)
  })

  it('[fault 46] says when an emergency stop came after the backup: the next start is halted', async () => {
    await json('backup', db, file)
    const store = sqliteStore(db).open(paper)
    const stop = journal.findIndex(({ type, data }) => type === 'latch' && (data as { readonly reason: string }).reason === 'emergencyStop')
    store.append(journal.slice(80, stop + 1))
    store.close()
    expect((await run('restore', file, db, '--replace')).out).toMatch(/lacks +\d+ entries[^]*trading +was halted in what it lacks/)
    expect(await json('restore', file, db, '--replace')).toMatchObject({ behind: stop - 79, halts: true })
  })

  it('tries a backup without putting it anywhere', async () => {
    await json('backup', db, file)
    const before = readFileSync(file)
    const result = await json('restore', file, '--drill')
    expect(result).toMatchObject({ drill: true, file, lastSeq: 80, checked: 'everything' })
    expect(result).not.toHaveProperty('db')
    expect(readFileSync(file)).toEqual(before)
    const { code, err } = await run('restore', file, db, '--drill')
    expect([code, err]).toEqual([2, expect.stringContaining('say where to put the backup, or --drill') as string])
    expect((await run('restore', file)).code).toBe(2)
  })

  it('refuses what is not there, what is damaged, and a database in use', async () => {
    for (const argv of [
      ['backup', `${db}.gone`, file],
      ['restore', `${file}.gone`, db],
      ['verify', `${db}.gone`],
    ])
      expect(await run(...argv)).toMatchObject({ code: 3, out: '', err: expect.stringContaining('there is no') as string })
    await json('backup', db, file)
    const store = sqliteStore(db).open(paper)
    expect(await run('restore', file, db, '--replace')).toMatchObject({ code: 3, err: expect.stringContaining('STORE_LOCKED') as string })
    store.close()
    writeFileSync(file, readFileSync(file).fill(0xa5, 8_192, 12_288))
    for (const argv of [
      ['verify', file],
      ['restore', file, '--drill'],
      ['restore', file, db, '--replace'],
    ])
      expect(await run(...argv)).toMatchObject({ code: 3, out: '', err: expect.stringContaining('STORE_CORRUPT') as string })
    expect(existsSync(`${db}.before-restore`)).toBe(false)
  })
})
