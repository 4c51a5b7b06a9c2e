import { copyFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createProjector, sha256Hex, straightOn } from '@millrace/core'
import type { JournalEntry, JournalTail } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { nextEntry } from '../../core/src/testing/sample-journal.ts'
import { expectRefusal } from '../test/expect-refusal.ts'
import { inMemory, temporaryFiles } from '../test/temporary-folder.ts'
import { betterSqlite3 } from './driver.ts'
import { openHighWater, readHighWater } from './high-water.ts'
import { sqliteStore } from './sqlite-store.ts'

const journal = sampleJournal(80)
const paper = { environment: 'paper' } as const
const newFile = temporaryFiles(inMemory)

/** A store that was killed after `appended` one-entry commits: file, log and high-water file. */
function killed(appended = 40): string {
  const path = newFile()
  const store = sqliteStore(path).open(paper)
  for (const entry of journal.slice(0, appended)) store.append([entry])
  const copy = newFile()
  for (const suffix of ['', '-wal', '.high-water']) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
  store.close()
  return copy
}

/** Takes the last commits out of the log. */
function cut(path: string, bytes = 20_000): void {
  const log = readFileSync(`${path}-wal`)
  writeFileSync(`${path}-wal`, log.subarray(0, log.length - bytes))
}

function opened(path: string): { readonly tail: JournalTail | undefined; readonly lastSeq: number } {
  const store = sqliteStore(path).open(paper)
  const found = { tail: store.tail, lastSeq: store.lastSeq() }
  store.close()
  return found
}

const lossOf = (last: JournalEntry, upTo: number): JournalEntry =>
  nextEntry(last, last.atMs, 'tailLost', { entries: upTo - last.seq, upTo, hash: journal[upTo - 1]!.hash, intentNo: 5_000 })

/** A slot of the file, by hand. */
const slot = (body: string): string => `${`${body} ${sha256Hex(body).slice(0, 16)}`.padEnd(255)}\n`

