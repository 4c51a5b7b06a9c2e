import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { EngineError } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { betterSqlite3 } from '../src/driver.ts'
import { sqliteStore } from '../src/index.ts'
import { children } from './child.ts'
import { inMemory, temporaryFiles } from './temporary-folder.ts'

const KILLS = 20
const CUTS = 300
const FLIPS = 100
const journal = sampleJournal(150)
const paper = { environment: 'paper' } as const
const newFile = temporaryFiles()
const newFastFile = temporaryFiles(inMemory)
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

/** A store of the sample journal with one commit an entry, still open; returns file and log as a crash would leave them. */
function crashed(): { readonly path: string; readonly log: Buffer; readonly commits: readonly number[]; readonly put: (log: Buffer) => string } {
  const path = newFastFile()
  const copy = newFastFile()
  const store = sqliteStore(path).open(paper)
  const commits = journal.map((entry) => {
    store.append([entry])
    return statSync(`${path}-wal`).size
  })
  onTestFinished(() => store.close())
  const [file, mark] = [readFileSync(path), readFileSync(`${path}.high-water`)]
  return {
    path,
    log: readFileSync(`${path}-wal`),
    commits,
    put(log) {
      rmSync(`${copy}-shm`, { force: true })
      writeFileSync(copy, file)
      writeFileSync(`${copy}.high-water`, mark)
      writeFileSync(`${copy}-wal`, log)
      return copy
    },
  }
}

test(`[fault 43] a log cut at any of ${CUTS} places, as by a power loss, opens as a prefix of the commits, and the loss is told`, () => {
  const { log, commits, put } = crashed()
  const random = randomNumbers(11)
  const found = Array.from({ length: CUTS }, () => {
    const length = Math.floor(random.next().value * log.length)
    const store = sqliteStore(put(log.subarray(0, length))).open(paper)
    // Exactly the commits whose last byte was there; the hash of the last entry stands for all before it.
    const seq = commits.filter((end) => end <= length).length
    expect([store.lastSeq(), store.read({ afterSeq: seq - 1, limit: 1 })]).toEqual([seq, journal.slice(Math.max(0, seq - 1), seq)])
    expect(store.tail).toEqual({ state: 'lost', entries: journal.length - seq, upTo: journal.length, hash: journal.at(-1)!.hash })
    store.close()
    return seq
  })
  // The cuts fell all over the journal: none of this would show anything otherwise.
  expect(new Set(found).size).toBeGreaterThan(CUTS / 5)
})

test(`[fault 44] one bit of the log flipped, ${FLIPS} times: what SQLite takes for an earlier end is noticed every time`, () => {
  const { log, put } = crashed()
  const random = randomNumbers(13)
  const outcomes = { whole: 0, unknown: 0, lost: 0, refused: 0 }
  for (let flip = 0; flip < FLIPS; flip++) {
    const flipped = Buffer.from(log)
    const at = Math.floor(random.next().value * log.length)
    flipped[at]! ^= 1 << Math.floor(random.next().value * 8)
    try {
      const store = sqliteStore(put(flipped)).open(paper)
      const seq = store.lastSeq()
      expect(store.read({ afterSeq: seq - 1, limit: 1 })).toEqual(journal.slice(Math.max(0, seq - 1), seq))
      outcomes[store.tail!.state]++
      expect(store.tail!.state === 'whole').toBe(seq === journal.length)
      store.close()
    } catch (error) {
      expect((error as EngineError).code).toBe('STORE_CORRUPT')
      outcomes.refused++
    }
  }
  expect(outcomes.unknown).toBe(0)
  // Without the high-water file these would have been silent losses.
  expect(outcomes.lost).toBeGreaterThan(FLIPS / 2)
})

test(`[fault 44] one bit of the file flipped, ${FLIPS} times: refused, or it was in a place that nobody uses`, () => {
  const { path } = crashed()
  const [whole, copy] = [newFastFile(), newFastFile()]
  const db = betterSqlite3()(path)
  db.exec(`VACUUM INTO '${whole}'`)
  db.close()
  const bytes = readFileSync(whole)
  const random = randomNumbers(17)
  let refused = 0
  for (let flip = 0; flip < FLIPS; flip++) {
    for (const suffix of ['-wal', '-shm', '.high-water']) rmSync(`${copy}${suffix}`, { force: true })
    const flipped = Buffer.from(bytes)
    flipped[Math.floor(random.next().value * bytes.length)]! ^= 1 << Math.floor(random.next().value * 8)
    writeFileSync(copy, flipped)
    try {
      const store = sqliteStore(copy).open(paper)
      expect(store.read({ limit: 1_000 })).toEqual(journal)
      store.close()
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      refused++
    }
  }
  expect(refused).toBeGreaterThan(FLIPS / 4)
})
