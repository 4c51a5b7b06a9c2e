import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'

let folder: string
let config: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-check-'))
  config = join(folder, 'bots.json')
  const strategy = { use: 'mean-reversion' }
  writeFileSync(
    config,
    JSON.stringify({ bots: [{ id: 'sol', instrument: 'SOL-USD', timeframe: '1m', strategy, exits: [{ use: 'stop-loss', params: { fraction: 0.02 } }] }] }),
  )
  const rows = Array.from({ length: 300 }, (_, i) => [1_767_225_600_000 + i * 60_000, 100, 101, 99, 100 + Math.sin(i / 9), 5].join(','))
  writeFileSync(join(folder, 'SOL-USD_1m.csv'), ['ts,open,high,low,close,volume', ...rows].join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function check(...argv: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(['check', ...argv], terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

describe('millrace check', () => {
  it.each(['lookahead', 'warmup', 'determinism'])('%s says of each strategy that it passed, and how often it looked', async (name) => {
    const { exitCode, stdout, stderr } = await check(name, config, '--json')
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/sol \(mean-reversion\): passed, [\d,]+ comparisons/)])
    expect(JSON.parse(stdout)).toMatchObject({ check: name, results: [{ bot: 'sol', passed: true, findings: [] }] })
  })
  it('takes recorded candles, and does not pass when there are too few', async () => {
    expect((await check('lookahead', config, '--data', folder)).stdout).toContain('passed')
    const few = await check('lookahead', config, '--data', folder, '--candles', '12')
    expect([few.exitCode, few.stdout]).toEqual([3, expect.stringContaining('is not warm within 12 candles')])
  })
  it('knows its bots', async () => {
    expect(await check('warmup', config, '--bot', 'eth')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('expected one of sol, received eth') as string,
    })
  })
})