describe('the high-water file of a store', () => {
  test('stands where the journal stands, also after a kill, and is readable', () => {
    const path = killed()
    expect(readHighWater(path)).toMatchObject({ seq: 40, hash: journal[39]!.hash })
    expect(readFileSync(`${path}.high-water`, 'latin1')).toMatch(/^v2 (39|40) [0-9a-f]{64} [0-9a-f]{64} on 4 [0-9a-f]{16} +\nv2 (39|40) /)
    expect(opened(path)).toEqual({ tail: { state: 'whole' }, lastSeq: 40 })
  })

  test('may lag one commit behind', () => {
    const path = killed()
    const before = readFileSync(`${path}.high-water`)
    const store = sqliteStore(path).open(paper)
    store.append(journal.slice(40, 60))
    store.close()
    writeFileSync(`${path}.high-water`, before)
    expect(opened(path)).toEqual({ tail: { state: 'whole' }, lastSeq: 60 })
  })

  test('[fault 44] tells of a log that was cut, until the loss is written down', () => {
    const path = killed()
    cut(path)
    const store = sqliteStore(path).open(paper)
    const last = store.read({ limit: 100 }).at(-1)!
    expect(last.seq).toBeLessThan(40)
    expect(store.tail).toEqual({ state: 'lost', entries: 40 - last.seq, upTo: 40, hash: journal[39]!.hash, halted: false, intentNo: 4 })
    expectRefusal(() => store.append([nextEntry(last, last.atMs, 'latch', { state: 'active', reason: 'resume', untilMs: null })]), 'JOURNAL_FAILED', 'tailLost')
    store.close()
    expect(opened(path).tail).toMatchObject({ state: 'lost' })

    const again = sqliteStore(path).open(paper)
    const loss = lossOf(last, 40)
    expect(again.append([loss])).toBe('ok')
    expect(again.append([nextEntry(loss, loss.atMs, 'latch', { state: 'active', reason: 'resume', untilMs: null })])).toBe('ok')
    again.close()
    expect(opened(path)).toEqual({ tail: { state: 'whole' }, lastSeq: last.seq + 2 })
  })

  test('[fault 44] knows a loss that is written down again when the process died before the mark was lowered', () => {
    const path = killed()
    cut(path)
    const mark = readFileSync(`${path}.high-water`)
    const store = sqliteStore(path).open(paper)
    const last = store.read({ limit: 100 }).at(-1)!
    const entries = [lossOf(last, 40)]
    // The run that found it wrote more than was lost before it was killed.
    while (entries.at(-1)!.seq < 45) entries.push(nextEntry(entries.at(-1)!, last.atMs, 'latch', { state: 'active', reason: 'resume', untilMs: null }))
    store.append(entries)
    store.close()
    writeFileSync(`${path}.high-water`, mark)
    expect(opened(path)).toEqual({ tail: { state: 'whole' }, lastSeq: 45 })
  })

  test('[fault 44] finds a loss that is written down once, also when the process died before it had written as much as it lost', () => {
    const path = killed()
    cut(path)
    const mark = readFileSync(`${path}.high-water`)
    const store = sqliteStore(path).open(paper)
    const last = store.read({ limit: 100 }).at(-1)!
    const loss = lossOf(last, 40)
    store.append([loss])
    store.close()
    writeFileSync(`${path}.high-water`, mark)
    expect(opened(path)).toEqual({ tail: { state: 'whole' }, lastSeq: loss.seq })
    // And stands where the journal stands from then on: what is lost now is a loss of its own.
    copyFileSync(path, `${path}.kept`)
    const again = sqliteStore(path).open(paper)
    const next = nextEntry(loss, loss.atMs, 'latch', { state: 'active', reason: 'resume', untilMs: null })
    again.append([next])
    again.close()
    copyFileSync(`${path}.kept`, path)
    expect(opened(path).tail).toMatchObject({ state: 'lost', entries: 1, upTo: next.seq, intentNo: 5_000 })
  })

  test('[fault 46] tells of an older file that was put in place of the one it belongs to', () => {
    const path = newFile()
    const store = sqliteStore(path).open(paper)
    store.append(journal.slice(0, 30))
    store.close()
    copyFileSync(path, `${path}.yesterday`)
    const today = sqliteStore(path).open(paper)
    today.append(journal.slice(30, 70))
    today.close()
    copyFileSync(`${path}.yesterday`, path)
    expect(opened(path).tail).toMatchObject({ state: 'lost', entries: 40, upTo: 70 })
  })

  test('[row 60] can be deleted: what is lost is only the knowledge', () => {
    const path = killed()
    rmSync(`${path}.high-water`)
    // A process that dies before it has written that down must not take it with it.
    for (const _ of [1, 2]) expect(opened(path)).toEqual({ tail: { state: 'unknown' }, lastSeq: 40 })
    const store = sqliteStore(path).open(paper)
    store.append(journal.slice(40, 41))
    store.close()
    expect(opened(path)).toEqual({ tail: { state: 'whole' }, lastSeq: 41 })
  })

  test('refuses a new store where one went missing', () => {
    const path = killed()
    for (const suffix of ['', '-wal']) rmSync(`${path}${suffix}`)
    expectRefusal(() => opened(path), 'STORE_CORRUPT', `${path} is missing or empty, and its high-water file says that it held 40 entries. Restore a backup`)
    writeFileSync(path, '')
    expectRefusal(() => opened(path), 'STORE_CORRUPT', 'is missing or empty')
    rmSync(`${path}.high-water`)
    expect(opened(path)).toEqual({ tail: { state: 'whole' }, lastSeq: 0 })
  })

  test('a start that was killed before anything was written is no store that went missing', () => {
    const path = newFile()
    openHighWater(path, 'id', { seq: 0, hash: '0'.repeat(64), halted: false, intentNo: 3 }, straightOn).close()
    writeFileSync(path, '')
    rmSync(`${path}.high-water`)
    expect(opened(path).tail).toEqual({ state: 'whole' })
  })

  test('refuses the file of another store, another history, and one that cannot be read', () => {
    const [path, other] = [killed(), killed()]
    copyFileSync(`${other}.high-water`, `${path}.high-water`)
    expectRefusal(() => opened(path), 'STORE_MISMATCH', `${path}.high-water belongs to another store than ${path}`)

    const mark = (seq: number, hash: string): void => {
      const db = betterSqlite3()(other)
      const { value } = db.prepare(`SELECT value FROM meta WHERE key = 'storeId'`).get() as { value: string }
      db.close()
      rmSync(`${other}.high-water`)
      const writer = openHighWater(other, value, { seq, hash, halted: false, intentNo: 3 }, straightOn)
      writer.write({ seq, hash, halted: false, intentNo: 4 })
      writer.close()
    }
    for (const seq of [40, 12]) {
      mark(seq, '1'.repeat(64))
      expectRefusal(() => opened(other), 'STORE_CORRUPT', `journal entry ${seq} is not the one that its high-water file names`)
      mark(seq, journal[seq - 1]!.hash)
      expect(opened(other).tail).toEqual({ state: 'whole' })
    }
    writeFileSync(`${other}.high-water`, 'x'.repeat(512))
    expectRefusal(() => opened(other), 'STORE_CORRUPT', 'cannot be read')
    expect(existsSync(`${other}.lock`)).toBe(false)
  })

  test('a write that was torn anywhere leaves the mark before', () => {
    const path = newFile()
    const writer = openHighWater(path, 'id', { seq: 7, hash: 'a'.repeat(64), halted: false, intentNo: 3 }, straightOn)
    writer.write({ seq: 8, hash: 'b'.repeat(64), halted: true, intentNo: 4 })
    const before = readFileSync(`${path}.high-water`)
    writer.write({ seq: 9, hash: 'c'.repeat(64), halted: false, intentNo: 4 })
    const after = readFileSync(`${path}.high-water`)
    writer.close()
    const store = sha256Hex('id')
    for (let bytes = 0; bytes <= 512; bytes++) {
      writeFileSync(`${path}.high-water`, Buffer.concat([after.subarray(0, bytes), before.subarray(bytes)]))
      const seq = Buffer.concat([after.subarray(0, bytes), before.subarray(bytes)]).equals(after) ? 9 : 8
      expect(readHighWater(path)).toEqual({ seq, hash: (seq === 9 ? 'c' : 'b').repeat(64), store, halted: seq === 8, intentNo: 4 })
    }
    // And goes on from there, over the torn slot.
    truncateSync(`${path}.high-water`, 300)
    const next = openHighWater(path, 'id', { seq: 0, hash: '', halted: false, intentNo: 3 }, straightOn)
    next.write({ seq: 10, hash: 'd'.repeat(64), halted: false, intentNo: 4 })
    next.close()
    expect(readHighWater(path)).toMatchObject({ seq: 10 })
  })

  test('that cannot be written ends the journal: entries are there, and nobody is told that all is well', () => {
    const path = newFile()
    let broken = false
    const store = sqliteStore(path, {
      at: (point, action) => {
        if (point === 'store:high-water' && broken) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
        return action()
      },
    }).open(paper)
    broken = true
    expectRefusal(() => store.append(journal.slice(0, 3)), 'JOURNAL_FAILED', 'the journal took entries up to 3, and its high-water file could not be written')
    expect(store.lastSeq()).toBe(3)
    store.close()
    expect(opened(path)).toEqual({ tail: { state: 'whole' }, lastSeq: 3 })
  })

  test('says with every entry whether trading is halted behind it, and how many orders there were', () => {
    const path = newFile()
    const store = sqliteStore(path).open(paper)
    const projector = createProjector()
    const seen = new Set<boolean>()
    for (const entry of sampleJournal(150)) {
      store.append([entry])
      projector.apply(entry)
      seen.add(projector.halted)
      expect(readHighWater(path)).toMatchObject({ seq: entry.seq, halted: projector.halted, intentNo: projector.intentNo })
    }
    store.close()
    expect(seen.size).toBe(2)
  })

  test('of the form before, which does not say that, is read as not known and goes over to this one, wherever the write is torn', () => {
    const path = killed()
    const { store: id } = readHighWater(path)!
    const older = Buffer.from([39, 40].map((seq) => slot(`${seq} ${journal[seq - 1]!.hash} ${id}`)).join(''))
    writeFileSync(`${path}.high-water`, older)
    expect(readHighWater(path)).toEqual({ seq: 40, hash: journal[39]!.hash, store: id, halted: undefined, intentNo: undefined })
    expect(opened(path)).toEqual({ tail: { state: 'whole' }, lastSeq: 40 })
    const store = sqliteStore(path).open(paper)
    store.append(journal.slice(40, 41))
    store.close()
    const newer = readFileSync(`${path}.high-water`)
    expect(readHighWater(path)).toMatchObject({ seq: 41, halted: false })
    for (let bytes = 0; bytes < 256; bytes++) {
      const torn = Buffer.concat([newer.subarray(0, bytes), older.subarray(bytes)])
      writeFileSync(`${path}.high-water`, torn)
      expect(readHighWater(path)).toMatchObject(torn.equals(newer) ? { seq: 41, halted: false } : { seq: 40, halted: undefined })
    }

    // With its end lost, the store hands over that it does not know.
    const behind = killed()
    cut(behind)
    const mark = readHighWater(behind)!
    writeFileSync(`${behind}.high-water`, slot(`${mark.seq} ${mark.hash} ${mark.store}`).repeat(2))
    const { tail, lastSeq } = opened(behind)
    expect(tail).toStrictEqual({ state: 'lost', entries: 40 - lastSeq, upTo: 40, hash: journal[39]!.hash })
  })

  test('with a slot that cannot be read does not say that trading goes on: the other slot may have said that it is halted', () => {
    const path = newFile()
    const writer = openHighWater(path, 'id', { seq: 7, hash: 'a'.repeat(64), halted: false, intentNo: 3 }, straightOn)
    for (const seq of [7, 8]) writer.write({ seq, hash: String(seq).repeat(64), halted: false, intentNo: 4 })
    const [newer, older] = [readFileSync(`${path}.high-water`).subarray(0, 256), readFileSync(`${path}.high-water`).subarray(256)]
    expect(readHighWater(path)).toMatchObject({ seq: 8, halted: false })
    for (const [slots, seq] of [
      [[newer, Buffer.alloc(256)], 8],
      [[Buffer.alloc(256), older], 7],
    ] as const) {
      writeFileSync(`${path}.high-water`, Buffer.concat(slots))
      expect(readHighWater(path)).toMatchObject({ seq, halted: undefined })
    }
    // What it says of a halt stands all the same.
    writer.write({ seq: 9, hash: 'c'.repeat(64), halted: true, intentNo: 4 })
    writer.close()
    writeFileSync(`${path}.high-water`, Buffer.concat([Buffer.alloc(256), readFileSync(`${path}.high-water`).subarray(256)]))
    expect(readHighWater(path)).toMatchObject({ seq: 9, halted: true })
  })

  test.each(['halt', 'HALTED', '', 'on on'])('takes no slot that says %j where it says whether trading was halted', (word) => {
    const path = killed()
    const { seq, hash, store } = readHighWater(path)!
    writeFileSync(`${path}.high-water`, slot(`v2 ${seq} ${hash} ${store} ${word} 4`).repeat(2))
    expectRefusal(() => opened(path), 'STORE_CORRUPT', 'cannot be read')
  })
})
