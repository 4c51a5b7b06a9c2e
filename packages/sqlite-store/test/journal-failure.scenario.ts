import { createEngine, limitOrders, paper } from '@millrace/core'
import type { Alert, Engine, SimulatedExchange, StoreFactory } from '@millrace/core'
import { sqliteStore, writeHalt } from '@millrace/sqlite-store'
import type { SqliteDatabase, SqliteDriver } from '@millrace/sqlite-store'
import { describe, expect, test } from 'vitest'
import { nextEntry } from '../../core/src/testing/sample-journal.ts'
import { candles, handMarket, levelBot } from '../../core/test/levels.ts'
import { betterSqlite3 } from '../src/driver.ts'
import { checkedJournal } from '../../core/test/checked-journal.ts'
import { children } from './child.ts'
import { inMemory, temporaryFiles } from './temporary-folder.ts'

const newFile = temporaryFiles(inMemory)
const start = children()

/** One bot at market that trades back and forth, one whose order waits at a limit that is not reached. */
const bots = [levelBot({ safety: [] }), levelBot({ id: 'eth', instrument: 'ETH-USD', safety: [], execution: limitOrders({ offset: '500bps', timeout: '1h' }) })]
const prices = [105, 99, 99, 111, 111, 99, 99, 111, 111, 99].flatMap((close, minute) => [...candles([close], minute), ...candles([close], minute, 'ETH-USD')])

/** What really reached the venue. */
interface Reached {
  readonly submitted: string[]
  readonly cancelled: string[]
}

function spied(): { readonly exchange: SimulatedExchange; readonly reached: Reached } {
  const reached: Reached = { submitted: [], cancelled: [] }
  const base = paper({ cash: { USD: '1000' }, slippageBps: 0 })
  const exchange = Object.assign(Object.create(base) as SimulatedExchange, {
    venue(instruments: Parameters<SimulatedExchange['venue']>[0]) {
      const venue = base.venue(instruments)
      const apply: typeof venue.apply = (event, nowMs) => {
        if (event.type === 'submit') reached.submitted.push(event.request.clientOrderId)
        if (event.type === 'cancel') reached.cancelled.push(event.order.clientOrderId)
        return venue.apply(event, nowMs)
      }
      return Object.assign(Object.create(venue) as typeof venue, { apply })
    },
  })
  return { exchange, reached }
}

interface Failed {
  readonly error: { readonly code?: string; readonly message: string } | undefined
  readonly alerts: readonly Alert[]
  readonly reached: Reached
  /** Orders at the venue when the engine failed. */
  readonly submittedThen: number
}

/** Runs the prices through an engine whose journal fails on the way, and goes on offering it prices afterwards. */
async function run(store: StoreFactory, onCandle: (index: number, engine: Engine) => void = () => undefined): Promise<Failed> {
  const { exchange, reached } = spied()
  const market = handMarket(['BTC-USD', 'ETH-USD'])
  const engine = createEngine({ market, exchange, store, bots, environment: 'paper', safety: [] })
  const alerts: Alert[] = []
  engine.on('alert', (alert) => alerts.push(alert))
  let error: Failed['error']
  let submittedThen = Number.NaN
  engine.finished.catch((cause: Error) => {
    error = cause
    submittedThen = reached.submitted.length
  })
  try {
    await engine.start()
  } catch (cause) {
    return { error: cause as Error, alerts, reached, submittedThen: reached.submitted.length }
  }
  for (const [i, candle] of prices.entries()) {
    onCandle(i, engine)
    market.push(candle)
    await Promise.resolve()
  }
  if (error === undefined) await engine.stop().catch(() => undefined)
  return { error, alerts, reached, submittedThen }
}

/** No order left that is not written down as sent; none left after the failure; what worked was cancelled; and the next start goes on. */
async function expectHalted(path: string, { error, alerts, reached, submittedThen }: Failed): Promise<void> {
  expect(error).toMatchObject({ code: 'JOURNAL_FAILED' })
  expect(reached.submitted.length).toBe(submittedThen)
  const journal = checkedJournal(sqliteStore(path))
  const sent = new Set(journal.filter(({ type }) => type === 'sent').map(({ data }) => (data as { clientOrderId: string }).clientOrderId))
  expect(reached.submitted.filter((id) => !sent.has(id))).toEqual([])
  const atStart = journal.length === 0 || !journal.some(({ type }) => type === 'runStarted')
  const told = alerts.filter(({ code }) => code === 'JOURNAL_FAILED')
  if (!atStart)
    expect(told).toMatchObject([
      { severity: 'critical', detail: expect.stringMatching(/no order leaves any more; \d+ working orders? w(as|ere) cancelled$/) as string },
    ])
  expect(new Set(reached.cancelled).size).toBe(reached.cancelled.length)
  const again = await run(sqliteStore(path))
  expect(again.error).toBeUndefined()
  expect(again.reached.submitted.filter((id) => reached.submitted.includes(id))).toEqual([])
  checkedJournal(sqliteStore(path))
}

