import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, paper, parseConfig, simulatedMarket } from '@millrace/core'
import { sqliteStore } from '@millrace/sqlite-store'
import { afterAll, afterEach, expect, test } from 'vitest'
import { startDashboard } from '../src/server/serve.ts'
import { busyConfig, permissive } from './configs.ts'
import { wholeJournal } from './fresh-fold.ts'
import { endAll, millrace, npmStart, resultOf } from './npm-start.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-dead-server-'))
afterEach(endAll)
afterAll(() => rmSync(folder, { recursive: true }))

test('[row 21] [fault 58] with the web server dead, millrace panic from another process still stops the engine, and nothing leaves after it', async () => {
  const db = join(folder, 'trader.db')
  const { account, bots } = parseConfig(busyConfig(permissive))
  const engine = createEngine({
    market: simulatedMarket({ seed: 7, speed: 120, instruments: bots.map((bot) => bot.instrument) }),
    exchange: paper({ cash: account.cash, fees: account.fees }),
    store: sqliteStore(db),
    bots,
    safety: account.safety,
  })
  const dashboard = await startDashboard({ engine, port: 0 })
  await engine.start()
  const headers = { authorization: `Bearer ${dashboard.tokens.read}` }
  expect((await fetch(new URL('/api/v1/state', dashboard.url), { headers })).status).toBe(200)
  await dashboard.close()
  await expect(fetch(new URL('/api/v1/state', dashboard.url))).rejects.toThrow('fetch failed')

  await expect.poll(() => engine.summary().fills, { timeout: 20_000 }).toBeGreaterThan(0)
  const panic = await millrace('panic', '--db', db, '--reason', 'the page does not answer', '--json')
  expect([panic.exitCode, resultOf(panic)]).toEqual([
    0,
    expect.objectContaining({ outcome: 'acknowledged', enginePid: process.pid, reason: 'the page does not answer' }),
  ])
  expect(engine.state().tradingState).toBe('halted')
  // Two minutes of the market in which these bots would trade.
  const halted = engine.state().nowMs
  await expect.poll(() => engine.state().nowMs - halted, { timeout: 10_000 }).toBeGreaterThan(120_000)
  const candlesSeen = engine.state().bots.filter((bot) => bot.blocker?.code === 'EMERGENCY_STOP')
  expect(candlesSeen.length).toBeGreaterThan(0)
  await engine.stop()

  const store = sqliteStore(db).open({ environment: 'paper' })
  const journal = wholeJournal(store)
  store.close()
  const latch = journal.findIndex(({ type, data }) => type === 'latch' && (data as { reason: string }).reason === 'emergencyStop')
  expect(journal.slice(0, latch).some(({ type }) => type === 'sent')).toBe(true)
  expect(journal.slice(latch).filter(({ type }) => type === 'intent' || type === 'sent')).toEqual([])
})

test('[row 21] a run without a page is stopped the same way, and ends with exit code 5', async () => {
  const db = join(folder, 'no-web.db')
  const run = npmStart('--market', 'simulated', '--seed', '7', '--speed', '60', '--no-web', '--json', '--db', db)
  await run.says(/engine pid/)
  const panic = await millrace('panic', '--db', db, '--json')
  expect(resultOf(panic)).toMatchObject({ outcome: 'acknowledged', enginePid: run.child.pid })
  run.child.kill('SIGINT')
  expect((await run.ended).exitCode).toBe(5)
})
