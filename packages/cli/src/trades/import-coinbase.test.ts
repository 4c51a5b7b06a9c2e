import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coinbase } from '@millrace/coinbase-adapter'
import { startVenueSimulator } from '@millrace/coinbase-adapter/simulator'
import type { VenueSimulator } from '@millrace/coinbase-adapter/simulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { importCoinbase } from './import-trades.ts'
import type { CoinbaseParts } from './import-trades.ts'
import { listTrades } from './list-trades.ts'

const ORDERS = 230

let folder: string
let venue: VenueSimulator
let parts: CoinbaseParts
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-account-'))
  venue = await startVenueSimulator({ seed: 3, accounts: { USD: '100000' }, market: { kind: 'still' }, historyDays: 1, lag: { fillsMs: 0 } })
  // A key that may view is enough for a history.
  const { keyName, secret } = venue.generateKey('EdDSA', { canTrade: false, canTransfer: false })
  const baseUrls = { rest: venue.restUrl, marketSocket: venue.socketUrl, userSocket: venue.userSocketUrl }
  parts = {
    env: { COINBASE_KEY_NAME: keyName, COINBASE_KEY_SECRET: secret },
    connect: (credentials) => coinbase({ credentials, baseUrls }).exchange,
  }
  for (let i = 0; i < ORDERS; i++) venue.control({ do: 'ownerOrder', product: i % 2 === 0 ? 'BTC-USD' : 'ETH-USD', side: 'BUY', quoteSize: '12' })
})
afterAll(async () => {
  await venue.close()
  rmSync(folder, { recursive: true })
})

const run = (db: string, others: Partial<CoinbaseParts> = {}) => importCoinbase({ db }, capturedTerminal(), { ...parts, ...others })

it("[row 31] the account's fills are imported over all pages, exactly as the venue's ledger has them, and twice is once", async () => {
  const db = join(folder, 'account.db')
  const { fills } = venue.ledger()
  expect(fills.length).toBeGreaterThanOrEqual(ORDERS)
  expect(await run(db)).toEqual({ from: 'coinbase', complete: true, problems: [], added: fills.length, unchanged: 0 })
  expect(await run(db)).toMatchObject({ added: 0, unchanged: fills.length })
  const { trades, total } = await listTrades(db, { page: 1, limit: 1_000 })
  expect(total).toBe(fills.length)
  const told = new Map(trades.map((trade) => [trade.fillId, trade]))
  for (const { entryId, product, price, quantity, fee } of fills)
    expect(told.get(entryId)).toMatchObject({ source: 'coinbase', instrument: product, side: 'buy', price, quantity, fee, feeCurrency: 'USD' })
})

it('[row 31] what the venue does not show is said, and what it showed is stored', async () => {
  const db = join(folder, 'half.db')
  const short: CoinbaseParts['connect'] = (credentials) => {
    const exchange = parts.connect(credentials)
    return {
      ...exchange,
      fillHistory: async (fromMs, progress) => {
        const { items } = await exchange.fillHistory(fromMs, progress)
        return { items: items.slice(100), complete: false, problems: ['page 2 of /orders/historical/fills: HTTP 503'] }
      },
    }
  }
  const { complete, problems, added } = await run(db, { connect: short })
  expect([complete, problems.length, added]).toEqual([false, 1, venue.ledger().fills.length - 100])
  expect(await run(db)).toMatchObject({ complete: true, added: 100 })
})

it('no key, or one that the venue does not take, stores nothing and says why', async () => {
  const db = join(folder, 'none.db')
  await expect(run(db, { env: {} })).rejects.toThrow('--coinbase: there is no key: set COINBASE_KEY_FILE')
  await expect(run(db, { env: { ...parts.env, COINBASE_KEY_NAME: 'organizations/x/apiKeys/other' } })).rejects.toThrow(/--coinbase: page 1 of .*fills/)
  await expect(listTrades(db, { page: 1, limit: 1 })).rejects.toThrow('there is no such file')
})
