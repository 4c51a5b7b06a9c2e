// Times one part, next to the hand-written loop, in a process of its own and prints one JSON object: see main.ts.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { CandleColumns, EpochMs } from '@millrace/core'
import { tuneForLongRuns } from '@millrace/core/node'
import { sqliteCandles } from '@millrace/sqlite-store'
import { ledgerFills, venueOrders } from './account-rows.ts'
import { bareStrategies } from './bare-strategies.ts'
import { MINUTE_MS, START_MS, canonicalColumns, plainLoop } from './canonical.ts'
import { peerRun } from './peer-run.ts'
import { peers } from './peers.ts'
import { replay, single } from './regimes.ts'
import type { Regime } from './regimes.ts'
import type { Part, Report, Row } from './report.ts'
import { latency, throughObservables } from './shell-rows.ts'
import { SameHash, nanoseconds } from './timing.ts'

const [rounds, candles, peersFolder] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4] ?? '']
const part = process.argv[5] as Part
const aside = fileURLToPath(new URL('aside.ts', import.meta.url))
const flags = ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning']

tuneForLongRuns()
const all = canonicalColumns()
const few = cut(all, candles)
const byHand = plainLoop(all)
if (byHand.trades !== 3_464 || byHand.equity.toFixed(2) !== '999842498.90')
  throw new Error(`the canonical candles are others: ${byHand.trades} trades, ${byHand.equity}`)

const rows: Row[] = []
/**
 * The result before. While it is there, V8 keeps what it knows of the objects of a run; with the last of them collected it starts over, which costs a short run a fifth
 * and a process with one run nothing.
 */
let before: unknown
let sum = 0
const loop = await nanoseconds(rounds, () => {
  for (let i = 0; i < 5; i++) sum += plainLoop(all).trades
  return 5 * all.length
})
if (sum === 0) throw new Error('the loop did nothing')

function add(name: string, value: number, unit: string, more: { readonly target?: number; readonly hash?: string; readonly work?: boolean } = {}): void {
  rows.push({ name, value, unit, ratioToLoop: more.work === false ? null : value / loop, target: more.target ?? null, hash: more.hash ?? null })
}

const parts: Readonly<Record<Part, () => Promise<void>>> = {
  async single() {
    add('hand-written RSI loop', loop, 'ns/candle')
    add('ledger fill', await nanoseconds(rounds, ledgerFills), 'ns/fill')
    add('venue order', await nanoseconds(rounds, venueOrders), 'ns/order')
    await oneStrategy()
    if (peersFolder !== '') for (const name of Object.keys(peers)) await peer(name)
  },
  async normal() {
    await elevenBots('normal', 100)
    await shell()
    await withoutEngine()
  },
  noisy: () => elevenBots('noisy', 167),
  distinct: () => elevenBots('distinct plugins', 200),
  async rest() {
    await liveRows()
    loading()
    memory()
  },
}
await parts[part]()
if (before === undefined && part !== 'rest') throw new Error('nothing was run')
process.stdout.write(JSON.stringify({ candles, rows } satisfies Report))

/** RSI 14, 30/70 through `backtest()`: the same fills as the loop, row by row and price by price, or there is no figure. */
async function oneStrategy(): Promise<void> {
  const same = new SameHash('single strategy')
  const value = await nanoseconds(rounds, () => {
    const { hash, fills } = keep(single(all))
    same.see(hash)
    const equal =
      fills.length === byHand.fills.length &&
      fills.every(({ price, atMs }, i) => Number(price) === all.open[byHand.fills[i]!] && atMs === START_MS + byHand.fills[i]! * MINUTE_MS)
    if (!equal) throw new Error(`single strategy: expected the ${byHand.fills.length} fills of the loop, received ${fills.length} that are not the same`)
    return all.length
  })
  add('one strategy through backtest()', value, 'ns/candle', { target: 50, hash: same.hash })
}

