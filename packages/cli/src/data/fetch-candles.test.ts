import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, parseTime, simulatedMarket } from '@millrace/core'
import type { MarketSource } from '@millrace/core'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'
import { fetchCandles } from './fetch-candles.ts'
import { withCandles } from './stored-candles.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-fetch-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const venue = simulatedMarket({ seed: 3, instruments: ['SOL-USD', 'ETH-USD'] })
const query = (more: object = {}) => ({
  pairs: ['SOL-USD', 'ETH-USD'],
  timeframeMs: MINUTE_MS,
  fromMs: parseTime('2026-01-05T18:00Z'),
  toMs: parseTime('2026-01-07T06:00Z'),
  db: join(folder, 'candles.db'),
  ...more,
})

it("stores a venue's candles a day at a time, and asks for them again without a change", async () => {
  const said: string[] = []
  const fetched = await fetchCandles(venue, query(), (line) => said.push(line))
  expect(fetched.map(({ series, added }) => [series.instrument, series.source, added])).toEqual([
    ['SOL-USD', 'simulated', 36 * 60],
    ['ETH-USD', 'simulated', 36 * 60],
  ])
  expect(said[0]).toBe('SOL-USD 1m from simulated, 2026-01-05T18:00Z to 2026-01-07T06:00Z: 2,160 added, 0 there already, 0 corrected')
  const again = await fetchCandles(venue, query(), () => undefined)
  expect(again.map(({ added, unchanged }) => [added, unchanged])).toEqual([
    [0, 2_160],
    [0, 2_160],
  ])
})

it('keeps what came before the venue went away, and says where that was', async () => {
  let asked = 0
  const flaky: Pick<MarketSource, 'id' | 'candles'> = {
    id: 'flaky',
    candles: (page) => (++asked === 2 ? Promise.reject(new Error('gone')) : venue.candles(page)),
  }
  await expect(fetchCandles(flaky, query(), () => undefined)).rejects.toThrow('SOL-USD from 2026-01-06T00:00Z: gone')
  const rows = await withCandles(query().db, (store) => store.list().find(({ series }) => series.source === 'flaky')!.rows)
  expect(rows).toBe((6 * HOUR_MS) / MINUTE_MS)
})

it('leaves no file behind when nothing came: of a venue that is away, and of one that has none', async () => {
  const db = join(folder, 'none.db')
  const away: Pick<MarketSource, 'id' | 'candles'> = { id: 'away', candles: () => Promise.reject(new Error('nobody there')) }
  await expect(fetchCandles(away, query({ db }), () => undefined)).rejects.toThrow('SOL-USD from 2026-01-05T18:00Z: nobody there')
  const said: string[] = []
  await fetchCandles(venue, query({ pairs: ['SOL-USD'], db, toMs: parseTime('2026-01-05T18:00:30Z') }), (line) => said.push(line))
  expect([said, existsSync(db)]).toEqual([['SOL-USD: simulated has no candles from 2026-01-05T18:00Z to 2026-01-05T18:00:30Z'], false])
})

it('counts the days on the way', async () => {
  const lines: string[] = []
  await fetchCandles(venue, query({ pairs: ['SOL-USD'], db: join(folder, 'counted.db') }), () => undefined, {
    count: (lineOf) => void lines.push(lineOf()),
    end: () => void lines.push('end'),
  })
  expect(lines).toEqual(['SOL-USD  2026-01-06T00:00Z   17 %', 'SOL-USD  2026-01-07T00:00Z   83 %', 'SOL-USD  2026-01-07T06:00Z  100 %', 'end'])
})

it.each([['SOL-USD,'], ['sol'], ['SOL-USD ETH-USD']])('is refused of %j, which are no pairs', async (pairs) => {
  const terminal = capturedTerminal()
  expect(await main(['data', 'fetch', pairs, '--from', '2026-01-01', '--to', '2026-01-02'], terminal)).toBe(2)
  expect(terminal.stderr()).toContain(`pairs: expected pairs such as BTC-USD,ETH-USD, received ${JSON.stringify(pairs)}`)
})

it('finds candles of a day and longer, wherever it begins', async () => {
  const [daily] = await fetchCandles(venue, query({ pairs: ['SOL-USD'], timeframeMs: 24 * HOUR_MS, toMs: parseTime('2026-01-09T06:00Z') }), () => undefined)
  expect(daily!.added).toBe(3)
})

it('is refused with the times the wrong way round', async () => {
  const terminal = capturedTerminal()
  expect(await main(['data', 'fetch', 'SOL-USD', '--from', '2026-01-02', '--to', '2026-01-01'], terminal)).toBe(2)
  expect(terminal.stderr()).toContain('--from must lie before --to')
})
