import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'

let folder: string
let db: string
const START_MS = 1_767_225_600_000
const header = 'ts,open,high,low,close,volume'
const row = (minute: number, close = 100): string => [START_MS + minute * 60_000, 100, Math.max(101, close), 99, close, minute === 7 ? 0 : 2].join(',')
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-data-'))
  db = join(folder, 'candles.db')
  mkdirSync(join(folder, 'csv'))
  // Out of order, repeated, bad, with a hole, an outlier, and a last row that nothing proves.
  const rows = [row(0), row(2), row(1), row(2), 'nonsense,1,2', row(3), row(7), row(8, 140), row(9)]
  writeFileSync(join(folder, 'csv', 'SOL-USD_1m.csv'), [header, ...rows].join('\n'))
  writeFileSync(join(folder, 'csv', 'notes.csv'), 'x')
})
afterAll(() => rmSync(folder, { recursive: true }))

async function data(...argv: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(['data', ...argv], terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

describe('millrace data', () => {
  it('imports what is good and says what is not, then again without a change', async () => {
    const first = await data('import', join(folder, 'csv'), '--db', db)
    expect(first.exitCode).toBe(0)
    for (const words of [
      '6 added, 0 there already, 0 corrected',
      '1 row out of order',
      '1 repeated row',
      '1 bad row left out',
      '3 candles missing in 1 gap',
      'nothing proves',
      'notes.csv is not read',
    ])
      expect(first.stdout).toContain(words)
    expect((await data('import', join(folder, 'csv'), '--db', db)).stdout).toContain('0 added, 6 there already, 0 corrected')
  })
  it('keeps a correction beside what it corrects, and says so', async () => {
    writeFileSync(join(folder, 'SOL-USD_again.csv'), [header, row(0), row(1, 100.5), row(2)].join('\n'))
    expect((await data('import', join(folder, 'SOL-USD_again.csv'), '--db', db)).stdout).toContain(
      '0 added, 1 there already, 1 corrected (the older ones are kept)',
    )
    expect((await data('check', '--db', db)).stdout).toContain('2026-01-01 was corrected: 2 revisions are kept, the last changed 1 candles')
  })
  it('lists the series', async () => {
    const listed = await data('list', '--db', db)
    expect(listed.stdout).toMatch(/SOL-USD +1m +csv +2026-01-01T00:00Z +2026-01-01T00:09Z +6 +1 +3/)
    expect(JSON.parse((await data('list', '--db', db, '--json')).stdout)).toMatchObject([{ rows: 6, missing: 3 }])
  })
  it('checks stored candles and files: gaps, empty candles, outliers, and what the reader found', async () => {
    const checked = await data('check', '--db', db)
    expect([checked.exitCode, checked.stdout]).toEqual([
      0,
      expect.stringContaining('3 candles missing in 1 gap, the longest from 2026-01-01T00:04Z to 2026-01-01T00:07Z'),
    ])
    expect(checked.stdout).toContain('1 (16.7 %) without volume')
    expect(checked.stdout).toMatch(/^ *1 move of more than 20 times the usual .*close 40\.0 % at 2026-01-01T00:08Z/m)
    const files = await data('check', '--data', join(folder, 'csv'))
    expect(files.stdout).toContain('1 repeated row, 0 of them different')
    expect(files.stdout).toContain('notes.csv is not read')
  })
  it('makes candles up, the same for the same seed, and a backtest reads them from folder and store alike', async () => {
    const dir = join(folder, 'made')
    const made = await data('simulate', dir, '--pairs', 'SOL-USD', '--days', '1', '--timeframe', '5m', '--seed', '3')
    expect(made.stdout).toContain('289 made-up candles, seed 3')
    const file = join(dir, 'SOL-USD_simulated_5m.csv')
    const text = readFileSync(file, 'utf8')
    const again = await data('simulate', dir, '--pairs', 'SOL-USD', '--days', '1', '--timeframe', '5m', '--seed', '3', '--json')
    expect(JSON.parse(again.stdout)).toEqual({ dir, seed: 3, files: [{ file, pair: 'SOL-USD', candles: 289 }] })
    expect(readFileSync(file, 'utf8')).toBe(text)
    const own = join(folder, 'made.db')
    await data('import', dir, '--db', own, '--source', 'simulated')
    const config = join(folder, 'bots.json')
    writeFileSync(
      config,
      JSON.stringify({
        account: { cash: { USD: '500' } },
        bots: [{ id: 'sol', instrument: 'SOL-USD', timeframe: '15m', strategy: 'weighted-signals', actionThreshold: 0.05 }],
      }),
    )
    const hash = async (from: string): Promise<unknown> => {
      const terminal = capturedTerminal()
      expect(await main(['backtest', config, '--data', from, '--no-range', '--json'], terminal)).toBe(0)
      const { journalHash, candles } = JSON.parse(terminal.stdout()) as Record<string, unknown>
      return [journalHash, candles]
    }
    expect(await hash(own)).toEqual(await hash(dir))
    expect(((await hash(own)) as unknown[])[1]).toBe(96)
  })
  it.each([
    [['list', '--db', '/nowhere.db'], 3, 'there is no such file; make it with millrace data import'],
    [['import', '/nowhere.csv'], 3, 'there is no such file or folder'],
    [['simulate', 'x', '--pairs', 'A,,B'], 2, '--pairs'],
    [['simulate', 'x', '--pairs', 'NOPE-USD'], 2, 'NOPE-USD'],
  ])('%j is refused', async (argv, exitCode, words) => {
    expect(await data(...argv)).toMatchObject({ exitCode, stderr: expect.stringContaining(words) as string })
  })
  it('says what is wrong with a file that is named, and exits with 3 when the store is damaged', async () => {
    expect(await data('import', join(folder, 'csv', 'notes.csv'), '--db', db)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('begins with a pair') as string,
    })
    writeFileSync(join(folder, 'BTC-USD.csv'), 'time,price\n1,2')
    expect(await data('import', join(folder, 'BTC-USD.csv'), '--db', db)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('expected the header') as string,
    })
  })
})
