import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JournalEntry, ProjectionRow } from '@millrace/core'
import { createProjectionRows, createProjector, projectionTables } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { afterAll, afterEach, expect, test } from 'vitest'
import { betterSqlite3 } from '../../sqlite-store/src/driver.ts'
import { Audit } from './audit.ts'
import { busyConfig, permissive } from './configs.ts'
import { exact } from './exact.ts'
import { foldedBytes, storedBytes, wholeJournal } from './fresh-fold.ts'
import { endAll, npmStart, resultOf } from './npm-start.ts'
import type { Running } from './npm-start.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-kill-'))
afterEach(endAll)
afterAll(() => rmSync(folder, { recursive: true }))

const db = join(folder, 'trader.db')
const config = join(folder, 'bots.json')

const start = (): Running => npmStart('--config', config, '--market', 'simulated', '--seed', '11', '--speed', '60', '--no-web', '--json', '--db', db)

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Kills the process that its own output names, as nobody could prepare for. */
async function kill(run: Running): Promise<void> {
  const printed = /engine pid (\d+)/.exec(run.stderr())?.[1]
  try {
    process.kill(Number(printed ?? run.child.pid), 'SIGKILL')
  } catch (cause) {
    const { exitCode, stderr } = await run.ended
    throw new Error(`the engine ended by itself, exit code ${exitCode}:\n${stderr}`, { cause })
  }
  expect((await run.ended).exitCode).toBeNull()
}

/** Looks into the file from outside until a number of rows is as wanted. */
async function untilRows(table: 'orders' | 'fills', where: string, wanted: (count: number) => boolean): Promise<void> {
  const outside = betterSqlite3()(db)
  try {
    const query = outside.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where}`)
    for (const untilMs = performance.now() + 20_000; !wanted((query.get() as { n: number }).n); await wait(1)) {
      if (performance.now() > untilMs) throw new Error(`waited 20 s for ${table} ${where}`)
    }
  } finally {
    outside.close()
  }
}

const orderAtWork = (): Promise<void> => untilRows('orders', `state IN ('sent', 'open', 'partiallyFilled')`, (count) => count > 0)

interface Books {
  readonly lastSeq: number
  readonly positions: readonly ProjectionRow[]
  readonly working: readonly string[]
}

/** What the file held when the process died, read from a copy: the file itself is opened by nobody but the next start. */
function booksAtDeath(n: number): Books {
  const copy = join(folder, `copy-${n}.db`)
  for (const suffix of ['', '-wal']) if (existsSync(`${db}${suffix}`)) copyFileSync(`${db}${suffix}`, `${copy}${suffix}`)
  const store = sqliteStore(copy).open({ environment: 'paper' })
  const working = store.rows('orders').filter((row) => !['filled', 'cancelled', 'expired', 'rejected'].includes(String(row['state'])))
  const books = { lastSeq: store.lastSeq(), positions: store.rows('positions'), working: working.map((row) => String(row['client_order_id'])) }
  store.close()
  return books
}

/** The positions as of an entry. */
function positionsAt(journal: readonly JournalEntry[], seq: number): readonly ProjectionRow[] {
  const projector = createProjector()
  const rows = createProjectionRows(projectionTables)
  for (const entry of journal) if (entry.seq <= seq) rows.write(projector.apply(entry))
  return rows.sorted('positions')
}

test('kill -9 at random moments and with orders at work: nothing is booked twice, no position changes, and the run goes on', async () => {
  writeFileSync(config, JSON.stringify(busyConfig(permissive, { exitAt: 0.002 })))
  const deaths: Books[] = []
  const die = async (run: Running): Promise<void> => {
    await kill(run)
    deaths.push(booksAtDeath(deaths.length))
  }

  const moments: readonly ((run: Running) => Promise<unknown>)[] = [
    async (run) => run.says(/: (bought|sold) /).then(orderAtWork),
    async (run) => run.says(/engine pid/).then(() => wait(Math.random() * 1_500)),
    async (run) => run.says(/: (bought|sold) /).then(orderAtWork),
    // In the middle of its recovery, or before it, or after it.
    async () => wait(300 + Math.random() * 500),
    async (run) => run.says(/: (bought|sold) /).then(orderAtWork),
  ]
  for (const moment of moments) {
    const run = start()
    await moment(run)
    await die(run)
  }
  const last = start()
  await last.says(/: bought [^]*: sold |: sold [^]*: bought /)
  // Each order that was at work when the process died comes to one end.
  const ids = deaths.flatMap(({ working }) => working)
  await untilRows(
    'orders',
    `state IN ('filled', 'cancelled', 'rejected') AND client_order_id IN ('${ids.join(`', '`)}')`,
    (count) => count === new Set(ids).size,
  )
  // The prices depend on the minute in which the test runs, and so does how often the bots trade.
  await untilRows('fills', `side = 'buy'`, (count) => count >= 5)
  last.child.kill('SIGINT')
  const outcome = await last.ended
  expect(outcome.exitCode).toBe(0)

  const store = sqliteStore(db).open({ environment: 'paper' })
  const journal = wholeJournal(store)
  expect(foldedBytes(journal)).toEqual(storedBytes(store))
  store.close()

  const audit = new Audit(permissive)
  for (const entry of journal) audit.entry(entry)
  expect(audit.breaches).toEqual([])
  expect(exact(String(resultOf(outcome)['cash']))).toBe(audit.cash)
  expect([audit.buys >= 5, audit.sells >= 1]).toEqual([true, true])

  expect(deaths.filter(({ working }) => working.length > 0).length).toBeGreaterThanOrEqual(2)
  for (const { lastSeq, positions } of deaths) {
    const recovered = journal.find((entry) => entry.type === 'reconciled' && entry.seq > lastSeq)!
    expect(journal.filter((entry) => entry.seq > lastSeq && entry.seq < recovered.seq && entry.type === 'fill')).toEqual([])
    expect(positionsAt(journal, recovered.seq)).toEqual(positions)
    // It goes on: there are fills between each death and the end.
    expect(journal.some((entry) => entry.type === 'fill' && entry.seq > recovered.seq)).toBe(true)
  }
})
