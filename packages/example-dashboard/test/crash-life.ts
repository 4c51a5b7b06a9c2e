import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CrashPoint, JournalEntry, Store } from '@millrace/core'
import { sqliteStore, writeHalt } from '@millrace/sqlite-store'
import { Audit } from './audit.ts'
import { busyConfig, permissive } from './configs.ts'
import { exact } from './exact.ts'

/** One life of the process, as its command line says it. */
export interface LifeOptions {
  readonly db: string
  readonly point: CrashPoint
  readonly when: 'before' | 'after'
  /** It dies when it comes to the point for the n-th time. */
  readonly nth: number
  /** Event time from the start of the market. */
  readonly untilMinutes: number
  readonly seed: number
  readonly keepDays: number
}

export interface Death {
  readonly killed: boolean
  /** Entries that were there, and those that it was told were. */
  readonly lastSeq: number
  readonly acked: number
}

/** Event time of one life that is not cut short. */
const LIFE_MINUTES = 20

const script = fileURLToPath(new URL('./crash-process.ts', import.meta.url))
/** Reading and compiling the sources is most of what a start costs. */
const env = { ...process.env, NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../node_modules/.cache/millrace/compiled', import.meta.url)) }

/** The busy bots; every second one waits at a limit and gives up, so that there are cancels. */
export function killConfig(): Record<string, unknown> {
  const config = busyConfig(permissive, { exitAt: 0.002 })
  const bots = config['bots'] as readonly object[]
  return { ...config, bots: bots.map((bot, i) => (i % 2 === 0 ? bot : { ...bot, execution: { use: 'limit', params: { offset: '20bps', timeout: '2m' } } })) }
}

/** One database over many lives and deaths. */
export class CrashedStore {
  readonly folder = mkdtempSync(join(tmpdir(), 'millrace-deaths-'))
  private readonly db = join(this.folder, 'trader.db')
  private readonly seed: number
  private readonly keepDays: number
  /** Event time that was lived so far. */
  private minutes = 0
  private acked = 0

  constructor(seed: number, keepDays: number) {
    this.seed = seed
    this.keepDays = keepDays
  }

  /**
   * Runs the process until it dies at the point, and looks at what it left: all that was acknowledged, whole and in order.
   *
   * @throws Error when anything is missing
   */
  async die(point: CrashPoint, when: LifeOptions['when'], nth: number): Promise<Death> {
    // Only a stop from outside has an answer.
    if (/halt|latch/.test(point)) writeHalt(this.db, 'seen by the crash test')
    const options: LifeOptions = { db: this.db, point, when, nth, untilMinutes: this.minutes + LIFE_MINUTES, seed: this.seed, keepDays: this.keepDays }
    const { signal, exitCode, output, errors } = await run(options)
    if (signal !== 'SIGKILL' && exitCode !== 0) throw new Error(`${JSON.stringify(options)} ended with ${exitCode}: ${errors}`)
    for (const match of output.matchAll(/^acked (\d+)$/gm)) this.acked = Number(match[1])
    const lastSeq = this.withCopy('full', (store) => {
      if (store.tail?.state !== 'whole') throw new Error(`${JSON.stringify(options)} left a journal whose end is ${store.tail?.state}`)
      const [first, last] = [store.read({ limit: 1 })[0], store.read({ afterSeq: store.lastSeq() - 1, limit: 1 })[0]]
      this.minutes = Math.ceil(((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 60_000)
      return store.lastSeq()
    })
    if (lastSeq < this.acked) throw new Error(`${JSON.stringify(options)} lost entries ${lastSeq + 1} to ${this.acked}, which were acknowledged`)
    return { killed: signal === 'SIGKILL', lastSeq, acked: this.acked }
  }

  /** Lets a last life come to its end and holds a second set of books against the whole journal. Returns what it saw. */
  async audit(): Promise<{ readonly entries: number; readonly orders: number; readonly fills: number }> {
    const last = await this.die('halt:clear', 'before', 1_000_000)
    if (last.killed) throw new Error('the last life was to come to its end')
    return this.withCopy('everything', (store) => {
      const audit = new Audit(permissive)
      const entries = store.read({ limit: 1_000_000 })
      // Old decisions may be gone; the auditor counts without gaps.
      entries.forEach((entry, i) => audit.entry({ ...entry, seq: i + 1 }))
      const cash = store.rows('balances').find(({ currency }) => currency === 'USD')?.['total']
      if (exact(String(cash)) !== audit.cash) audit.breaches.push(`cash is ${cash}, the books say otherwise`)
      audit.breaches.push(...stuck(store, entries))
      if (audit.breaches.length > 0) throw new Error(audit.breaches.join('\n'))
      return { entries: entries.length, orders: audit.orders.size, fills: audit.fillIds.size }
    })
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Opens a copy, as the process left it: the file itself is opened by nobody but the next life. */
  private withCopy<T>(verify: 'full' | 'everything', use: (store: Store) => T): T {
    const copy = join(this.folder, 'copy.db')
    for (const suffix of ['', '-wal', '-shm', '.high-water', '-journal']) {
      rmSync(`${copy}${suffix}`, { force: true })
      if (suffix !== '-shm' && existsSync(`${this.db}${suffix}`)) copyFileSync(`${this.db}${suffix}`, `${copy}${suffix}`)
    }
    const store = sqliteStore(copy, { verify, retention: { checkpointEvery: 1_000_000 } }).open({ environment: 'paper' })
    try {
      return use(store)
    } finally {
      store.close()
    }
  }
}

/** Orders that are over for the venue and not for the books, or that nobody is left to answer. */
function stuck(store: Store, entries: readonly JournalEntry[]): readonly string[] {
  const lastStart = entries.findLast(({ type }) => type === 'runStarted')!.seq
  const old = new Set(
    entries.filter(({ type, seq }) => type === 'intent' && seq < lastStart).map(({ data }) => (data as { clientOrderId: string }).clientOrderId),
  )
  return store
    .rows('orders')
    .filter((row) => old.has(String(row['client_order_id'])) && ['intent', 'sent', 'unknown'].includes(String(row['state'])))
    .map((row) => `order ${String(row['client_order_id'])} is ${String(row['state'])} although its process is dead`)
}

interface Ended {
  readonly signal: NodeJS.Signals | null
  readonly exitCode: number | null
  readonly output: string
  readonly errors: string
}

function run(options: LifeOptions): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=@millrace/source', script, JSON.stringify(options)], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  return new Promise((resolve) => child.on('close', (exitCode, signal) => resolve({ signal, exitCode, output, errors })))
}
