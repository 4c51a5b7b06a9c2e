import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { datasetIdentity } from '@millrace/core'
import { loadPlugins } from '@millrace/core/node'
import * as bullmq from 'bullmq'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'
import { backtestSource } from '../run/backtest-source.ts'
import { Preparations } from './preparations.ts'
import { Presence } from './presence.ts'
import { loadBullMq, redisText, redisUrl } from './redis-connection.ts'
import { redisRunner } from './redis-runner.ts'
import { jobIdOf, sweepAnswerSchema, sweepJobSchema } from './sweep-job.ts'
import type { SweepJob } from './sweep-job.ts'

let folder: string
let job: SweepJob
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-sweep-'))
  mkdirSync(join(folder, 'candles'))
  const rows = Array.from({ length: 30 }, (_, i) => [1_767_225_600_000 + i * 60_000, 100, 103, 99, 100 + (i % 3), 1e6].join(','))
  writeFileSync(join(folder, 'candles/SOL-USD_1m.csv'), ['ts,open,high,low,close,volume', ...rows].join('\n'))
  writeFileSync(join(folder, 'own.mjs'), `export const never = { apiVersion: 1, id: 'x-never', check: () => 0 }\n`)
  const config = { bots: [{ id: 'sol', instrument: 'SOL-USD', strategy: 'trend-following', exits: ['./own.mjs#never'] }] }
  const settings = { data: join(folder, 'candles'), detailMs: undefined, gapPolicy: 'skip', fromMs: undefined, toMs: undefined } as const
  const { candles } = await backtestSource(settings, [{ instrument: 'SOL-USD', timeframeMs: 60_000 }])
  const { modules } = await loadPlugins(config, { folder })
  job = {
    v: 1,
    codeVersion: '1.0.0+abc',
    datasets: candles.map(datasetIdentity),
    modules: modules.map(({ specifier, sha256 }) => ({ specifier, sha256 })),
    task: { config, bot: 'sol', parameters: [{ name: 'fast', values: [5, 6] }], seed: 7, gapPolicy: 'skip' },
    window: { fromMs: 0, toMs: 1 },
    points: [0],
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a worker', () => {
  const worker = (data = 'candles', modules = '.') =>
    new Preparations({ data: join(folder, data), modules: join(folder, modules), codeVersion: '1.0.0+abc', threads: 0 })
  it('refuses chunks of other code, other candles and other modules, and says what differs', async () => {
    await expect(worker().run({ ...job, codeVersion: '1.0.1+def' })).rejects.toThrow(
      'the sweep is of code 1.0.1+def, this worker of 1.0.0+abc: install the same version on both',
    )
    const [dataset] = job.datasets as [SweepJob['datasets'][number]]
    const other = { ...job, datasets: [{ ...dataset, sha256: 'f'.repeat(64) }] }
    await expect(worker().run(other)).rejects.toThrow(
      /the sweep is on SOL-USD, candles of 60000 ms, 29 of them, sha256 f{12}…; this worker has SOL-USD, .* sha256 (?!f{12})[0-9a-f]{12}…/,
    )
    await expect(worker('nowhere').run(job)).rejects.toThrow('nowhere')
    const [module] = job.modules as [SweepJob['modules'][number]]
    await expect(worker().run({ ...job, modules: [{ ...module, sha256: 'a'.repeat(64) }] })).rejects.toThrow(
      /module \.\/own\.mjs is sha256 a{12}… there, [0-9a-f]{12}… here/,
    )
    await expect(worker('candles', 'candles').run(job)).rejects.toThrow('own.mjs')
    await expect(worker().run({ ...job, modules: [] })).rejects.toThrow(/module \.\/own\.mjs is missing there, sha256 [0-9a-f]{12}… here/)
  })
  it('prepares anew after that failed, and ends no threads that a chunk waits for', async () => {
    const made: { closed: boolean }[] = []
    let starts = 0
    const start = () => {
      if (starts++ === 0) throw new Error('no memory for a thread')
      const state = { closed: false }
      made.push(state)
      const run = async () => {
        if (state.closed) throw new Error('the threads have ended')
        return { outcomes: [], ms: 1 }
      }
      const close = async () => {
        await new Promise(setImmediate)
        state.closed = true
      }
      return { count: 1, run, close }
    }
    const options = { data: join(folder, 'candles'), modules: folder, codeVersion: '1.0.0+abc', threads: 1 }
    const own = new Preparations(options, start)
    await expect(own.run(job)).rejects.toThrow('no memory for a thread')
    expect(await own.run(job)).toEqual({ outcomes: [], ms: 1 })
    expect(made.map(({ closed }) => closed)).toEqual([false])
    const others = [1, 2, 3, 4, 5].map((seed) => own.run({ ...job, task: { ...job.task, seed } }))
    expect(await Promise.all(others)).toHaveLength(5)
    // The last one makes room for itself.
    await own.run({ ...job, task: { ...job.task, seed: 6 } })
    expect(made.filter(({ closed }) => !closed)).toHaveLength(2)
    await own.close()
    expect(made.every(({ closed }) => closed)).toBe(true)
  })
  it('takes what is in the queue for a chunk only when it is one', () => {
    expect(sweepJobSchema.safeParse(job).success).toBe(true)
    for (const wrong of [
      {},
      { ...job, v: 2 },
      { ...job, points: [] },
      { ...job, points: [-1] },
      { ...job, more: 1 },
      { ...job, task: { ...job.task, gapPolicy: 'guess' } },
    ])
      expect(sweepJobSchema.safeParse(wrong).success).toBe(false)
    expect(sweepAnswerSchema.safeParse({ outcomes: [{ refused: 'why' }, { lost: 'why' }], ms: 1, worker: 'w' }).success).toBe(true)
    expect(sweepAnswerSchema.safeParse({ outcomes: [{ metrics: { returnPercent: 1 } }], ms: 1, worker: 'w' }).success).toBe(false)
  })
})