/** The same rules elsewhere: the loop's round trips and, where it sells what is left at the end, one more. */
async function peer(name: string): Promise<void> {
  const run = peerRun(name, peersFolder, all)
  const value = await nanoseconds(1, () => {
    const trades = run()
    if (trades < byHand.trades || trades > byHand.trades + 1) throw new Error(`${name}: expected ${byHand.trades} round trips, received ${trades}`)
    return all.length
  })
  add(`the same in ${name}`, value, 'ns/candle')
}

function keep<T>(result: T): T {
  before = result
  return result
}

async function elevenBots(regime: Regime, target: number): Promise<void> {
  const same = new SameHash(regime)
  const value = await nanoseconds(rounds, () => {
    const { hash, summary } = keep(replay(few, regime))
    same.see(hash)
    return summary.candleBots
  })
  add(`eleven bots, ${regime}`, value, 'ns/candle-bot', { target, hash: same.hash })
}

/** The part of the figures above that is the strategy's own. */
async function withoutEngine(): Promise<void> {
  const same = new SameHash('strategies without an engine')
  const value = await nanoseconds(rounds, () => {
    same.see(String(bareStrategies(few)))
    return 11 * few.length
  })
  add('the same readings and scores, no engine', value, 'ns/candle-bot')
}

/** Kernel, Observables and worker give one hash, or there is no figure. */
async function shell(): Promise<void> {
  const same = new SameHash('kernel, Observables and worker')
  same.see(rows.find(({ name }) => name === 'eleven bots, normal')!.hash!)
  const observed = await nanoseconds(rounds, async () => {
    const { hash, candleBots } = await throughObservables(few)
    same.see(hash)
    return candleBots
  })
  add('eleven bots through the Observables', observed, 'ns/candle-bot', { target: 125, hash: same.hash })
  const inWorker = await nanoseconds(
    rounds,
    async () => {
      const { hash, candleBots } = await workerRun(few)
      same.see(hash)
      return candleBots
    },
    (since) => process.cpuUsage(since),
  )
  add('eleven bots in a worker, its start too', inWorker, 'ns/candle-bot', { hash: same.hash })
}

async function liveRows(): Promise<void> {
  const { p50, p99 } = await latency(cut(all, 40_000), rounds + 2)
  add('a candle to eleven decisions, p50', p50, 'ms', { work: false })
  add('a candle to eleven decisions, p99', p99, 'ms', { target: 0.1, work: false })
}

function workerRun(columns: CandleColumns): Promise<{ readonly hash: string; readonly candleBots: number }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(aside, { workerData: columns, execArgv: flags })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

function loading(): void {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
  try {
    const store = sqliteCandles(join(folder, 'candles.db'))
    const series = { instrument: 'BTC-USD', timeframeMs: MINUTE_MS, source: 'canonical' }
    store.put(series, all)
    let best = Infinity
    for (let round = 0; round < rounds + 2; round++) {
      const start = process.threadCpuUsage()
      const { length } = store.read(series, START_MS as EpochMs, Infinity as EpochMs)
      const { user, system } = process.threadCpuUsage(start)
      best = Math.min(best, (user + system) / 1000)
      if (length !== all.length) throw new Error(`loading: expected ${all.length} candles, received ${length}`)
    }
    store.close()
    add('load 1,000,000 candles from the store', best, 'ms', { target: 50, work: false })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function memory(): void {
  const { stdout, status, stderr } = spawnSync(process.execPath, [...flags, aside, '1000000'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`memory: ${stderr}`)
  const { megabytes, hash } = JSON.parse(stdout) as { megabytes: number; hash: string }
  add('peak memory, 1,000,000 candles, 11 bots', megabytes, 'MB', { target: 200, hash, work: false })
}

function cut(columns: CandleColumns, length: number): CandleColumns {
  const { openTime, open, high, low, close, volume } = columns
  const first = (column: Float64Array): Float64Array => column.subarray(0, length)
  return { length, openTime: first(openTime), open: first(open), high: first(high), low: first(low), close: first(close), volume: first(volume) }
}
