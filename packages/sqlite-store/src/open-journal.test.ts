import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sampleJournal } from '@millrace/core/testing'
import { openJournal } from './open-journal.ts'
import { sqliteStore } from './sqlite-store.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-reader-'))
  file = join(folder, 'trader.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const entries = sampleJournal(20)

function filled(): ReturnType<ReturnType<typeof sqliteStore>['open']> {
  const store = sqliteStore(file).open({ environment: 'paper' })
  store.append(entries.slice(0, 10))
  return store
}

describe('openJournal', () => {
  it('reads while an engine has the file, and sees what it writes', () => {
    const store = filled()
    const journal = openJournal(file)
    expect(journal.identity).toEqual(store.identity)
    expect(journal.read({ limit: 100 })).toEqual(entries.slice(0, 10))
    store.append(entries.slice(10))
    expect(journal.read({ afterSeq: 10, limit: 100 })).toEqual(entries.slice(10))
    journal.close()
    store.append([])
    store.close()
  })
  it('reads a file that nobody has, and changes nothing', () => {
    filled().close()
    const before = readFileSync(file)
    const journal = openJournal(file)
    expect(journal.read({ types: [entries[0]!.type], limit: 1 })).toEqual([entries[0]])
    journal.close()
    expect(readFileSync(file).equals(before)).toBe(true)
    // It can be opened for writing afterwards: no lock is left.
    sqliteStore(file).open({ environment: 'paper' }).close()
  })
  it('makes no file, and takes no other file for a store', () => {
    expect(() => openJournal(file)).toThrow('cannot be opened')
    expect(() => statSync(file)).toThrow('ENOENT')
    writeFileSync(file, 'something else entirely, and long enough to hold a header'.repeat(4))
    expect(() => openJournal(file)).toThrow('is not a Millrace store')
    expect(() => openJournal(folder)).toThrow('is not a Millrace store')
  })
})
