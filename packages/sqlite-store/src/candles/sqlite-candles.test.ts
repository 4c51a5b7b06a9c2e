import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS, candleColumns } from '@millrace/core'
import type { CandleColumns, EpochMs } from '@millrace/core'
import { betterSqlite3 } from '../driver.ts'
import { sqliteStore } from '../sqlite-store.ts'
import { sqliteCandles } from './sqlite-candles.ts'

const START = 1_767_225_600_000 as EpochMs
const ever = [-Infinity as EpochMs, Infinity as EpochMs] as const
const series = { instrument: 'BTC-USD', timeframeMs: MINUTE_MS, source: 'csv' }
const row = (minute: number, close = 100 + Math.sin(minute)) => ({
  openTime: START + minute * MINUTE_MS,
  open: 100,
  high: 110,
  low: 90,
  close,
  volume: minute / 3,
})
const minutes = (from: number, to: number): CandleColumns => candleColumns(Array.from({ length: to - from }, (_, i) => row(from + i)))
const plain = ({ openTime, open, high, low, close, volume }: CandleColumns) => [openTime, open, high, low, close, volume].map((column) => Array.from(column))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-candles-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a file of candles', () => {
  it('gives back what was put, to the bit, over days and over a new opening', () => {
    const path = join(folder, 'whole.db')
    const columns = minutes(0, 3_000)
    const first = sqliteCandles(path)
    expect(first.put(series, columns)).toEqual({ added: 3_000, unchanged: 0, corrected: 0 })
    first.close()
    const again = sqliteCandles(path)
    expect(plain(again.read(series, ...ever))).toEqual(plain(columns))
    expect(again.verify()).toEqual([])
    again.close()
  })
  it('gives candles that open at or after a moment and end at or before another', () => {
    const candles = sqliteCandles(':memory:')
    candles.put(series, minutes(0, 3_000))
    const part = candles.read(series, (START + 1_439.5 * MINUTE_MS) as EpochMs, (START + 1_443.5 * MINUTE_MS) as EpochMs)
    expect(Array.from(part.openTime, (ms) => (ms - START) / MINUTE_MS)).toEqual([1_440, 1_441, 1_442])
    expect(candles.read(series, (START + 9 * DAY_MS) as EpochMs, Infinity as EpochMs).length).toBe(0)
    expect(candles.read({ ...series, source: 'other' }, ...ever).length).toBe(0)
    candles.close()
  })
  it('adds to a day without a revision, and keeps what a correction corrects', () => {
    const candles = sqliteCandles(':memory:')
    candles.put(series, minutes(0, 10))
    expect(candles.put(series, minutes(5, 20))).toEqual({ added: 10, unchanged: 5, corrected: 0 })
    expect(candles.revisions(series)).toEqual([])
    expect(candles.put(series, candleColumns([row(3, 95), row(4)]))).toEqual({ added: 0, unchanged: 1, corrected: 1 })
    expect(candles.read(series, ...ever).close[3]).toBe(95)
    expect(candles.revisions(series)).toEqual([
      { dayMs: START, revision: 1, corrected: 0, rows: 20 },
      { dayMs: START, revision: 2, corrected: 1, rows: 20 },
    ])
    expect(plain(candles.readRevision(series, START, 1))).toEqual(plain(minutes(0, 20)))
    expect(() => candles.readRevision(series, START, 3)).toThrow(/expected a revision that is there/)
    candles.close()
  })
  it('is the same whatever the pieces and their order were', () => {
    const candles = sqliteCandles(':memory:')
    for (const [from, to] of [
      [1_500, 2_000],
      [0, 100],
      [90, 1_600],
      [1_999, 2_100],
    ] as const)
      candles.put(series, minutes(from, to))
    expect(plain(candles.read(series, ...ever))).toEqual(plain(minutes(0, 2_100)))
    expect(candles.list()).toEqual([{ series, fromMs: START, toMs: START + 2_100 * MINUTE_MS, rows: 2_100, gaps: 0, missing: 0 }])
    candles.close()
  })
  it('counts what is missing, within days and between them', () => {
    const candles = sqliteCandles(':memory:')
    candles.put(series, minutes(0, 10))
    candles.put(series, minutes(15, 1_430))
    candles.put(series, minutes(1_450, 1_460))
    candles.put({ ...series, instrument: 'ETH-USD', timeframeMs: DAY_MS }, candleColumns([{ ...row(0) }]))
    expect(candles.list().map(({ series: { instrument }, rows, gaps, missing }) => [instrument, rows, gaps, missing])).toEqual([
      ['BTC-USD', 1_435, 2, 25],
      ['ETH-USD', 1, 0, 0],
    ])
    candles.close()
  })
  it.each([
    ['a row out of order', candleColumns([row(2), row(1)]), /row 1: expected a time after/],
    ['a row that is no start of a candle', candleColumns([{ ...row(0), openTime: START + 1 }]), /row 0: expected the start of a candle of 60000 ms/],
    ['a high below the close', candleColumns([{ ...row(0), high: 95, close: 99 }]), /row 0: expected 0 < low/],
    ['a price that is none', candleColumns([{ ...row(0), low: Number.NaN }]), /received .*low NaN/],
  ])('refuses %s, and stores nothing of it', (_name, columns, message) => {
    const candles = sqliteCandles(':memory:')
    expect(() => candles.put(series, columns)).toThrow(message)
    expect(candles.list()).toEqual([])
    expect(() => candles.put({ ...series, timeframeMs: 0 }, minutes(0, 1))).toThrow(/a timeframe in whole milliseconds/)
    expect(() => candles.put({ ...series, source: '' }, minutes(0, 1))).toThrow(/an instrument and a source/)
    candles.close()
  })
  it('finds a byte that has changed', () => {
    const path = join(folder, 'damaged.db')
    const candles = sqliteCandles(path)
    candles.put(series, minutes(0, 10))
    candles.close()
    const db = betterSqlite3()(path)
    const { columns } = db.prepare('SELECT columns FROM days').get() as { columns: Uint8Array }
    columns[100]! ^= 1
    db.prepare('UPDATE days SET columns = ?').run(columns)
    db.close()
    const again = sqliteCandles(path)
    expect(again.verify()).toEqual(['series 1, day 2026-01-01, revision 1: the candles are not those that were written'])
    again.close()
  })
  it('is no journal, and a journal is no file of candles', () => {
    const [journal, candles] = [join(folder, 'journal.db'), join(folder, 'candles.db')]
    sqliteStore(journal).open({ environment: 'paper' }).close()
    sqliteCandles(candles).close()
    expect(() => sqliteCandles(journal)).toThrow(/is not a file of candles. The file was not changed/)
    expect(() => sqliteStore(candles).open({ environment: 'paper' })).toThrow(/is not a Millrace store/)
    writeFileSync(join(folder, 'text.db'), 'no database, but long enough to be one, if it were one at all')
    expect(() => sqliteCandles(join(folder, 'text.db'))).toThrow(/damaged|not a|corrupt/i)
    expect(() => sqliteCandles(join(folder, 'nowhere', 'x.db'))).toThrow(/its folder does not exist/)
    const db = betterSqlite3()(candles)
    db.exec('PRAGMA user_version = 99')
    db.close()
    expect(() => sqliteCandles(candles)).toThrow(/newer release/)
    expect(existsSync(`${candles}-wal`)).toBe(false)
  })
})