it('names a chunk by all that is in it', () => {
  const ids = [job, { ...job, points: [1] }, { ...job, window: { fromMs: 0, toMs: 2 } }, { ...job, codeVersion: 'x' }].map(jobIdOf)
  expect(new Set(ids).size).toBe(4)
  expect(jobIdOf({ ...job })).toBe(ids[0])
})

describe('a Redis that is away', () => {
  it('is waited for as long as was said, and then the run ends with a word', async () => {
    const lines: string[] = []
    // Nobody listens on port 1.
    const options = { redis: new URL('redis://:secret@127.0.0.1:1'), say: (line: string) => void lines.push(line), patienceMs: 60 }
    const opening = redisRunner(bullmq, { ...options, job: { v: 1, codeVersion: '', datasets: [], modules: [], task: job.task } })
    await expect(opening).rejects.toThrow(/Redis at redis:\/\/127\.0\.0\.1:1 was away for 0\.06 s .*give the same command again/)
    expect(lines).toEqual([expect.stringMatching(/^Redis at redis:\/\/127\.0\.0\.1:1 is away \(.*\): waiting up to 0\.06 s$/)])
  })
  it('and comes back is told once', async () => {
    const lines: string[] = []
    const presence = new Presence('r', (line) => void lines.push(line), 60_000)
    presence.back()
    presence.away(new Error('gone'))
    presence.away(new Error('gone'))
    presence.back()
    presence.back()
    expect(lines).toEqual(['Redis at r is away (gone): waiting up to 60 s', 'Redis at r is back'])
    expect(await presence.until(Promise.resolve(1))).toBe(1)
    presence.end()
  })
})

describe('millrace sweep', () => {
  it('says which packages are missing', async () => {
    await expect(loadBullMq(() => Promise.reject(new Error('Cannot find package')))).rejects.toThrow('npm install bullmq ioredis')
  })
  it('takes the address of a Redis, and never shows its password', () => {
    expect(redisText(redisUrl('rediss://user:secret@redis.example.com:6380/2'))).toBe('rediss://redis.example.com:6380/2')
    expect(redisText(redisUrl('redis://10.0.0.5'))).toBe('redis://10.0.0.5')
    for (const wrong of ['10.0.0.5:6379', 'http://10.0.0.5', 'redis:', '']) expect(() => redisUrl(wrong)).toThrow('redis://127.0.0.1:6379')
  })
  it.each([
    [['sweep', 'run', 'x.json', '--data', 'd', '--param', 'a=1,2'], "required option '--redis <url>'"],
    [['sweep', 'worker', '--redis', 'localhost', '--data', 'd'], 'Expected an address such as redis://127.0.0.1:6379'],
  ])('%j is a wrong command line', async (argv, words) => {
    const terminal = capturedTerminal()
    expect([await main(argv, terminal), terminal.stderr()]).toEqual([2, expect.stringContaining(words)])
  })
  it('starts no worker without candles', async () => {
    const terminal = capturedTerminal()
    const argv = ['sweep', 'worker', '--redis', 'redis://127.0.0.1:1', '--data', join(folder, 'nowhere')]
    expect([await main(argv, terminal), terminal.stderr()]).toEqual([3, expect.stringContaining('--data: there is nothing at')])
  })
})
