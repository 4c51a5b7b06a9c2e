import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { totalOf } from '@millrace/core'
import type { DriftReport } from '@millrace/core'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'
import type { RunReport } from '../run/report.ts'

/** Buys above its mean and sells below, or the other way round: the same name and parameters, another code. */
const own = (sign: string): string => `import { defineStrategy } from '@millrace/core'
import { sma } from '@millrace/indicators'
import { z } from 'zod'

export const follow = defineStrategy({
  id: 'follow',
  params: z.strictObject({}),
  indicators: () => ({ mean: sma(20) }),
  components: { distance: () => 'off the mean' },
  evaluate: ({ candle, readings }, _p, signal) => signal.add('distance', ${sign} Math.max(-1, Math.min(1, 300 * (candle.close / readings.mean.value - 1))), 1, 0),
})
`

let folder: string
let recording: string
let recorded: { readonly json: string; readonly text: string }
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-drift-'))
  recording = join(folder, 'run.recording')
  for (const [name, sign] of [
    ['here', '+'],
    ['there', '-'],
  ] as const) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'own.ts'), own(sign))
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const config = join(folder, 'here', 'bots.json')
  const bot = { instrument: 'SOL-USD', timeframe: '1m', actionThreshold: 0.1, confirm: 0, safety: [] }
  writeFileSync(config, JSON.stringify({ account: { cash: { USD: '500' }, safety: [] }, bots: [{ id: 'sol', strategy: './own.ts#follow', ...bot }] }))
  const words = ['--market', 'simulated', '--seed', '4', '--until', '90m', '--speed', 'max', '--shadow', '--json']
  const run = ['run', '--config', config, '--record', recording, '--db', join(folder, 'run.db'), ...words]
  const terminal = capturedTerminal()
  await main(run, terminal)
  recorded = { json: terminal.stdout(), text: terminal.stderr() }
  const data = ['data', 'simulate', join(folder, 'candles'), '--pairs', 'SOL-USD', '--from', '2025-12-31', '--days', '2', '--seed', '4']
  await main(data, capturedTerminal())
})
afterAll(() => rmSync(folder, { recursive: true }))

async function millrace(...argv: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(argv, terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}
const drift = (...more: string[]) => millrace('drift', recording, '--data', join(folder, 'candles'), '--modules', join(folder, 'here'), ...more)

describe('millrace run --shadow', () => {
  it('fills the same orders beside the exchange, and says how kind that was: nothing, on paper', () => {
    const { orders, fills, shadow } = JSON.parse(recorded.json) as RunReport
    expect(shadow).toMatchObject({ orders, both: fills, onlyVenue: 0, onlyShadow: 0, meanWorseBps: 0, worstBps: 0 })
    expect(recorded.text).toMatch(/shadow\norders +\d+: \d+ filled by both/)
  })
})

describe('millrace drift', () => {
  it('tells every cent of it, for people, as JSON and as a page', async () => {
    const html = join(folder, 'drift.html')
    const { exitCode, stdout, stderr } = await drift('--slippage-bps', '20', '--json', '--html', html)
    const report = JSON.parse(stdout) as DriftReport
    expect([exitCode, report.unexplained, report.complete, report.notes]).toEqual([0, '0', true, []])
    expect(report.actual.fills).toBeGreaterThan(3)
    expect(totalOf(report.lines.map(({ amount }) => amount))).toBe(report.drift)
    // The backtest believed in worse fills than there were.
    expect(Number(report.lines.find(({ cause }) => cause === 'fillPrice')!.amount)).toBeGreaterThan(0.05)
    expect(stderr).toMatch(/fill price +0\.\d\d[\s\S]*unexplained +0\.00[\s\S]*decisions that went otherwise|moved most/)
    expect(readFileSync(html, 'utf8')).toContain('From the backtest to the run')
    const text = await drift()
    expect(text.stdout).toMatch(/^time +2026-01-01 00:00:00Z to 2026-01-01 01:30:00Z\nbacktest /)
  })
  it('says that a part is unexplained when the code is not what it was, and which module changed', async () => {
    const { exitCode, stdout, stderr } = await drift('--modules', join(folder, 'there'))
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/module \.\/own\.ts is not as it was: sha256 [0-9a-f]{12} now, [0-9a-f]{12} in the recording/)
    expect(stdout).toMatch(/unexplained +-?\d+\.\d\d/)
    expect(stdout).toContain('running the recording again went another way after event')
    const replayed = await millrace('replay', recording, '--modules', join(folder, 'there'))
    expect(replayed).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('is not as it was') as string })
  })
  it('holds a shadow against the backtest as well', async () => {
    const { exitCode, stdout } = await drift('--shadow', '--json', '--slippage-bps', '20')
    const report = JSON.parse(stdout) as DriftReport
    expect([exitCode, report.against]).toEqual([0, 'shadow'])
    // The same venue on both sides: prices and sizes follow from what was seen.
    expect(report.lines.slice(1).map(({ amount }) => Number(amount))).toEqual([0, 0, 0, 0, 0, 0])
  })
  it('tells from the journal alone what a journal holds: everything, of a run that trades at the ends of candles', async () => {
    const config = join(folder, 'here', 'bots.json')
    const data = ['--data', join(folder, 'candles')]
    const { exitCode, stdout } = await millrace('drift', '--db', join(folder, 'run.db'), '--config', config, ...data, '--slippage-bps', '20', '--json')
    const report = JSON.parse(stdout) as DriftReport
    const recorded = JSON.parse((await drift('--slippage-bps', '20', '--json')).stdout) as DriftReport
    expect([exitCode, report.against, report.unexplained, report.drift]).toEqual([0, 'journal', '0', recorded.drift])
    // Updates inside candles are not in it: what they changed of fills stands with the fills.
    expect(report.lines.slice(0, 3).map(({ amount }) => amount)).toEqual(['0', '0', '0'])
    const never = await millrace('drift', '--db', join(folder, 'run.db'), '--config', config, ...data, '--from', '2026-02-01')
    expect(never).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('expected two valuations of the account') as string })
    for (const wrong of [
      ['--db', 'x.db'],
      [],
      [recording, '--db', 'x.db'],
      [recording, '--from', '2026-01-01'],
      ['--db', 'x.db', '--config', config, '--shadow'],
    ])
      expect((await millrace('drift', ...wrong, ...data)).exitCode).toBe(2)
    expect((await millrace('drift', '--db', join(folder, 'no.db'), '--config', config, ...data)).exitCode).toBe(3)
  })
  it('refuses what it cannot use, and says what that is', async () => {
    const other = join(folder, 'other.txt')
    writeFileSync(other, 'hello')
    expect(await millrace('drift', recording)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--data <dir>') as string })
    expect(await drift('--volume-share', '2')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('a share above 0, at most 1') as string })
    expect(await drift('--html', join(folder, 'no', 'such', 'place'))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--html') as string })
    expect(await millrace('drift', other, '--data', join(folder, 'candles'))).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('expected the first line of a recording') as string,
    })
    expect(await millrace('drift', recording, '--data', join(folder, 'here'), '--modules', join(folder, 'here'))).toMatchObject({ exitCode: 3 })
    expect(await drift('--detail', '7m')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('divides the timeframe') as string })
    expect((await millrace('drift', '--help')).stdout).toContain('$ millrace drift run.recording --data ./candles')
  })
})
