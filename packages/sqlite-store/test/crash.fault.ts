import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sampleJournal } from '@millrace/core/testing'
import { sqliteStore } from '../src/index.ts'
import { children } from './child.ts'
import { temporaryFiles } from './temporary-folder.ts'

const KILLS = 20
const CUTS = 60
const paper = { environment: 'paper' } as const
const newFile = temporaryFiles()
const start = children()

/** A generator of its own: the same places on every run. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let x = seed; ;) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    yield x / 2 ** 32
  }
}

test(`[row 60] kill -9 of the writer, ${KILLS} times on one file: nothing acknowledged is lost`, async () => {
  const path = newFile()
  const random = randomNumbers(7)
  let acked = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const writer = start('write', path)
    await writer.said(/acked/)
    await new Promise((resolve) => setTimeout(resolve, random.next().value * 60))
    await writer.kill('SIGKILL')
    const last = Number(writer.output().slice(0, writer.output().lastIndexOf('\n')).split('acked ').at(-1))
    expect(last).toBeGreaterThan(acked)
    acked = last

    // Opening checks pages, chain, shapes and that the projections are those of the journal.
    const store = sqliteStore(path).open(paper)
    const seq = store.lastSeq()
    expect(seq).toBeGreaterThanOrEqual(acked)
    // The hash of the last entry stands for all before it.
    expect(store.read({ afterSeq: seq - 1, limit: 1 })).toEqual(sampleJournal(seq).slice(-1))
    store.close()
  }
}, 120_000)

test(`a log cut at any of ${CUTS} places, as by a power loss, opens as a prefix of the commits`, () => {
  const path = newFile()
  const journal = sampleJournal(150)
  const store = sqliteStore(path).open(paper)
  for (const entry of journal) store.append([entry])
  const random = randomNumbers(11)
  const log = readFileSync(`${path}-wal`)
  const lengths = Array.from({ length: CUTS }, () => Math.floor(random.next().value * log.length))
  const found = lengths.map((length) => {
    const copy = newFile()
    copyFileSync(path, copy)
    writeFileSync(`${copy}-wal`, log.subarray(0, length))
    const opened = sqliteStore(copy).open(paper)
    const entries = opened.read({ limit: 1_000 })
    opened.close()
    expect(entries).toEqual(journal.slice(0, entries.length))
    return entries.length
  })
  store.close()
  expect(statSync(path).size).toBeGreaterThan(0)
  // The cuts fell all over the journal: none of this would show anything otherwise.
  expect(new Set(found).size).toBeGreaterThan(CUTS / 3)
})
