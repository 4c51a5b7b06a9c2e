import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'
import type { BacktestReport } from './backtest-report.ts'
import type { BacktestSettings } from './backtest-settings.ts'
import { executeBacktest } from './execute-backtest.ts'

let folder: string
let config: string
const START_MS = 1_767_225_600_000

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-backtest-'))
  config = join(folder, 'bots.json')
  writeFileSync(
    config,
    JSON.stringify({
      account: { cash: { USD: '1000' }, safety: [] },
      bots: [{ id: 'sol', instrument: 'SOL-USD', timeframe: '5m', strategy: { use: 'weighted-signals' }, actionThreshold: 0.1, confirm: '5m', safety: [] }],
    }),
  )
  const rows = Array.from({ length: 1_000 }, (_, i) => {
    const close = 100 + 4 * Math.sin(i / 20)
    return [START_MS + i * 60_000, close, close + 0.2, close - 0.2, close, 1e6].join(',')
  })
  for (const [name, lines] of [
    ['whole', rows],
    ['gap', rows.filter((_, i) => i < 500 || i > 520)],
  ] as const) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'SOL-USD_1m.csv'), ['ts,open,high,low,close,volume', ...lines].join('\n'))
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

async function millrace(...argv: string[]) {
  const terminal = capturedTerminal()
  const exitCode = await main(['backtest', config, ...argv], terminal)
  return { exitCode, stdout: terminal.stdout(), stderr: terminal.stderr() }
}
const settings = (): BacktestSettings => ({
  config,
  data: join(folder, 'whole'),
  fromMs: undefined,
  toMs: undefined,
  timeframeMs: undefined,
  detailMs: undefined,
  fillModel: {},
  gapPolicy: 'skip',
  seed: 7,
  watchdogMs: undefined,
  range: false,
  json: false,
  html: undefined,
  trades: undefined,
  equity: undefined,
})

describe('millrace backtest', () => {
  it('prints the numbers for people and writes the results asked for', async () => {
    const file = (name: string): string => join(folder, name)
    const outcome = await millrace('--data', join(folder, 'whole'), '--json', '--html', file('r.html'), '--trades', file('t.csv'), '--equity', file('e.csv'))
    expect(outcome.exitCode).toBe(0)
    for (const words of ['per round trip', 'per day', 'buy and hold', 'high first (optimistic)', 'report: ']) expect(outcome.stderr).toContain(words)
    const report = JSON.parse(outcome.stdout) as BacktestReport
    expect(report.fills).toBeGreaterThan(2)
    expect(report.range!.optimistic.order).toBe('highFirst')
    expect(report.gaps).toEqual([])
    expect(readFileSync(file('r.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*data-part="sol"[\s\S]*<\/html>\n$/)
    expect(readFileSync(file('t.csv'), 'utf8').split('\n')).toHaveLength(report.statistics.perTrade.count + 2)
    expect(readFileSync(file('e.csv'), 'utf8')).toMatch(/^time,equity,buy_and_hold\n2026-01-01T00:00:00.000Z,1000,1000\n/)
  })
  it('plays finer candles inside longer ones when asked, and refuses those that are not there', async () => {
    const coarse = await millrace('--data', join(folder, 'whole'), '--json', '--no-range')
    const fine = await millrace('--data', join(folder, 'whole'), '--json', '--no-range', '--detail', '1m')
    const [a, b] = [coarse, fine].map(({ stdout }) => JSON.parse(stdout) as BacktestReport)
    expect([a!.candles, b!.candles]).toEqual([199, 999 + 199])
    expect(a).not.toHaveProperty('range')
    const none = await millrace('--data', join(folder, 'whole'), '--detail', '30s')
    expect([none.exitCode, none.stderr]).toEqual([3, expect.stringContaining('shorter candles cannot be made from longer ones')])
    const odd = await millrace('--data', join(folder, 'whole'), '--detail', '2m')
    expect([odd.exitCode, odd.stderr]).toEqual([3, expect.stringContaining('divides the timeframe of every bot')])
  })
  it.each([
    ['skip', 0, 'gone on without them'],
    ['fillForward', 0, 'filled with flat candles'],
    ['halt', 3, 'the market ended early'],
  ])('counts missing candles whatever is done about them: %s', async (policy, exitCode, words) => {
    const outcome = await millrace('--data', join(folder, 'gap'), '--gap-policy', policy, '--json')
    expect([outcome.exitCode, outcome.stderr]).toEqual([exitCode, expect.stringContaining(words)])
    const report = JSON.parse(outcome.stdout) as BacktestReport
    expect(report.gaps).toMatchObject([{ instrument: 'SOL-USD', missing: 21, gaps: 1 }])
    expect(report.halted === null).toBe(policy !== 'halt')
  })
  it('says what --data takes when it is given one candle file, or nothing that is there', async () => {
    const file = join(folder, 'one.csv')
    writeFileSync(file, 'ts,open,high,low,close,volume\n')
    const one = await millrace('--data', file)
    expect([one.exitCode, one.stderr]).toEqual([3, expect.stringContaining(`of a CSV file name the folder, ${folder}`)])
    const none = await millrace('--data', join(folder, 'nowhere'))
    expect([none.exitCode, none.stderr]).toEqual([3, expect.stringContaining('--data: expected a folder of candle files, received nothing at ')])
  })
  it('has no result when it is stopped, and says so', async () => {
    const terminal = capturedTerminal()
    const exitCode = await executeBacktest(settings(), terminal, { listenForStop: () => ({ requested: Promise.resolve('SIGINT'), dispose: () => undefined }) })
    expect([exitCode, terminal.stdout()]).toEqual([3, ''])
    expect(terminal.stderr()).toContain('SIGINT: stopped, there is no result')
  })
  it.each([
    [['--html', 'x.html', '--trades', 'x.html'], 'into the same file'],
    [['--html', '/nowhere/at/all.html'], '--html: cannot write'],
  ])('%j is a wrong command line', async (argv, words) => {
    const outcome = await millrace('--data', join(folder, 'whole'), ...argv)
    expect([outcome.exitCode, outcome.stderr]).toEqual([2, expect.stringContaining(words)])
  })
})
