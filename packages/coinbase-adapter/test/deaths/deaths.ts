import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startVenueSimulator } from '@millrace/coinbase-adapter/simulator'
import type { GeneratedKey, VenueSimulator } from '@millrace/coinbase-adapter/simulator'
import type { JournalEntry, Store } from '@millrace/core'
import { sqliteStore, writeHalt } from '@millrace/sqlite-store'
import { judge } from '../schedules/judge.ts'
import type { Verdict } from '../schedules/judge.ts'
import { lifeCoins } from './life-bots.ts'
import type { Place } from './places.ts'
import { quickClock } from './quick-clock.ts'
import type { QuickTime } from './quick-clock.ts'

/** One life of the process, as its command line says it. */
export interface LifeOptions {
  readonly db: string
  readonly place: Place
  readonly when: 'before' | 'after'
  /** It dies when it comes to the place for the n-th time. */
  readonly nth: number
  /** Time in ms after which a request counts as under way. */
  readonly flyingMs: number
  /** Orders after which it ends by itself. */
  readonly orders: number
  /** Or after so much of the machine's time. */
  readonly longestMs: number
  /** The last life: it makes nothing new, and ends when everything is at rest. */
  readonly rests: boolean
  readonly checkpointEvery: number
  readonly time: QuickTime
  readonly urls: { readonly rest: string; readonly marketSocket: string; readonly userSocket: string }
  readonly key: Pick<GeneratedKey, 'keyName' | 'secret'>
}

/** How and when one process is to die. */
export type DeathWish = Partial<Pick<LifeOptions, 'when' | 'nth' | 'flyingMs'>> & { readonly place: Place; /** Of `anywhere`. */ readonly afterMs?: number }

/** What a whole file with its venue comes to. */
export interface Judged extends Verdict {
  /** Orders that the journal had lost with its end. */
  readonly recovered: number
  readonly entries: number
  readonly orders: number
  readonly fills: number
}

