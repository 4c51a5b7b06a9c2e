import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OptimizeResult, SweepRunner } from '@millrace/core'
import { Queue, Worker } from 'bullmq'
import type { Job } from 'bullmq'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../src/captured-terminal.fixture.ts'
import { main } from '../src/main.ts'
import { executeOptimize } from '../src/optimize/execute-optimize.ts'
import type { OpenRunner } from '../src/optimize/execute-optimize.ts'
import type { OptimizeSettings } from '../src/optimize/optimize-settings.ts'
import { loadBullMq } from '../src/sweep/redis-connection.ts'
import { redisRunner } from '../src/sweep/redis-runner.ts'
import { MOST_LOSSES, QUEUE } from '../src/sweep/sweep-job.ts'
import type { SweepJob } from '../src/sweep/sweep-job.ts'
import { sweepWorker } from '../src/sweep/sweep-worker.ts'
import { millrace } from './millrace-process.ts'
import { redisBinary, startRedis } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'

// Real workers, each a process of its own, and a real Redis: what happens when one of them is gone in the middle.

const TESTS = 7
if (redisBinary === undefined)
  process.stderr.write(`sweep.scenario.ts: ${TESTS} tests skipped, redis-server is not installed (Debian: apt-get install redis-server)\n`)

const START_MS = 1_767_225_600_000
let folder: string
let redis: RedisServer
let workers: ChildProcess[] = []
/** What all workers said. */
let said = ''
let expected: { readonly bytes: string; readonly hash: string }
const file = (name: string): string => join(folder, name)

function candles(name: string, lift: number): void {
  mkdirSync(file(name))
  const rows = Array.from({ length: 3_000 }, (_, i) => {
    const close = 100 + lift + 6 * Math.sin(i / 150) + 2 * Math.sin(i / 37)
    return [START_MS + i * 60_000, close, close + 0.1, close - 0.1, close, 1e6].join(',')
  })
  writeFileSync(file(`${name}/SOL-USD_1m.csv`), ['ts,open,high,low,close,volume', ...rows].join('\n'))
}

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url))
const compiled = fileURLToPath(new URL('../../../node_modules/.cache/millrace/compiled', import.meta.url))

