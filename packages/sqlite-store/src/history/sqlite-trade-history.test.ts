import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EpochMs } from '@millrace/core'
import { betterSqlite3 } from '../driver.ts'
import { sqliteStore } from '../sqlite-store.ts'
import { sqliteTradeHistory } from './sqlite-trade-history.ts'
import type { ImportedTrade, SqliteTradeHistory } from './sqlite-trade-history.ts'

const START = 1_767_225_600_000
const trade = (i: number, changes: Partial<ImportedTrade> = {}): ImportedTrade => ({
  ...{
    source: 'coinbase',
    fillId: `f${i}`,
    instrument: i % 3 === 0 ? 'ETH-USD' : 'BTC-USD',
    side: i % 2 === 0 ? 'buy' : 'sell',
    price: '100.5',
    quantity: '0.1',
  },
  // Several trades share a moment, as the fills of one order do.
  ...{ value: '10.05', fee: '0.09045', feeCurrency: 'USD', atMs: (START + Math.floor(i / 4) * 60_000) as EpochMs },
  ...changes,
})
const trades = (count: number): readonly ImportedTrade[] => Array.from({ length: count }, (_, i) => trade(i))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-history-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function all(history: SqliteTradeHistory, query: { readonly limit: number; readonly instrument?: string }): readonly string[] {
  const ids: string[] = []
  for (let page = 1; ; page++) {
    const { trades: found, pages } = history.page({ ...query, page })
    ids.push(...found.map(({ fillId }) => fillId))
    if (page >= pages) return ids
  }
}

describe('a file of imported trades', () => {
  it('[row 31] keeps 3,606 trades and lists them in pages without a gap or a repeat, newest first', () => {
    const path = join(folder, 'whole.db')
    const first = sqliteTradeHistory(path)
    expect(first.add(trades(3_606))).toEqual({ added: 3_606, unchanged: 0 })
    first.close()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const history = sqliteTradeHistory(path)
    for (const limit of [1_000, 97, 50]) {
      const ids = all(history, { limit })
      expect([ids.length, new Set(ids).size]).toEqual([3_606, 3_606])
      const times = ids.map((id) => trade(Number(id.slice(1))).atMs)
      expect(times.every((atMs, i) => i === 0 || atMs <= times[i - 1]!)).toBe(true)
    }
    expect(all(history, { limit: 100, instrument: 'ETH-USD' })).toHaveLength(1_202)
    history.close()
  })

  it('changes nothing when the same trades come again, and tells how far it is', () => {
    const history = sqliteTradeHistory(':memory:')
    const told: number[] = []
    history.add(trades(2_500), (done) => told.push(done))
    expect(told).toEqual([1_000, 2_000])
    expect(history.add(trades(2_600))).toEqual({ added: 100, unchanged: 2_500 })
    expect(history.page({ page: 1, limit: 1 }).total).toBe(2_600)
    history.close()
  })

  it('refuses a trade that says something else than the one of its id, and stores nothing of what came with it', () => {
    const history = sqliteTradeHistory(':memory:')
    history.add([trade(1)])
    expect(() => history.add([trade(2), trade(1, { fee: '0.1' })])).toThrow('trade f1 of coinbase is there already with another fee: 0.09045, received 0.1')
    expect(history.page({ page: 1, limit: 10 }).total).toBe(1)
    // Another source has ids of its own.
    expect(history.add([trade(1, { source: 'coinbase-csv', fee: '0.1' })])).toEqual({ added: 1, unchanged: 0 })
    history.close()
  })

  it('gives back every member, and filters by pair, source and time', () => {
    const history = sqliteTradeHistory(':memory:')
    const whole = trade(1, { orderId: 'o1', portfolio: 'Default', liquidity: 'taker' })
    history.add([whole, trade(2, { source: 'coinbase-csv' }), trade(400)])
    expect(history.page({ page: 1, limit: 10, source: 'coinbase', toMs: START + 60_000 }).trades).toEqual([whole])
    expect(history.page({ page: 1, limit: 10, fromMs: START + 6_000_000 }).trades).toEqual([trade(400)])
    expect(history.page({ page: 1, limit: 10, fromMs: START + 6_000_001 })).toEqual({ trades: [], page: 1, limit: 10, total: 0, pages: 1 })
    expect(history.page({ page: 3, limit: 2 })).toMatchObject({ trades: [], total: 3, pages: 2 })
    for (const query of [
      { page: 0, limit: 1 },
      { page: 1.5, limit: 1 },
      { page: 1, limit: 0 },
      { page: 1, limit: 1_001 },
    ])
      expect(() => history.page(query)).toThrow(/expected a whole number/)
    history.close()
  })

  it('is no journal, and a journal is no file of trades', () => {
    const [journal, path] = [join(folder, 'journal.db'), join(folder, 'trades.db')]
    sqliteStore(journal).open({ environment: 'paper' }).close()
    sqliteTradeHistory(path).close()
    expect(() => sqliteTradeHistory(journal)).toThrow(/is not a file of imported trades. The file was not changed/)
    expect(() => sqliteStore(path).open({ environment: 'paper' })).toThrow(/is not a Millrace store/)
    expect(() => sqliteTradeHistory(join(folder, 'nowhere', 'x.db'))).toThrow(/its folder does not exist/)
    const db = betterSqlite3()(path)
    db.exec('PRAGMA user_version = 99')
    db.close()
    expect(() => sqliteTradeHistory(path)).toThrow(/newer release/)
  })
})