const SPEED = 20
const START_MS = Date.UTC(2026, 10, 21, 12)
const script = fileURLToPath(new URL('./life-process.ts', import.meta.url))
/** Reading and compiling the sources is most of what a start costs. */
const env = { ...process.env, NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../../node_modules/.cache/millrace/compiled', import.meta.url)) }

/** One database at one venue, over many lives and deaths of the process that trades with them. The venue lives here and sees everything. */
export class MortalTrader {
  private readonly folder = mkdtempSync(join(tmpdir(), 'millrace-mortal-'))
  private readonly db = join(this.folder, 'trader.db')
  readonly venue: VenueSimulator
  private readonly time: QuickTime
  private readonly key: GeneratedKey
  private acked = 0

  private constructor(venue: VenueSimulator, time: QuickTime) {
    this.venue = venue
    this.time = time
    this.key = venue.generateKey('EdDSA')
  }

  static async begin(seed: number): Promise<MortalTrader> {
    const time = { virtualMs: START_MS, machineMs: Date.now(), speed: SPEED }
    const venue = await startVenueSimulator({
      ...{ seed, clock: quickClock(time), accounts: { USD: '1000' }, market: { kind: 'seeded', volatility: 0.002 }, tickMs: 500, historyDays: 1 },
    })
    return new MortalTrader(venue, time)
  }

  /**
   * Lets the process live until it dies as wished, or comes to its end, and looks at what it left: all that was acknowledged, whole and in order.
   *
   * @returns whether it died
   * @throws Error when anything is missing, or the process failed
   */
  async die({ place, when = 'after', nth = 1, flyingMs = 1, afterMs = 0 }: DeathWish): Promise<boolean> {
    // Only a stop from outside has an answer.
    if (/halt|latch/.test(place)) writeHalt(this.db, 'seen by the crash test')
    return this.live({ place, when, nth, flyingMs, rests: false }, place === 'anywhere' ? afterMs : undefined)
  }

  /** Lets a last life bring everything to rest. */
  async rest(): Promise<void> {
    await this.live({ place: 'anywhere', when: 'before', nth: 1, flyingMs: 0, rests: true })
  }

  /** Holds the books of the file against the venue's own, in arithmetic that neither of the two shares. */
  judged(): Judged {
    return this.withCopy('everything', (store) => {
      const rows = { orders: store.rows('orders'), fills: store.rows('fills'), balances: store.rows('balances'), currencies: ['USD', ...lifeCoins] }
      const verdict = judge(this.venue.ledger(), this.venue.report(), rows)
      const entries = store.read({ limit: 1_000_000 })
      verdict.words.push(...strange(entries))
      const recovered = entries.filter(({ type, data }) => type === 'alert' && (data as { readonly code: string }).code === 'ORDER_RECOVERED').length
      return { ...verdict, recovered, entries: entries.length, orders: rows.orders.length, fills: rows.fills.length }
    })
  }

  /** Cuts the log that the last life left, as a disk may that lies, to a share of its length. */
  cutLog(share: number): void {
    const log = `${this.db}-wal`
    truncateSync(log, Math.floor(statSync(log).size * share))
    this.acked = 0
  }

  async end(): Promise<void> {
    await this.venue.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async live(life: Pick<LifeOptions, 'place' | 'when' | 'nth' | 'flyingMs' | 'rests'>, killAfterMs?: number): Promise<boolean> {
    const { restUrl: rest, socketUrl: marketSocket, userSocketUrl: userSocket } = this.venue
    const { keyName, secret } = this.key
    const options: LifeOptions = {
      ...{ db: this.db, ...life, orders: /unlock|close/.test(life.place) ? 2 : 8, longestMs: 2_000, checkpointEvery: 40, time: this.time },
      ...{ urls: { rest, marketSocket, userSocket }, key: { keyName, secret } },
    }
    const { signal, exitCode, output, errors } = await runPatiently(options, killAfterMs)
    const told = JSON.stringify({ ...life, killAfterMs })
    if (signal !== 'SIGKILL' && exitCode !== 0) throw new Error(`${told} ended with ${exitCode}: ${errors}`)
    for (const match of output.matchAll(/^acked (\d+)$/gm)) this.acked = Number(match[1])
    // Who dies before the file was there leaves none.
    if (!existsSync(this.db) && this.acked === 0) return true
    this.withCopy('full', (store) => {
      if (store.tail?.state === 'lost') throw new Error(`${told} left a journal whose end is lost`)
      if (store.lastSeq() < this.acked) throw new Error(`${told} lost entries ${store.lastSeq() + 1} to ${this.acked}, which were acknowledged`)
    })
    return signal === 'SIGKILL'
  }

  /** Opens a copy, as the process left it: the file itself is opened by nobody but the next life. */
  private withCopy<T>(verify: 'full' | 'everything', use: (store: Store) => T): T {
    const copy = join(this.folder, 'copy.db')
    for (const suffix of ['', '-wal', '-shm', '.high-water', '-journal']) {
      rmSync(`${copy}${suffix}`, { force: true })
      if (suffix !== '-shm' && existsSync(`${this.db}${suffix}`)) copyFileSync(`${this.db}${suffix}`, `${copy}${suffix}`)
    }
    const account = `coinbase portfolio ${this.venue.portfolio}`
    const store = sqliteStore(copy, { verify, retention: { checkpointEvery: 1_000_000 } }).open({ environment: 'live', account })
    try {
      return use(store)
    } finally {
      store.close()
    }
  }
}

/** Money that came or went by itself, and fills or orders that nobody knows: at a venue where nobody else trades, each is a loss of memory. */
function strange(entries: readonly JournalEntry[]): readonly string[] {
  return entries.flatMap(({ type, data, seq }) => {
    const { code, reason, detail } = data as { readonly code?: string; readonly reason?: string; readonly detail?: string }
    if (type === 'adjustment' && reason !== 'starting cash') return [`entry ${seq}: ${reason}`]
    return type === 'alert' && /^(EXTERNAL|LEDGER|LATE|ORDER_STRAY|ORDER_NOT|JOURNAL_TAIL_UNKNOWN)/.test(code!) ? [`entry ${seq}: ${code} ${detail}`] : []
  })
}

interface Ended {
  readonly signal: NodeJS.Signals | null
  readonly exitCode: number | null
  readonly output: string
  readonly errors: string
}

/** A venue that cannot be asked in time ends a start; whatever watches the process starts it again. On a busy machine quick time makes that happen. */
async function runPatiently(options: LifeOptions, killAfterMs: number | undefined): Promise<Ended> {
  let output = ''
  for (let tries = 1; ; tries++) {
    const ended = await run(options, killAfterMs)
    output += ended.output
    if (tries === 5 || ended.exitCode !== 1 || !ended.errors.includes("code: 'RECONCILE_FAILED'")) return { ...ended, output }
  }
}

function run(options: LifeOptions, killAfterMs: number | undefined): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=@millrace/source', script, JSON.stringify(options)], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    // From when it trades on: a process that only starts has nothing to lose.
    if (killAfterMs !== undefined && !output.includes('running') && chunk.includes('running')) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  return new Promise((resolve) => child.on('close', (exitCode, signal) => resolve({ signal, exitCode, output, errors })))
}
