import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csvText, datasetIdentity } from '@millrace/core'
import type { CandleColumns, TrialWindow } from '@millrace/core'
import { codeVersion } from '../../packages/cli/src/optimize/code-version.ts'
import { startTrialThreads } from '../../packages/cli/src/optimize/trial-threads.ts'
import { sharedSeries } from '../../packages/cli/src/optimize/trial-work.ts'
import { backtestSource } from '../../packages/cli/src/run/backtest-source.ts'
import { loadBullMq } from '../../packages/cli/src/sweep/redis-connection.ts'
import { redisRunner } from '../../packages/cli/src/sweep/redis-runner.ts'
import { sweepWorker } from '../../packages/cli/src/sweep/sweep-worker.ts'
import { trialTask } from './trials.ts'

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** What sending a chunk over Redis costs, against handing it to a thread. */
export interface RedisCost {
  readonly chunks: number
  /** Processor time of client, worker and Redis for one chunk, without its trials, in ms. */
  readonly cpuMsPerChunk: number
  /** Time that passes for one chunk on one worker beyond its trials, in ms. */
  readonly wallMsPerChunk: number
}

const quiet = { write: () => undefined, isTty: false, columns: 80 }

/** Sends chunks of one trial each: as small as can be, so that what is left is the way there and back. */
export async function redisCost(columns: CandleColumns, chunks: number): Promise<RedisCost> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
  const port = await freePort()
  const redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise<void>((resolve) => redis.stdout.on('data', (data: Buffer) => data.includes('Ready to accept') && resolve()))
  const stop = Promise.withResolvers<string>()
  const url = new URL(`redis://127.0.0.1:${port}`)
  const settings = { data: folder, detailMs: undefined, gapPolicy: 'skip', fromMs: undefined, toMs: undefined } as const
  try {
    const rows = Array.from({ length: columns.length }, (_, i) => [
      columns.openTime[i]!,
      columns.open[i]!,
      columns.high[i]!,
      columns.low[i]!,
      columns.close[i]!,
      columns.volume[i]!,
    ])
    writeFileSync(join(folder, 'BTC-USD_1m.csv'), csvText(['ts', 'open', 'high', 'low', 'close', 'volume'], rows))
    const { candles } = await backtestSource(settings, [{ instrument: 'BTC-USD', timeframeMs: 60_000 }])
    // As many different trials as chunks; each pass has a window of its own, because equal chunks are one.
    const task = { ...trialTask, parameters: [{ name: 'filter', values: Array.from({ length: chunks }, (_, i) => 0.1 + i / 100_000) }] }
    const points = Array.from({ length: chunks }, (_, i) => i)
    const windowOf = (pass: number): TrialWindow => ({ fromMs: columns.openTime[pass]!, toMs: columns.openTime[columns.length - 1]! })
    const job = { v: 1 as const, codeVersion: codeVersion(), datasets: candles.map(datasetIdentity), modules: [], task }
    const worker = sweepWorker(
      { redis: url, data: folder, modules: folder, threads: 1, lockMs: 30_000 },
      { out: quiet, err: quiet },
      { listenForStop: () => ({ requested: stop.promise, dispose: () => undefined }) },
    )
    const runner = await redisRunner(await loadBullMq(), { redis: url, job, say: () => undefined, patienceMs: 60_000, chunkTrials: 1 })
    const over = (pass: number): Promise<void> => runner.run(points, windowOf(pass), { onTrial: () => undefined })
    await over(0)
    const measured = await best(over, redis.pid!)
    await runner.close()
    stop.resolve('done')
    await worker
    const threads = startTrialThreads({ task, series: sharedSeries(candles), folder }, 1)
    const beside = async (pass: number): Promise<void> => {
      for (const point of points) await threads.run([point], windowOf(pass))
    }
    await beside(0)
    const alone = await best(beside, redis.pid!)
    await threads.close()
    return { chunks, cpuMsPerChunk: (measured.cpuMs - alone.cpuMs) / chunks, wallMsPerChunk: (measured.wallMs - alone.wallMs) / chunks }
  } finally {
    redis.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The quickest of three passes, each on its own. */
async function best(work: (pass: number) => Promise<void>, redisPid: number): Promise<{ readonly cpuMs: number; readonly wallMs: number }> {
  const passes = []
  for (const pass of [1, 2, 3]) passes.push(await timed(() => work(pass), redisPid))
  return { cpuMs: Math.min(...passes.map(({ cpuMs }) => cpuMs)), wallMs: Math.min(...passes.map(({ wallMs }) => wallMs)) }
}

async function timed(work: () => Promise<void>, redisPid: number): Promise<{ readonly cpuMs: number; readonly wallMs: number }> {
  const [cpu, wall, redis] = [process.cpuUsage(), performance.now(), cpuMsOf(redisPid)]
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { cpuMs: (user + system) / 1000 + cpuMsOf(redisPid) - redis, wallMs: performance.now() - wall }
}

/** Processor time of another process so far, in ms: Linux tells it in hundredths of a second. */
function cpuMsOf(pid: number): number {
  const { stdout } = spawnSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' })
  const fields = stdout.slice(stdout.lastIndexOf(')') + 2).split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
