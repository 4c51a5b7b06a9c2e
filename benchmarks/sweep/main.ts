// npm run bench:sweep [-- --json] [--rounds 5] [--candles 200000] [--chunks 200]
// Measures a grid of 64 pairs of averages beside the same loop written by hand, trials of the engine, threads, the way over Redis, and the memory of a large sweep.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { configTrials } from '@millrace/core'
import type { CandleColumns } from '@millrace/core'
import { MINUTE_MS, canonicalColumns } from '../engine/canonical.ts'
import { rowText } from '../engine/report.ts'
import type { Row } from '../engine/report.ts'
import { SameHash, nanoseconds } from '../engine/timing.ts'
import { PAIRS, centsOf, emptyAverages, plainGrid, screenedGrid } from './grid.ts'
import type { GridResult } from './grid.ts'
import { hasRedis, redisCost } from './redis.ts'
import type { GridOrder } from './thread.ts'
import { trialTask } from './trials.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    candles: { type: 'string', default: '200000' },
    chunks: { type: 'string', default: '200' },
  },
})
const rounds = Number(values.rounds)
const columns = canonicalColumns(Number(values.candles))
const work = PAIRS * columns.length
const say = values.json ? console.error : console.log
const rows: Row[] = []
const cents = centsOf(columns)
const averages = emptyAverages(columns.length)
const same = new SameHash('the grid on one thread and on two')
const textOf = ({ trades, returnPercent }: GridResult): string => `${trades} trades, ${returnPercent.toFixed(6)} %`

function add(name: string, value: number, unit: string, more: { readonly target?: number; readonly hash?: string; readonly ratio?: number } = {}): void {
  const row: Row = { name, value, unit, ratioToLoop: more.ratio ?? null, target: more.target ?? null, hash: more.hash ?? null }
  rows.push(row)
  say(rowText(row))
}

say(`${PAIRS} pairs of averages on ${columns.length.toLocaleString('en-US')} canonical candles; ${availableParallelism()} cores`)
const byHand = plainGrid(columns, cents)
const byLibrary = screenedGrid(columns, averages)
// Where two averages are the same number, the last bit of a sum decides; that moves a crossing by a candle now and then.
if (byHand.trades !== byLibrary.trades || Math.abs(byHand.returnPercent / byLibrary.returnPercent - 1) > 1e-4)
  throw new Error(`expected the trades of the loop (${textOf(byHand)}), received ${textOf(byLibrary)}`)
const loop = await nanoseconds(rounds, () => {
  if (plainGrid(columns, cents).trades !== byHand.trades) throw new Error('the loop is not the same again')
  return work
})
add('grid by hand', loop, 'ns/candle-strategy', { ratio: 1 })
const one = await nanoseconds(rounds, () => {
  same.see(textOf(screenedGrid(columns, averages)))
  return work
})
// 60 M candle-strategies a second.
add('screen()', one, 'ns/candle-strategy', { ratio: one / loop, target: 16.7, hash: same.hash })
await onTwoThreads()
trials()
if (hasRedis) await overRedis()
else say('redis-server is not installed: its rows are left out')
memory()
if (values.json) console.log(JSON.stringify({ node: process.version, cpu: cpus()[0]?.model ?? 'unknown', candles: columns.length, rows }))