/** A driver whose n-th write fails, and every one after it, until it is repaired. */
function failingAt(nth: number): { readonly driver: SqliteDriver; readonly writes: () => number } {
  let writes = 0
  const driver: SqliteDriver = (path) => {
    const db = betterSqlite3()(path)
    const prepare: SqliteDatabase['prepare'] = (sql) => {
      const statement = db.prepare(sql)
      if (!/^(BEGIN|INSERT|UPDATE|DELETE|COMMIT)/.test(sql)) return statement
      const run: typeof statement.run = (...values) => {
        if (++writes >= nth) throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' })
        return statement.run(...values)
      }
      return { run, get: (...values) => statement.get(...values), all: (...values) => statement.all(...values) }
    }
    return {
      get inTransaction() {
        return db.inTransaction
      },
      exec: (sql) => db.exec(sql),
      prepare,
      close: () => db.close(),
    }
  }
  return { driver, writes: () => writes }
}

describe('a journal that fails stops the engine within the event at hand', () => {
  test('[fault 42] at any of its writes: an I/O error', async () => {
    const whole = failingAt(Number.POSITIVE_INFINITY)
    expect((await run(sqliteStore(newFile(), { driver: whole.driver }))).error).toBeUndefined()
    const total = whole.writes()
    expect(total).toBeGreaterThan(150)
    let cancels = 0
    // At the start, and then at places all over the run.
    for (const nth of [1, 2, 3, 5, 8, ...Array.from({ length: 25 }, (_, i) => 13 + Math.floor(((total - 13) * i) / 25))]) {
      const path = newFile()
      const failed = await run(sqliteStore(path, { driver: failingAt(nth).driver }))
      await expectHalted(path, failed)
      cancels += failed.reached.cancelled.length
    }
    // The order at the limit was there to be cancelled.
    expect(cancels).toBeGreaterThan(10)
  })

  test('[fault 41] on a disk that is full, whatever is the first that has no room', async () => {
    for (const [at, pages] of [
      [2, 0],
      [6, 0],
      [6, 1],
      [12, 0],
    ] as const) {
      const path = newFile()
      let db: SqliteDatabase | undefined
      const store = sqliteStore(path, { driver: (file) => (db = betterSqlite3()(file)) })
      const failed = await run(store, (i) => {
        if (i !== at) return
        const { page_count } = db!.prepare('PRAGMA page_count').get() as { readonly page_count: number }
        db!.exec(`PRAGMA max_page_count = ${page_count + pages}`)
      })
      expect(failed.error?.message).toContain('database or disk is full')
      await expectHalted(path, failed)
    }
  })

  test('when its high-water file or its checkpoint cannot be written', async () => {
    for (const place of ['store:high-water', 'store:checkpoint'] as const) {
      const path = newFile()
      let broken = false
      const store = sqliteStore(path, {
        retention: { checkpointEvery: 5 },
        at: (point, action) => {
          if (broken && point === place) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
          return action()
        },
      })
      const failed = await run(store, (i) => (broken = i >= 6))
      expect(failed.error?.message).toContain('could not be written: no space left on device')
      await expectHalted(path, failed)
    }
  })

  test('[fault 40] when another process keeps the file beyond the limit; and not when it lets go in time', async () => {
    const path = newFile()
    let holder: SqliteDatabase | undefined
    const failed = await run(sqliteStore(path, { busyTimeoutMs: 20 }), (i) => {
      if (i !== 6) return
      holder = betterSqlite3()(path)
      holder.exec('BEGIN IMMEDIATE')
    })
    holder!.exec('ROLLBACK')
    holder!.close()
    expect(failed.error?.message).toContain('database is locked')
    await expectHalted(path, failed)

    // Another process, because waiting for the file stops this one.
    const store = sqliteStore(path).open({ environment: 'paper' })
    const busy = start('busy', path, '100')
    await busy.said(/busy/)
    const last = store.read({ afterSeq: store.lastSeq() - 1, limit: 1 })[0]!
    expect(store.append([nextEntry(last, last.atMs, 'alert', { code: 'X', severity: 'info', detail: 'waited for' })])).toBe('ok')
    store.close()
    expect(await busy.ended).toBe(0)
  })

  test('[fault 58] a stop from outside holds back the order that was on its way, also while the file is busy', async () => {
    const path = newFile()
    let holder: SqliteDatabase | undefined
    const { reached, error } = await run(sqliteStore(path, { busyTimeoutMs: 20 }), (i) => {
      if (i !== 2) return
      writeHalt(path, 'stop it')
      holder = betterSqlite3()(path)
      holder.exec('BEGIN IMMEDIATE')
    })
    holder!.close()
    expect(error).toMatchObject({ code: 'JOURNAL_FAILED' })
    expect(reached.submitted).toEqual([])
    // And the next start is halted.
    const again = await run(sqliteStore(path), (_, engine) => expect(engine.state().tradingState).toBe('halted'))
    expect([again.error, again.reached.submitted]).toEqual([undefined, []])
  })
})