/** Starts a worker as a user does; resolves when it waits for chunks. */
function startWorker(): Promise<ChildProcess> {
  const argv = ['sweep', 'worker', '--redis', redis.url, '--data', file('candles'), '--threads', '1', '--lock', '1s']
  const child = spawn(process.execPath, ['--conditions=@millrace/source', bin, ...argv], {
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  workers.push(child)
  return new Promise((resolve, reject) => {
    let own = ''
    child.stderr.on('data', (data: Buffer) => {
      own += data.toString()
      said += data.toString()
      if (own.includes('waiting for chunks')) resolve(child)
    })
    child.once('exit', () => reject(new Error(`the worker ended:\n${own}`)))
  })
}

const flags = ['--data', 'candles', '--param', 'fast=2:13:1', '--param', 'slow=14:24:2', '--seed', '7']
const settings = (out: string): OptimizeSettings => ({
  ...{ config: file('bots.json'), data: file('candles'), bot: undefined, search: 'grid', trials: 1, objective: 'return', minRoundTrips: 1, testShare: 0.3 },
  parameters: [
    { name: 'fast', values: Array.from({ length: 12 }, (_, i) => 2 + i) },
    { name: 'slow', values: Array.from({ length: 6 }, (_, i) => 14 + 2 * i) },
  ],
  ...{ folds: 1, anchored: false, fromMs: undefined, toMs: undefined, timeframeMs: undefined, detailMs: undefined, gapPolicy: 'skip', seed: 7 },
  ...{ threads: undefined, out: file(out), html: undefined, winner: undefined, json: true },
})

/** The runner over Redis with small chunks; `inTheMiddle` happens once, when a fifth of the trials is there. */
const overRedis =
  (inTheMiddle?: () => void, patienceMs = 20_000): OpenRunner =>
  async ({ options, work, modules }, say) => {
    const job = { v: 1 as const, codeVersion: options.codeVersion ?? '', datasets: options.datasets ?? [], modules, task: work.task }
    const runner = await redisRunner(await loadBullMq(), { redis: new URL(redis.url), job, say, patienceMs, lookEveryMs: 150, chunkTrials: 3 })
    return inTheMiddle === undefined ? runner : disturbed(runner, inTheMiddle)
  }

function disturbed(runner: SweepRunner, inTheMiddle: () => void): SweepRunner {
  let told = 0
  return {
    ...runner,
    run: (points, window, { onTrial, ...hooks }) =>
      runner.run(points, window, {
        ...hooks,
        onTrial(position, outcome) {
          onTrial(position, outcome)
          if (++told === 24) inTheMiddle()
        },
      }),
  }
}

/** Runs the sweep; returns what it left behind. */
async function sweep(out: string, runner: OpenRunner, stop: Promise<string> = new Promise(() => undefined)) {
  const terminal = capturedTerminal()
  let exitCode: number | undefined
  let failure = ''
  try {
    exitCode = await executeOptimize(settings(out), terminal, { runner, listenForStop: () => ({ requested: stop, dispose: () => undefined }) })
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  const stdout = terminal.stdout()
  return {
    bytes: readFileSync(file(out), 'utf8'),
    hash: stdout === '' ? '' : (JSON.parse(stdout) as OptimizeResult).hash,
    verdict: stdout === '' ? '' : (JSON.parse(stdout) as OptimizeResult).verdict.text,
    stderr: terminal.stderr(),
    exitCode,
    failure,
  }
}

/** The chunks that Redis still knows. */
async function inQueue<T>(ask: (queue: Queue) => Promise<T>): Promise<T> {
  const queue = new Queue(QUEUE, { connection: { url: redis.url } })
  try {
    return await ask(queue)
  } finally {
    await queue.close()
  }
}

beforeAll(async () => {
  if (redisBinary === undefined) return
  folder = mkdtempSync(join(tmpdir(), 'millrace-sweep-'))
  const bot = {
    id: 'sol',
    instrument: 'SOL-USD',
    timeframe: '1m',
    strategy: 'trend-following',
    confirm: 0,
    sizing: { use: 'fixed', params: { quote: 200 } },
    safety: [],
  }
  writeFileSync(file('bots.json'), JSON.stringify({ account: { cash: { USD: '1000' }, fees: { maker: '0', taker: '0.0005' }, safety: [] }, bots: [bot] }))
  candles('candles', 0)
  candles('others', 1e-9)
  redis = await startRedis()
  await Promise.all([startWorker(), startWorker()])
}, 60_000)
afterAll(async () => {
  for (const child of workers) child.kill('SIGKILL')
  workers = []
  await redis?.stop()
  if (folder !== undefined) rmSync(folder, { recursive: true })
})

describe.skipIf(redisBinary === undefined)('one sweep', () => {
  it('has one hash in this process, on threads, and on the workers of a Redis', async () => {
    const here = process.cwd()
    process.chdir(folder)
    try {
      const one = capturedTerminal()
      await main(['optimize', 'bots.json', ...flags, '--threads', '1', '--out', 'one.jsonl', '--json'], one)
      const many = capturedTerminal()
      await main(['sweep', 'run', 'bots.json', ...flags, '--redis', redis.url, '--out', 'many.jsonl', '--json'], many)
      expect(many.stdout()).toBe(one.stdout())
      expected = { bytes: readFileSync('one.jsonl', 'utf8'), hash: (JSON.parse(one.stdout()) as OptimizeResult).hash }
      expect(readFileSync('many.jsonl', 'utf8')).toBe(expected.bytes)
      // Threads start much faster in a process that keeps what it compiled.
      const threads = await millrace(['optimize', 'bots.json', ...flags, '--threads', '2', '--out', 'threads.jsonl', '--json'], { cwd: folder })
      expect([threads.stdout, threads.stderr]).toEqual([one.stdout(), expect.stringContaining(availableParallelism() > 1 ? 'on 2 threads' : 'on this process')])
      expect(readFileSync('threads.jsonl', 'utf8')).toBe(expected.bytes)
      expect(expected.bytes.split('\n')).toHaveLength(1 + 72 + 1 + 1)
    } finally {
      process.chdir(here)
    }
  })
  it('goes on when Redis is started anew in the middle, empty, and says so', async () => {
    let restarted: Promise<void> | undefined
    const run = await sweep(
      'restart.jsonl',
      overRedis(() => {
        restarted = redis.restart()
      }),
    )
    await restarted
    expect(run).toMatchObject(expected)
    for (const words of ['is away', 'is back', 'sent again']) expect(run.stderr).toContain(words)
    await expect.poll(() => said, { timeout: 20_000 }).toMatch(/is away[\s\S]* is back/)
  })
  it('loses nothing to a kill -9 of one of two workers, and repeats at most its chunk', async () => {
    const [first] = workers
    await inQueue((queue) => queue.obliterate({ force: true }))
    const run = await sweep(
      'killed.jsonl',
      overRedis(() => void first!.kill('SIGKILL')),
    )
    expect(run).toMatchObject(expected)
    const jobs = await inQueue((queue) => queue.getJobs(['completed']))
    // 24 chunks of three and the winner's test, each begun once but for the one that was in the hands of the dead.
    expect(jobs).toHaveLength(25)
    expect(jobs.reduce((sum, { attemptsStarted }) => sum + attemptsStarted - 1, 0)).toBeLessThanOrEqual(1)
  })
  it('gives up a chunk that ends every worker, names it, and says first that it is incomplete; the same command tries it again', async () => {
    await inQueue((queue) => queue.obliterate({ force: true }))
    const settled = { connection: { url: redis.url }, lockDuration: 250, stalledInterval: 100, maxStalledCount: MOST_LOSSES - 1 }
    // Hands that never finish the chunk with trial 30 and never say that they still hold it: as those of the dead.
    const deadly = async (job: Job) => {
      const { points } = job.data as SweepJob
      if (points.includes(30)) await new Promise(() => undefined)
      return { outcomes: points.map((point) => ({ refused: `no ${point}` })), ms: 10, worker: 'w' }
    }
    const dying = new Worker(QUEUE, deadly, { ...settled, concurrency: MOST_LOSSES + 1, skipLockRenewal: true })
    dying.on('error', () => undefined)
    for (const child of workers) child.kill('SIGSTOP')
    const run = await sweep('deadly.jsonl', overRedis())
    await dying.close(true)
    const chunk = 'the chunk of 3 trials from fast 7, slow 14 to fast 7, slow 18'
    expect([run.exitCode, run.stderr]).toEqual([3, expect.stringContaining(`given up: ${chunk} ended 3 workers`)])
    expect(run.stderr).toContain(`a worker was lost with ${chunk}: it goes to another (2 of 3 times)`)
    expect(run.verdict).toMatch(/^INCOMPLETE: 3 trials were not run \(the chunk of 3 trials /)
    expect(run.bytes.split('\n')).toHaveLength(1 + 30 + 1)
    for (const child of workers) child.kill('SIGCONT')
  })
  it('is refused by a worker with other code, and done by the other one', async () => {
    await inQueue((queue) => queue.obliterate({ force: true }))
    const stop = Promise.withResolvers<string>()
    const said = capturedTerminal()
    const wrong = { redis: new URL(redis.url), data: file('candles'), modules: folder, threads: 1, lockMs: 1_000 }
    const worker = sweepWorker(wrong, said, { codeVersion: '0.0.1+other', listenForStop: () => ({ requested: stop.promise, dispose: () => undefined }) })
    await expect.poll(() => said.stderr(), { timeout: 20_000 }).toContain('waiting for chunks')
    const run = await sweep('code.jsonl', overRedis())
    stop.resolve('SIGINT')
    expect([await worker, run]).toEqual([0, expect.objectContaining(expected)])
    expect(run.stderr).toMatch(/worker \S+ refuses: the sweep is of code 0\.0\.0\+[0-9a-f]{16}, this worker of 0\.0\.1\+other/)
    expect(said.stderr()).toContain('refused: the sweep is of code')
  })
  it('ends when every worker has other candles; and a stop takes back what nobody began', async () => {
    await inQueue((queue) => queue.obliterate({ force: true }))
    for (const child of workers) child.kill('SIGKILL')
    const stopped = Promise.withResolvers<string>()
    const nobody = sweep('nobody.jsonl', overRedis(), stopped.promise)
    await expect.poll(() => inQueue((queue) => queue.getWaitingCount()), { timeout: 20_000 }).toBeGreaterThan(0)
    stopped.resolve('SIGINT')
    expect(await nobody).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('stopped: what is done is kept') as unknown })
    expect(await inQueue((queue) => queue.getWaitingCount())).toBe(0)

    const stop = Promise.withResolvers<string>()
    const said = capturedTerminal()
    const wrong = { redis: new URL(redis.url), data: file('others'), modules: folder, threads: 1, lockMs: 1_000 }
    const worker = sweepWorker(wrong, said, { listenForStop: () => ({ requested: stop.promise, dispose: () => undefined }) })
    const { failure } = await sweep('others.jsonl', overRedis())
    stop.resolve('SIGINT')
    await worker
    expect(failure).toMatch(
      /^every worker refuses this sweep:\n {2}\S+: the sweep is on SOL-USD, candles of 60000 ms, 2999 of them, sha256 [0-9a-f]{12}…; this worker has SOL-USD/,
    )
  })
  it('ends with a word when Redis does not come back, and keeps what is done', async () => {
    let opened: Promise<SweepRunner> | undefined
    const running = sweep('gone.jsonl', (prepared, say) => (opened = overRedis(undefined, 300)(prepared, say)))
    await expect.poll(() => opened, { timeout: 20_000 }).toBeDefined()
    await opened
    await redis.stop()
    const { failure, stderr, bytes } = await running
    expect([failure, stderr]).toEqual([expect.stringMatching(/^Redis at redis:\/\/127\.0\.0\.1:\d+ was away for 0\.3 s/), expect.stringContaining('is away')])
    expect(bytes).toBe(expected.bytes.slice(0, bytes.length))
  })
})
