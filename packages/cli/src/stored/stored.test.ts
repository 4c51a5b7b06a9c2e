import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JournalEntry } from '@millrace/core'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'
import { logLine } from './log-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-stored-'))
const db = join(folder, 'run.db')
const recording = join(folder, 'run.recording')
afterAll(() => rmSync(folder, { recursive: true }))

async function millrace(...argv: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(argv, terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

let orders = 0
beforeAll(async () => {
  const config = join(folder, 'bots.json')
  await millrace('config', 'init', config, '--preset', 'aggressive')
  const run = await millrace('run', '--config', config, '--market', 'simulated', '--until', '2d', '--speed', 'max', '--db', db, '--record', recording, '--json')
  orders = (JSON.parse(run.stdout) as { orders: number }).orders
})

describe('a stored run', () => {
  it('shows its orders, newest first, of one bot, and those that may still fill', async () => {
    const all = JSON.parse((await millrace('orders', '--db', db, '--json')).stdout) as {
      total: number
      orders: { bot_id: string; created_at_ms: number; state: string }[]
    }
    expect([orders > 3, all.total]).toEqual([true, orders])
    const times = all.orders.map((order) => order.created_at_ms)
    expect(times).toEqual([...times].sort((a, b) => b - a))
    const own = JSON.parse((await millrace('orders', '--db', db, '--bot', 'btc', '--limit', '1', '--json')).stdout) as typeof all
    expect(own.orders.map((order) => order.bot_id)).toEqual(['btc'])
    expect((await millrace('orders', '--db', db, '--open')).stdout).toBe('no orders that fit\n')
    expect((await millrace('orders', '--db', db, '--limit', '2')).stdout).toContain(`the newest 2 of ${orders} orders`)
  })
  it('shows what the bots hold, and the money', async () => {
    const { stdout } = await millrace('positions', '--db', db)
    expect(stdout).toMatch(/^(btc|eth) +(BTC|ETH)-USD/m)
    expect(stdout).toMatch(/^USD +\d+\.\d+/m)
    const found = JSON.parse((await millrace('positions', '--db', db, '--bot', 'eth', '--json')).stdout) as {
      positions: { bot_id: string }[]
      balances: object[]
    }
    expect([found.positions.map((row) => row.bot_id), found.balances.length > 0]).toEqual([['eth'], true])
  })
  it('tells what happened, of one bot, from a moment on, and only what matters', async () => {
    const lines = (await millrace('logs', '--db', db, '--limit', '100000', '--json')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number; atMs: number; bot: string | null; text: string })
    expect(lines[0]!.text).toBe('run started: backtest, btc, eth')
    expect(lines.filter(({ text }) => /^(bought|sold) /.test(text)).length).toBe(orders)
    const btc = (await millrace('logs', '--db', db, '--bot', 'btc')).stdout
    expect(btc).toMatch(/^2026-01-0\d \d\d:\d\d:\d\dZ {2}info {6}btc: open: buy 50 BTC-USD for weighted-signals$/m)
    expect(btc).not.toContain('eth:')
    const late = lines.at(-1)!
    expect((await millrace('logs', '--db', db, '--since', new Date(late.atMs).toISOString(), '--json')).stdout.trim().split('\n').length).toBeLessThan(
      lines.length,
    )
    expect((await millrace('logs', '--db', db, '--level', 'critical')).stdout).toBe('')
  })
  it('is measured, from its database and from its recording alike, as numbers and as a page', async () => {
    const html = join(folder, 'report.html')
    const stored = await millrace('report', db, '--json', '--html', html)
    const again = await millrace('report', recording, '--json')
    type Report = { statistics: { returnPercent: number; perTrade: { count: number } }; roundTrips: object[]; equity: object[] }
    const [a, b] = [stored, again].map(({ stdout }) => JSON.parse(stdout) as Report)
    expect([stored.exitCode, again.exitCode]).toEqual([0, 0])
    expect(a!.statistics.perTrade.count).toBeGreaterThan(0)
    expect({ statistics: b!.statistics, roundTrips: b!.roundTrips, equity: b!.equity }).toEqual({
      statistics: a!.statistics,
      roundTrips: a!.roundTrips,
      equity: a!.equity,
    })
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>[^]*<h2>Equity<\/h2>/)
    expect((await millrace('report', db)).stdout).toMatch(/^round trips +\d+$/m)
    expect((await millrace('report', '--db', db)).stdout).toMatch(/^round trips +\d+$/m)
    expect(await millrace('report', db, '--db', recording)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('one file is expected') as string })
    expect(await millrace('report', join(folder, 'bots.json'))).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('bots.json: ') as string })
  })
  it.each(['orders', 'positions', 'logs'])('%s says of a bot or a database that it does not know', async (command) => {
    expect(await millrace(command, '--db', db, '--bot', 'xrp')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('has btc, eth') as string })
    expect((await millrace(command, '--db', db, '--bot', 'btx')).stderr).toContain('; did you mean "btc"?')
    expect(await millrace(command, '--db', join(folder, 'none.db'))).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('there is no database') as string,
    })
  })
})

describe('logLine', () => {
  const entry = (type: JournalEntry['type'], data: object): JournalEntry => ({ seq: 1, atMs: 0, type, v: 1, data, hash: '' }) as unknown as JournalEntry
  it.each([
    ['alert', { severity: 'critical', code: 'LINK_DOWN', detail: 'away' }, 'critical', 'LINK_DOWN: away'],
    ['latch', { state: 'halted', reason: 'emergencyStop' }, 'critical', 'trading is halted: emergencyStop'],
    ['latch', { state: 'reducing', reason: 'pause' }, 'warning', 'trading is reducing: pause'],
    ['latch', { state: 'active', reason: 'resume' }, 'info', 'trading is active: resume'],
    ['orderEvent', { state: 'rejected', reason: 'INSUFFICIENT_FUND' }, 'warning', 'order rejected: INSUFFICIENT_FUND'],
    ['reconciled', { trigger: 'start', differences: ['x'] }, 'warning', 'books compared (start): 1 differences'],
    ['tailLost', { entries: 3 }, 'critical', 'the newest entries of the journal were lost: 3'],
    ['adjustment', { kind: 'deposit', amount: '5', currency: 'USD', reason: 'more' }, 'info', 'deposit of 5 USD: more'],
    ['adopted', { from: 'old' }, 'info', 'takes over what old held'],
    ['command', { kind: 'pauseBot' }, 'info', 'command: pauseBot'],
  ] as const)('%s %j', (type, data, level, text) => expect(logLine(entry(type, data))).toMatchObject({ level, text }))
  it('has nothing to say of what people do not care about', () => expect(logLine(entry('marks', {}))).toBeUndefined())
})
