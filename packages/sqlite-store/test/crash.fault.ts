import { readFileSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { EngineError } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { sqliteStore } from '../src/index.ts'
import { children } from './child.ts'
import { CrashedLog } from './damaged-log.ts'
import { randomNumbers } from './random-numbers.ts'
import { inMemory, temporaryFiles } from './temporary-folder.ts'

const KILLS = 20
const CUTS = 300
const FLIPS = 150
const journal = sampleJournal(150)
const paper = { environment: 'paper' } as const
const newFile = temporaryFiles()
const newFastFile = temporaryFiles(inMemory)
const start = children()

test(`[row 60] kill -9 of the writer, ${KILLS} times on one file: nothing acknowledged is lost`, async () => {
  const path = newFile()
  const random = randomNumbers(7)
  let acked = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const writer = start('write', path)
    await writer.said(/acked/)
    await new Promise((resolve) => setTimeout(resolve, random() * 60))
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

test(`[fault 43] a log cut at any of ${CUTS} places, as by a power loss, opens as a prefix of the commits, and the loss is told`, () => {
  const crashed = new CrashedLog()
  onTestFinished(() => crashed.close())
  const random = randomNumbers(11)
  const found = Array.from({ length: CUTS }, () => crashed.cut(Math.floor(random() * crashed.log.length)))
  // The cuts fell all over the journal: none of this would show anything otherwise.
  expect(new Set(found).size).toBeGreaterThan(CUTS / 5)
})

test(`[fault 44] one bit of the log flipped, ${FLIPS} times: what SQLite takes for an earlier end is noticed every time`, () => {
  const crashed = new CrashedLog()
  onTestFinished(() => crashed.close())
  const random = randomNumbers(13)
  const outcomes = { whole: 0, lost: 0, refused: 0 }
  for (let flip = 0; flip < FLIPS; flip++) outcomes[crashed.flip(Math.floor(random() * crashed.log.length), Math.floor(random() * 8))]++
  // Without the high-water file these would have been silent losses.
  expect(outcomes.lost).toBeGreaterThan(FLIPS / 2)
})

test(`[fault 44] one bit of the file flipped, ${FLIPS} times: refused, or it was in a place that nobody uses`, () => {
  const [path, copy] = [newFastFile(), newFastFile()]
  // With checkpoints, and old decisions gone.
  const store = sqliteStore(path, { retention: { keepDays: 1 / 1_440, checkpointEvery: 40 } }).open(paper)
  for (const entry of journal) store.append([entry])
  const kept = store.read({ limit: 1_000 })
  store.close()
  const [bytes, mark] = [readFileSync(path), readFileSync(`${path}.high-water`)]
  const random = randomNumbers(17)
  let refused = 0
  for (let flip = 0; flip < FLIPS; flip++) {
    const flipped = Buffer.from(bytes)
    flipped[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8)
    writeFileSync(copy, flipped)
    writeFileSync(`${copy}.high-water`, mark)
    try {
      const opened = sqliteStore(copy, { verify: 'everything' }).open(paper)
      expect(opened.read({ limit: 1_000 })).toEqual(kept)
      opened.close()
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      expect(error.code).toMatch(/^STORE_(CORRUPT|NEWER|MISMATCH)$/)
      refused++
    }
  }
  expect(refused).toBeGreaterThan(FLIPS / 4)
})
