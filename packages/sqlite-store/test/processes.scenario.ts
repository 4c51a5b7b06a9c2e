import { existsSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { lockHolder, sqliteStore } from '../src/index.ts'
import { children } from './child.ts'
import { expectRefusal } from './expect-refusal.ts'
import { temporaryFiles } from './temporary-folder.ts'

const paper = { environment: 'paper' } as const
const newFile = temporaryFiles()
const start = children()

test('[row 60] [fault 39] a second process is refused, and is told which one is first', async () => {
  const path = newFile()
  const first = start('hold', path)
  await first.said(/open/)
  expect(lockHolder(path)).toMatchObject({ pid: first.pid })

  const second = start('write', path)
  expect(await second.ended).toBe(3)
  expect(second.output()).toMatch(
    new RegExp(`refused STORE_LOCKED ${path} is in use by process ${first.pid}, running since 20.* on ${hostname()}: one engine at a time`),
  )
  expectRefusal(() => sqliteStore(path).open(paper), 'STORE_LOCKED', '')
})

test('[fault 39] the lock of a killed process is gone with it, although its file is there, and the next one takes it', async () => {
  const path = newFile()
  const first = start('hold', path)
  await first.said(/open/)
  await first.kill('SIGKILL')
  expect(existsSync(`${path}.lock`)).toBe(true)
  expect(lockHolder(path)).toBeUndefined()
  const second = start('hold', path)
  await second.said(/open/)
  expect(lockHolder(path)).toMatchObject({ pid: second.pid })
})

test('of processes that find the same stale lock at the same time, one gets it', async () => {
  for (let round = 0; round < 3; round++) {
    const path = newFile()
    const holder = start('hold', path)
    await holder.said(/open/)
    await holder.kill('SIGKILL')
    const rivals = Array.from({ length: 4 }, () => start('hold', path))
    await Promise.all(rivals.map((rival) => rival.said(/open|refused/)))
    const winners = rivals.filter((rival) => rival.output().startsWith('open'))
    expect(winners.map((winner) => winner.pid)).toEqual([lockHolder(path)!.pid])
    for (const rival of rivals) if (!winners.includes(rival)) expect(rival.output()).toMatch(/^refused STORE_LOCKED/)
    for (const rival of rivals) await rival.kill('SIGKILL')
  }
})

test('a process on another environment or a foreign file is refused with the reason', async () => {
  const live = newFile()
  sqliteStore(live).open({ environment: 'live' }).close()
  const foreign = newFile()
  writeFileSync(foreign, 'not a database')
  for (const [path, reason] of [
    [live, `refused WRONG_ENVIRONMENT ${live} belongs to environment 'live' for good; it cannot be opened for 'paper': use another file`],
    [foreign, `refused STORE_CORRUPT ${foreign} is not a Millrace store. The file was not changed`],
  ] as const) {
    const child = start('write', path)
    expect(await child.ended).toBe(3)
    expect(child.output()).toBe(`${reason}\n`)
  }
})

test('a run of a process prints no warnings', async () => {
  const path = newFile()
  const child = start('write', path)
  await child.said(/acked 50/)
  await child.kill('SIGKILL')
  // Node 22 warns of the type stripping by which this test starts a TypeScript file; built packages have none.
  expect(child.errors().replace(/^.*ExperimentalWarning: Type Stripping.*\n\(Use `node --trace-warnings.*\n/m, '')).toBe('')
})
