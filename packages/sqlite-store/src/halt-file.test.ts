import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { expectRefusal } from '../test/expect-refusal.ts'
import { temporaryFiles } from '../test/temporary-folder.ts'
import { clearHalt, haltFilePath, readHalt, writeHalt } from './halt-file.ts'
import { sqliteStore } from './sqlite-store.ts'

const paper = { environment: 'paper' } as const
const newFile = temporaryFiles()

test('a stop is asked for, seen, acknowledged and taken back', () => {
  const path = newFile()
  const store = sqliteStore(path).open(paper)
  expect([readHalt(path), store.halt?.requested()]).toEqual([undefined, undefined])

  const beforeMs = Date.now()
  writeHalt(path, 'prices look wrong')
  const request = readHalt(path)!
  expect(store.halt?.requested()).toEqual(request)
  expect(request.reason).toBe('prices look wrong')
  expect(request.atMs).toBeGreaterThanOrEqual(beforeMs)
  expect(statSync(haltFilePath(path)).mode & 0o777).toBe(0o600)

  store.halt?.acknowledge(1_234)
  expect(readHalt(path)).toEqual({ ...request, acknowledgedAtMs: 1_234 })
  store.halt?.acknowledge(5_678)
  expect(readHalt(path)).toHaveProperty('acknowledgedAtMs', 1_234)
  writeHalt(path, 'again')
  expect(readHalt(path)).not.toHaveProperty('acknowledgedAtMs')

  store.halt?.clear()
  expect([readHalt(path), store.halt?.requested()]).toEqual([undefined, undefined])
  store.halt?.clear()
  store.halt?.acknowledge(1)
  expect(readHalt(path)).toBeUndefined()
  store.close()
  expect(readdirSync(dirname(path))).toEqual(['trader.db', 'trader.db.high-water'])
})

test('a stop asked for while nothing ran is reported by the next open', () => {
  const path = newFile()
  writeHalt(path, 'before the start')
  const store = sqliteStore(path).open(paper)
  expect(store.halt?.requested()).toMatchObject({ reason: 'before the start' })
  store.close()
  expect(readHalt(path)).toMatchObject({ reason: 'before the start' })
  clearHalt(path)
  expect(readHalt(path)).toBeUndefined()
})

test.each([
  ['an empty file', '', 'no reason given'],
  ['a sentence', 'stop it!\n', 'stop it!'],
  ['other JSON', '{"why":1}', '{"why":1}'],
  ['null', 'null', 'null'],
  ['a long text', 'x'.repeat(1_000), 'x'.repeat(200)],
])('%s made by hand counts as a stop', (_, content, reason) => {
  const path = newFile()
  writeFileSync(haltFilePath(path), content)
  expect(readHalt(path)).toEqual({ reason, atMs: Math.trunc(statSync(haltFilePath(path)).mtimeMs) })
})

test('a halt file that cannot be read counts as a stop', () => {
  const path = newFile()
  mkdirSync(haltFilePath(path))
  expect(readHalt(path)).toMatchObject({ reason: 'no reason given' })
})

test('has no place for a store in memory or a folder that does not exist', () => {
  expect(() => writeHalt(':memory:', 'x')).toThrow('expected the path of a file, received :memory:')
  expectRefusal(() => writeHalt(`${newFile()}/trader.db`, 'x'), 'JOURNAL_FAILED', '')
  const store = sqliteStore(':memory:').open(paper)
  expect(store).not.toHaveProperty('halt')
  store.close()
})
