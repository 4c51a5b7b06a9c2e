import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { expectRefusal } from '../test/expect-refusal.ts'
import { temporaryFiles } from '../test/temporary-folder.ts'
import { lockFilePath, lockHolder, takeLock } from './lock-file.ts'

const newFile = temporaryFiles()
const written = (path: string): Record<string, unknown> => JSON.parse(readFileSync(`${path}.lock`, 'utf8')) as Record<string, unknown>
const lock = (path: string, content: object): void => writeFileSync(`${path}.lock`, JSON.stringify(content))

/** A process id that belonged to a process a moment ago. */
const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid

test('names the process that holds a database, and gives it back', () => {
  const path = newFile()
  expect(lockHolder(path)).toBeUndefined()
  const release = takeLock(path)
  expect(lockHolder(path)).toEqual({ pid: process.pid, startedAtMs: Math.round(performance.timeOrigin) })
  expect(written(path)).toMatchObject({ pid: process.pid, startedAtMs: Math.round(performance.timeOrigin) })
  expect(lockFilePath(path)).toBe(`${path}.lock`)
  expectRefusal(() => takeLock(path), 'STORE_LOCKED', '')
  release()
  expect(existsSync(`${path}.lock`)).toBe(false)
  takeLock(path)()
})

test('takes over the lock of a process that is gone', () => {
  const path = newFile()
  lock(path, { pid: deadPid(), startedAtMs: 1 })
  expect(lockHolder(path)).toBeUndefined()
  const release = takeLock(path)
  expect(written(path)['pid']).toBe(process.pid)
  release()
})

test('respects the lock of a live process, of whomever', () => {
  const path = newFile()
  lock(path, { pid: 1, startedAtMs: 1 })
  expect(lockHolder(path)).toEqual({ pid: 1, startedAtMs: 1 })
  expect(() => takeLock(path)).toThrow(`${path} is in use by process 1, running since 1970-01-01T00:00:00.001Z: one engine at a time`)
})

test.runIf(process.platform === 'linux')('is not deceived by a process id that was used again', () => {
  const path = newFile()
  lock(path, { pid: process.pid, startedAtMs: 1, birth: 'another boot/1' })
  expect(lockHolder(path)).toBeUndefined()
  takeLock(path)()
  lock(path, { pid: 1, startedAtMs: 1, birth: 'another boot/1' })
  expect(lockHolder(path)).toBeUndefined()
})

test.each(['', 'not a lock', '{}', 'null', '{"pid":0,"startedAtMs":1}', '{"pid":7}'])('does not take %j for a free lock', (content) => {
  const path = newFile()
  writeFileSync(`${path}.lock`, content)
  expectRefusal(() => lockHolder(path), 'STORE_LOCKED', `the lock file ${path}.lock cannot be read: delete it when no engine runs on this database`)
  expect(() => takeLock(path)).toThrow('cannot be read')
})

test('gives back only what it holds', () => {
  const path = newFile()
  const release = takeLock(path)
  lock(path, { pid: 1, startedAtMs: 1 })
  release()
  expect(written(path)).toEqual({ pid: 1, startedAtMs: 1 })
})

test('a link to a database has the lock of the database', () => {
  const path = newFile()
  writeFileSync(path, '')
  const link = join(dirname(newFile()), 'link.db')
  symlinkSync(path, link)
  expect(lockFilePath(link)).toBe(`${path}.lock`)
  expect(() => lockFilePath(':memory:')).toThrow('expected the path of a file, received :memory:')
})
