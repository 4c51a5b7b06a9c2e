import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'
import { createEngine, paper, parseConfig, simulatedMarket } from '@millrace/core'
import { recordingFile } from '@millrace/core/node'
import { aboutOf, recordedConfig } from './recorded-config.ts'

let folder: string
let recording: string
let recorded: { readonly exitCode: number; readonly journalHash: unknown }
let secondTime: { readonly exitCode: number; readonly stderr: string }
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-replay-'))
  recording = join(folder, 'run.recording')
  const config = join(folder, 'bots.json')
  const bots = ['sol', 'eth'].map((id) => ({
    id,
    instrument: `${id.toUpperCase()}-USD`,
    timeframe: '1m',
    strategy: 'weighted-signals',
    actionThreshold: 0.1,
    confirm: '1m',
  }))
  writeFileSync(config, JSON.stringify({ account: { cash: { USD: '500' } }, bots }))
  const terminal = capturedTerminal()
  const run = ['run', '--config', config, '--market', 'simulated', '--seed', '4', '--until', '2h', '--speed', 'max', '--record', recording, '--json']
  recorded = { exitCode: await main(run, terminal), journalHash: (JSON.parse(terminal.stdout()) as Record<string, unknown>)['journalHash'] }
  const again = capturedTerminal()
  secondTime = { exitCode: await main(run, again), stderr: again.stderr() }
})
afterAll(() => rmSync(folder, { recursive: true }))

async function replay(file: string, ...more: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(['replay', file, ...more], terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

describe('millrace replay', () => {
  it('runs a recorded run again to the same hash', async () => {
    const { exitCode, stdout } = await replay(recording, '--json')
    expect(recorded.exitCode).toBe(0)
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ journalHash: recorded.journalHash, complete: true })])
    expect((await replay(recording)).stdout).toContain('everything came out as it was recorded')
  })
  it('is not recorded over', () => {
    expect(secondTime).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('--record: ') as string })
  })
  it('names the line of a byte that was flipped, and says when a recording was cut off', async () => {
    const bytes = readFileSync(recording)
    const place = Math.floor(bytes.length / 2)
    const line = bytes.subarray(0, place).filter((byte) => byte === 10).length + 1
    bytes[place]! ^= 4
    const changed = join(folder, 'changed.recording')
    writeFileSync(changed, bytes)
    expect(await replay(changed)).toMatchObject({ exitCode: 3, stdout: expect.stringContaining(`line ${line} is not what was written there`) as string })
    const cut = join(folder, 'cut.recording')
    writeFileSync(cut, `${readFileSync(recording, 'utf8').split('\n').slice(0, 900).join('\n')}\n`)
    expect(await replay(cut)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('cut off: the run did not end in it') as string })
  })
  it('gives a rehearsal the rule that it had', async () => {
    const config = { account: { cash: { USD: '500' } }, bots: [{ id: 'sol', instrument: 'SOL-USD', timeframe: '1m', strategy: 'weighted-signals' }] }
    const rules = async (rehearsal: boolean) => {
      const file = join(folder, `${String(rehearsal)}.recording`)
      const market = simulatedMarket({ seed: 4, until: '1m', speed: 'max', instruments: ['SOL-USD'] })
      const exchange = paper({ cash: { USD: '500' } })
      const { bots } = parseConfig(config)
      const engine = createEngine({ market, exchange, bots, environment: 'backtest', recording: recordingFile(file, aboutOf(config, [], rehearsal)) })
      await engine.start()
      await engine.finished
      return (await recordedConfig(file, '.')).account.safety.map(({ id }) => id)
    }
    expect(await rules(true)).toEqual([...(await rules(false)), 'environment'])
  })
  it('refuses what is no recording', async () => {
    writeFileSync(join(folder, 'other.txt'), 'hello')
    expect(await replay(join(folder, 'other.txt'))).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('expected the first line of a recording') as string,
    })
    writeFileSync(join(folder, 'run.db'), 'SQLite format 3\u0000\u0010')
    expect(await replay(join(folder, 'run.db'))).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('run.db is a database, not a recording') as string,
    })
    expect(await replay(join(folder, 'nothing'))).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('no such file') as string })
  })
  it('takes less than the documented four megabytes for a bot and a day of five-second prices', () => {
    // Two bots, two hours.
    expect((statSync(recording).size / 2) * 12).toBeLessThan(4e6)
    expect(existsSync(recording)).toBe(true)
  })
})