/** Two threads that share candles and averages: processor time of both together, and the time that passed beside one thread's. */
async function onTwoThreads(): Promise<void> {
  const entry = fileURLToPath(new URL('thread.ts', import.meta.url))
  const workerData = { columns, averages }
  const threads = [0, 1].map(() => new Worker(entry, { workerData, execArgv: ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning'] }))
  const ask = <T>(count: number, what: GridOrder['what']): Promise<readonly T[]> =>
    Promise.all(
      threads.slice(0, count).map(async (thread, first) => {
        thread.postMessage({ what, first, step: count } satisfies GridOrder)
        const [answer] = (await once(thread, 'message')) as [T]
        return answer
      }),
    )
  const grid = async (count: number): Promise<void> => {
    await ask<undefined>(count, 'averages')
    const parts = await ask<GridResult>(count, 'pairs')
    const sum = parts.reduce((a, b) => ({ trades: a.trades + b.trades, returnPercent: a.returnPercent + b.returnPercent }))
    same.see(textOf(sum))
  }
  const cpu = (count: number): Promise<number> =>
    nanoseconds(
      rounds,
      async () => (await grid(count), work),
      (since) => process.cpuUsage(since),
    )
  const wall = async (count: number): Promise<number> => {
    let best = Infinity
    for (let round = 0; round < 3 * rounds; round++) {
      const startedMs = performance.now()
      await grid(count)
      best = Math.min(best, performance.now() - startedMs)
    }
    return best
  }
  const [alone, both] = [await cpu(1), await cpu(2)]
  add('screen() on two threads, both together', both, 'ns/candle-strategy', { ratio: both / loop, hash: same.hash })
  add('two threads for one, a core each', (2 * alone) / both, 'times as fast', { target: 1.7 })
  add('two threads for one, on this machine now', (await wall(1)) / (await wall(2)), 'times as fast')
  await Promise.all(threads.map((thread) => thread.terminate()))
}

/** Trials of `optimize()`: the engine with its exact ledger. */
function trials(): void {
  const part = first(columns, Math.min(columns.length, 50_000))
  const evaluator = configTrials(trialTask, [{ instrument: 'BTC-USD', timeframeMs: MINUTE_MS, columns: part }])
  const window = { fromMs: part.openTime[0]!, toMs: part.openTime[part.length - 1]! + MINUTE_MS }
  const seen = new SameHash('trials')
  let best = Infinity
  for (let round = 0; round < rounds + 2; round++) {
    const start = process.threadCpuUsage()
    const outcomes = [0, 1, 2, 3].map((point) => evaluator.evaluate(point, window))
    const { user, system } = process.threadCpuUsage(start)
    best = Math.min(best, ((user + system) * 1000) / (4 * part.length))
    seen.see(outcomes.map((outcome) => ('metrics' in outcome ? outcome.metrics.hash : JSON.stringify(outcome))).join(' '))
  }
  add('a trial of optimize()', best, 'ns/candle', { ratio: best / loop, hash: seen.hash })
}

async function overRedis(): Promise<void> {
  const { cpuMsPerChunk, wallMsPerChunk } = await redisCost(first(columns, 1_500), Number(values.chunks))
  add('a chunk over Redis, processor time', cpuMsPerChunk, 'ms')
  add('of a chunk of 50 ms', 2 * cpuMsPerChunk, '%', { target: 5 })
  add('of a chunk of 50 ms, in time that passed', 2 * wallMsPerChunk, '%')
}

function memory(): void {
  for (const count of [100, 10_000]) {
    const flags = ['--expose-gc', '--conditions=@millrace/source', '--disable-warning=ExperimentalWarning']
    const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, fileURLToPath(new URL('memory.ts', import.meta.url)), String(count)], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`memory: ${stderr}`)
    const told = JSON.parse(stdout) as { readonly megabytes: number; readonly keptMegabytes: number; readonly trials: number; readonly hash: string }
    add(`peak memory of ${told.trials.toLocaleString('en-US')} trials`, told.megabytes, 'MB', { hash: told.hash })
    add(`still held after ${told.trials.toLocaleString('en-US')} trials`, told.keptMegabytes, 'MB')
  }
}

function first({ openTime, open, high, low, close, volume }: CandleColumns, length: number): CandleColumns {
  const cut = (column: Float64Array): Float64Array => column.subarray(0, length)
  return { length, openTime: cut(openTime), open: cut(open), high: cut(high), low: cut(low), close: cut(close), volume: cut(volume) }
}
