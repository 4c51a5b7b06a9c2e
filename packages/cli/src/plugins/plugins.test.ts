import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'

// Modules named in a configuration, through every command that reads one.

let folder: string
let config: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-own-'))
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  config = join(folder, 'bots.json')
  writeFileSync(
    join(folder, 'own.ts'),
    `import { defineStrategy } from '@millrace/core'
import { sma } from '@millrace/indicators'
import { z } from 'zod'

const make = (id: string, score: (close: number, mean: number) => number) =>
  defineStrategy({
    id,
    params: z.strictObject({ period: z.int().min(2).default(5) }),
    indicators: (p) => ({ mean: sma(p.period) }),
    components: { distance: ({ reading }) => \`\${reading.toFixed(2)} % off\` },
    evaluate: ({ candle, readings }, _p, signal) => signal.add('distance', score(candle.close, readings.mean.value), 1, 100 * (candle.close / readings.mean.value - 1)),
  })

export const steady = make('steady', (close, mean) => (close > mean ? 0.5 : -0.5))
export const broken = make('broken', (close, mean) => { if (close < mean) throw new Error('no idea below the mean'); return 0.1 })
export const undecided = make('undecided', (close, mean) => (close < mean ? Number.NaN : 0.1))
export const brokenExit = { apiVersion: 1, id: 'x-broken-exit', check() { throw new Error('the exit is blocked') } }
`,
  )
  const bot = (id: string, use: string) => ({
    id,
    instrument: 'SOL-USD',
    timeframe: '1m',
    confirm: '1m',
    strategy: `./own.ts#${use}`,
    exits: ['./own.ts#brokenExit'],
  })
  writeFileSync(config, JSON.stringify({ account: { cash: { USD: '500' } }, bots: [bot('good', 'steady'), bot('throws', 'broken'), bot('nan', 'undecided')] }))
  await millrace('data', 'simulate', join(folder, 'candles'), '--pairs', 'SOL-USD', '--days', '1')
})
afterAll(() => rmSync(folder, { recursive: true }))

async function millrace(...argv: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(argv, terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

describe('plugins named by their module', () => {
  it('stop their own bot when they throw or say NaN, with the reason; an exit rule that throws stops nobody; the others go on', async () => {
    const db = join(folder, 'run.db')
    const run = await millrace('run', '--config', config, '--market', 'simulated', '--until', '3h', '--speed', 'max', '--db', db, '--json')
    expect(run.exitCode).toBe(0)
    expect(run.stderr).toMatch(/module \.\/own\.ts \(sha256 [0-9a-f]{12}\)/)
    expect(run.stderr).toMatch(/PLUGIN_FAILED throws: .*no idea below the mean/)
    expect(run.stderr).toMatch(/PLUGIN_FAILED nan: .*NaN after its warm-up/)
    expect(run.stderr).toMatch(/EXIT_RULE_FAILED good: .*the exit is blocked/)
    const { orders, decisions } = JSON.parse(run.stdout) as { orders: number; decisions: number }
    expect([orders > 2, decisions]).toEqual([true, 3 * 180])
    expect((await millrace('explain', 'throws', '--db', db)).stdout).toContain('PLUGIN_FAILED')
    expect((await millrace('explain', 'good', '--db', db)).stdout).not.toContain('PLUGIN_FAILED')
  })
  it('work in a backtest, in config check and show, and in the proofs', async () => {
    const candles = join(folder, 'candles')
    expect((await millrace('backtest', config, '--data', candles, '--no-range', '--json')).exitCode).toBe(0)
    expect((await millrace('config', 'check', config)).exitCode).toBe(0)
    expect((await millrace('config', 'show', config)).stdout).toMatch(/^module \.\/own\.ts +[0-9a-f]{64}$/m)
    for (const check of ['lookahead', 'warmup']) expect((await millrace('check', check, config, '--bot', 'good')).stdout).toContain('good (steady): passed')
  })
  it('are in a recording by name only: replay takes them from the folder given', async () => {
    const recording = join(folder, 'run.recording')
    await millrace('run', '--config', config, '--market', 'simulated', '--until', '1h', '--speed', 'max', '--record', recording)
    expect((await millrace('replay', recording, '--modules', folder)).exitCode).toBe(0)
    const without = await millrace('replay', recording, '--modules', join(folder, 'candles'))
    expect([without.exitCode, without.stderr]).toEqual([3, expect.stringContaining('expected the file of a module')])
  })
  it('are refused with exit code 4 when they do not fit', async () => {
    const other = join(folder, 'other.json')
    writeFileSync(other, JSON.stringify({ bots: [{ id: 'btc', instrument: 'BTC-USD', strategy: './own.ts#stedy' }] }))
    for (const argv of [
      ['config', 'check', other],
      ['run', '--config', other],
      ['backtest', other, '--data', folder],
      ['check', 'lookahead', other],
    ]) {
      const { exitCode, stderr } = await millrace(...argv)
      expect([exitCode, stderr]).toEqual([4, expect.stringContaining('bots[0].strategy: expected an export "stedy"; did you mean "steady"?')])
    }
  })
})

describe('adapters named by their module', () => {
  const adapter = `import { paper, simulatedMarket } from '@millrace/core'
export const prices = {
  apiVersion: 1,
  id: 'prices',
  openMarket: ({ instruments, seed, untilMs }) => ({ ...simulatedMarket({ instruments, seed, until: untilMs, speed: 'max' }), id: 'own-prices' }),
}
export const away = { apiVersion: 1, id: 'away', openMarket: () => Promise.reject(new Error('the venue is away')) }
export const half = { apiVersion: 1, id: 'half', openMarket: () => ({ id: 'half' }), openExchange: ({ cash }) => paper({ cash }) }
`
  beforeAll(() => {
    writeFileSync(join(folder, 'venue.ts'), adapter)
    writeFileSync(
      join(folder, 'live.json'),
      JSON.stringify({ environment: 'live', account: { cash: { USD: '500' } }, bots: [{ id: 'sol', instrument: 'SOL-USD', preset: 'balanced' }] }),
    )
  })
  const run = (market: string, ...more: string[]) =>
    millrace('run', '--config', config, '--market', join(folder, market), '--until', '1h', '--db', ':memory:', ...more)
  it('are where prices come from', async () => {
    const { exitCode, stdout } = await run('venue.ts#prices', '--json')
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ market: 'own-prices', environment: 'paper', candles: 60 })])
  })
  it.each([
    ['venue.ts', 'one export that is an adapter with openMarket(), or its name behind a #, received prices, away, half'],
    ['venue.ts#away', 'the venue is away'],
    ['venue.ts#half', 'expected a market, received something with no instruments'],
    ['own.ts#steady', 'an adapter with openMarket() as "steady"'],
    ['nowhere.ts', 'the file of a module'],
  ])('%s is refused with exit code 3 when it cannot be one', async (market, words) => {
    const { exitCode, stderr } = await run(market)
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining(words)])
  })
  it('take orders only for a configuration that says live, and only at a venue that does', async () => {
    const orders = ['--exchange', join(folder, 'venue.ts#half'), '--live', '--db', join(folder, 'live.db'), '--no-web']
    const at = (file: string) => millrace('run', '--config', file, '--market', join(folder, 'venue.ts#prices'), ...orders)
    expect(await at(config)).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('real orders need "environment": "live"') as string })
    expect(await at(join(folder, 'live.json'))).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('expected an exchange of environment live, received paper') as string,
    })
  })
})
