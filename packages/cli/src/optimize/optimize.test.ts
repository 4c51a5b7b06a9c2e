import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '@millrace/core'
import type { OptimizeResult } from '@millrace/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'
import { executeOptimize } from './execute-optimize.ts'
import type { OptimizeSettings } from './optimize-settings.ts'

const START_MS = 1_767_225_600_000
let folder: string
const file = (name: string): string => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-optimize-'))
  const bots = [
    { id: 'sol', instrument: 'SOL-USD' },
    { id: 'eth', instrument: 'ETH-USD' },
  ]
  const defaults = {
    timeframe: '5m',
    strategy: 'trend-following',
    actionThreshold: 0.3,
    confirm: 0,
    sizing: { use: 'fixed', params: { quote: 200 } },
    safety: [],
  }
  writeFileSync(file('bots.json'), JSON.stringify({ account: { cash: { USD: '1000' }, fees: { maker: '0', taker: '0.0005' }, safety: [] }, defaults, bots }))
  mkdirSync(file('candles'))
  const rows = Array.from({ length: 6_000 }, (_, i) => {
    const close = 100 + 6 * Math.sin(i / 150) + 2 * Math.sin(i / 37) + i / 500
    return [START_MS + i * 60_000, close, close + 0.1, close - 0.1, close, 1e6].join(',')
  })
  writeFileSync(file('candles/SOL-USD_1m.csv'), ['ts,open,high,low,close,volume', ...rows].join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const needed = (): string[] => ['optimize', file('bots.json'), '--data', file('candles'), '--bot', 'sol', '--threads', '1']
const grid = ['--param', 'fast=4:12:4', '--param', 'slow=10:30:10']
async function millrace(...argv: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main([...needed(), ...argv], terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

describe('millrace optimize', () => {
  it('says in the first line whether the winner survived, and writes what was asked for', async () => {
    const { stdout, stderr, exitCode } = await millrace(...grid, '--html', file('r.html'), '--winner', file('w.json'), '--json', file('r.json'))
    const result = JSON.parse(readFileSync(file('r.json'), 'utf8')) as OptimizeResult
    expect(stdout.split('\n')[0]).toBe(result.verdict.text)
    expect(result.verdict.kind).toMatch(/^(holds|unproven|fails)$/)
    expect(exitCode).toBe(result.verdict.kind === 'fails' ? 3 : 0)
    expect(stderr).toContain('sol: 9 combinations, grid, by return, on this process')
    for (const words of ['best in training', 'after training', 'deflated Sharpe', '1 refused']) expect(stdout).toContain(words)
    expect(result.identity).toMatchObject({
      seed: 7,
      configHash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      codeVersion: expect.stringMatching(/^\d.*\+[0-9a-f]{16}$/) as unknown,
    })
    expect(readFileSync(file('r.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*class="verdict [\s\S]*Scores over the parameters/)
    const winner = parseConfig(JSON.parse(readFileSync(file('w.json'), 'utf8')))
    expect(winner.bots.map(({ id, strategy }) => [id, strategy.params])).toEqual([['sol', expect.objectContaining(result.winner!.values)]])
  })
  it('goes on after a cut anywhere to the same bytes and the same words', async () => {
    const walk = [...grid, '--folds', '2', '--out']
    const { stdout } = await millrace(...walk, file('one.jsonl'))
    const whole = readFileSync(file('one.jsonl'), 'utf8')
    expect(whole.split('\n')).toHaveLength(1 + 2 * 10 + 1)
    for (const share of [0.02, 0.7]) {
      writeFileSync(file('cut.jsonl'), whole.slice(0, Math.floor(share * whole.length)))
      const again = await millrace(...walk, file('cut.jsonl'))
      expect(readFileSync(file('cut.jsonl'), 'utf8')).toBe(whole)
      expect(again.stdout).toBe(stdout)
    }
    expect((await millrace(...walk, file('cut.jsonl'))).stderr).toContain('going on with 20 trials that are done')
  })
  it('goes on with no other sweep, and never cuts a file of something else', async () => {
    await millrace(...grid, '--out', file('known.jsonl'))
    const other = await millrace(...grid, '--out', file('known.jsonl'), '--objective', 'sharpe', '--seed', '8')
    expect([other.exitCode, other.stderr]).toEqual([
      3,
      expect.stringMatching(/results of another sweep[\s\S]*seed: 7 there, 8 here\n {2}objective: "return" there, "sharpe" here/),
    ])
    for (const text of ['a letter', 'a letter\n']) {
      writeFileSync(file('letter.txt'), text)
      const refused = await millrace(...grid, '--out', file('letter.txt'))
      expect([refused.exitCode, refused.stderr, readFileSync(file('letter.txt'), 'utf8')]).toEqual([
        3,
        expect.stringContaining('is no file of sweep results'),
        text,
      ])
    }
    appendFileSync(file('known.jsonl'), '{"fold":0}\n')
  })
  it('keeps what is done when it is stopped, and has no result', async () => {
    const terminal = capturedTerminal()
    const settings: OptimizeSettings = {
      ...{ config: file('bots.json'), data: file('candles'), bot: 'sol', search: 'random', trials: 5, objective: 'return', minRoundTrips: 1, testShare: 0.3 },
      ...{ parameters: [{ name: 'fast', values: [4, 5, 6, 7, 8, 9] }], folds: 1, anchored: false, fromMs: undefined, toMs: undefined, timeframeMs: undefined },
      ...{ detailMs: undefined, gapPolicy: 'skip', seed: 7, threads: 1, out: file('stopped.jsonl'), html: undefined, winner: undefined, json: true },
    }
    const exitCode = await executeOptimize(settings, terminal, { listenForStop: () => ({ requested: Promise.resolve('SIGINT'), dispose: () => undefined }) })
    expect([exitCode, terminal.stdout(), terminal.stderr()]).toEqual([3, '', expect.stringContaining('stopped: what is done is kept')])
    expect(existsSync(file('stopped.jsonl'))).toBe(true)
  })
  it('takes an objective of your own, random and sequential searches', async () => {
    writeFileSync(file('own.mjs'), 'export const calm = ({ returnPercent, drawdownPercent }) => returnPercent - 2 * drawdownPercent\nexport const no = 1\n')
    for (const search of ['random', 'sequential']) {
      const found = await millrace('--param', 'fast=3:9:1', '--search', search, '--trials', '4', '--objective', `${folder}/own.mjs#calm`, '--json')
      const result = JSON.parse(found.stdout) as OptimizeResult
      const { score, metrics } = result.winner!
      expect([result.folds[0]!.trials, score]).toEqual([4, metrics.returnPercent - 2 * metrics.drawdownPercent])
    }
  })
  it('divides the time that has candles, whatever lies around it', async () => {
    const asked = await millrace(...grid, '--from', '2020-01-01', '--to', '2030-01-01', '--json')
    const all = await millrace(...grid, '--json')
    expect([asked.exitCode, asked.stdout]).toEqual([all.exitCode, all.stdout])
    expect(asked.stderr).toMatch(/the candles go from 2026-01-01T\S+ to 2026-01-05T\S+: the rest of the time asked for is left out/)
    const none = await millrace(...grid, '--from', '2029-01-01')
    expect([none.exitCode, none.stderr]).toEqual([3, expect.stringContaining('in the time asked for, received none')])
  })
  it('overwrites neither its configuration nor its candles, however they are written', async () => {
    const bots = readFileSync(file('bots.json'), 'utf8')
    for (const [flag, path, what] of [
      ['--json', `${folder}/candles/../bots.json`, 'configuration'],
      ['--winner', `${folder}/./candles`, 'candles'],
    ] as const) {
      const { exitCode, stderr } = await millrace(...grid, flag, path)
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${flag} must not name the ${what}`)])
    }
    const twice = await millrace(...grid, '--out', `${folder}/x`, '--html', `${folder}/./x`)
    expect([twice.exitCode, twice.stderr]).toEqual([2, expect.stringContaining('into the same file')])
    expect(readFileSync(file('bots.json'), 'utf8')).toBe(bots)
  })
  it.each([
    [['--param', 'fast=5:1:1'], 2, 'from <= to'],
    [[], 2, '--param <name=from:to:step> is needed'],
    [['--param', 'fats=5:9:1'], 2, 'strategy.params.fats: expected no such key'],
    [['--param', 'exits.0.params.fraction=0.1,0.2'], 2, 'param exits.0.params.fraction'],
    [['--param', 'fast=5:9:1', '--param', 'fast=5:9:1'], 2, 'a name that no other parameter has'],
    [[...grid, '--objective', 'luck'], 2, '--objective: expected return, sharpe, calmar or ./file.ts#export'],
    [[...grid, '--objective', './own.mjs#no'], 2, '--objective: cannot load'],
    [[...grid, '--folds', '1000', '--test-share', '0.9'], 2, 'parts of at least one candle'],
    [[...grid, '--folds', '2', '--test-share', '0'], 2, 'nothing to walk forward on'],
    [[...grid, '--test-share', '1'], 2, 'a share from 0 to 0.9'],
    [[...grid, '--out', 'x', '--html', 'x'], 2, 'into the same file'],
    [[...grid, '--bot', 'btc'], 2, '--bot: expected one of sol, eth, received btc'],
    [[...grid, '--bot', 'eth'], 3, 'ETH-USD'],
  ])('%j ends with exit code %d', async (argv, code, words) => {
    const { exitCode, stderr } = await millrace(...argv)
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(words)])
  })
})
