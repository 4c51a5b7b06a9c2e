import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TradePage } from '@millrace/sqlite-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'
import { report, reportHeader, reportRow } from './fills-report.fixture.ts'
import type { FillCells } from './fills-report.fixture.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-trades-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function trades(...argv: string[]) {
  const terminal = capturedTerminal()
  return { exitCode: await main(['trades', ...argv], terminal), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const page = async (db: string, ...argv: string[]): Promise<TradePage> => JSON.parse((await trades('list', '--db', db, '--json', ...argv)).stdout) as TradePage

describe('millrace trades', () => {
  it('[row 31] imports a report of 3,606 trades and lists them page by page, none left out and none twice', async () => {
    const [db, csv] = [join(folder, 'all.db'), file('fills.csv', report(3_606))]
    expect((await trades('import', csv, '--db', db)).stdout).toContain('3,606 added, 0 there already')
    // Importing twice changes nothing.
    const again = JSON.parse((await trades('import', csv, '--db', db, '--json')).stdout) as object
    expect(again).toEqual({ from: csv, complete: true, problems: [], added: 0, unchanged: 3_606 })
    const ids = new Set<string>()
    const times: number[] = []
    for (let number = 1; number <= 8; number++) {
      const { trades: found, total, pages } = await page(db, '--page', String(number), '--limit', '500')
      expect([total, pages, found.length]).toEqual([3_606, 8, number === 8 ? 106 : 500])
      for (const { fillId, atMs } of found) {
        ids.add(fillId)
        times.push(atMs)
      }
    }
    expect(ids.size).toBe(3_606)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    const listed = await trades('list', '--db', db, '--limit', '2')
    expect(listed.stdout).toMatch(/2025-09-01 20:01:00Z +SOL-USD +sell +0\.5 +20\.25 +10\.125 +0\.09 +USD +coinbase-csv/)
    expect(listed.stdout).toContain('page 1 of 1,803, 3,606 trades')
  })

  it('[row 31] lists by pair and time, and says when there is nothing', async () => {
    const [db, csv] = [join(folder, 'some.db'), file('some.csv', report(30))]
    await trades('import', csv, '--db', db)
    expect((await page(db, '--pair', 'eth-usd')).total).toBe(10)
    expect((await page(db, '--from', '2025-09-01T00:01Z', '--to', '2025-09-01T00:03Z')).total).toBe(6)
    expect((await page(db, '--source', 'coinbase')).trades).toEqual([])
    expect((await trades('list', '--db', db, '--pair', 'XRP-USD')).stdout).toBe('no trades are stored that fit\n')
    expect((await trades('list', '--db', db, '--page', '9')).stdout).toContain('page 9 of 1, 30 trades: this page has none')
    const none = await trades('list', '--db', join(folder, 'nowhere.db'))
    expect([none.exitCode, none.stderr]).toEqual([3, expect.stringContaining('there is no such file; make it with millrace trades import')])
  })

  it('takes columns in any order, quoted cells, and the fee of a rebate', async () => {
    const db = join(folder, 'quoted.db')
    const text = [
      '\uFEFFtrade id,created at,side,product,portfolio,size unit,size,"price/fee/total unit",price,total,fee,note',
      '7,2025-09-01T00:00:00.123456Z,sell,BTC-USD,"Mine, ""old""",BTC,0.5,USD,20.25,10.135,-0.01,=1+1',
    ].join('\r\n')
    expect((await trades('import', file('quoted.csv', text), '--db', db)).exitCode).toBe(0)
    expect((await page(db)).trades).toEqual([
      {
        ...{ source: 'coinbase-csv', fillId: 'BTC-USD:7:sell', instrument: 'BTC-USD', side: 'sell', quantity: '0.5', price: '20.25', value: '10.125' },
        ...{ fee: '-0.01', feeCurrency: 'USD', atMs: Date.UTC(2025, 8, 1) + 123, portfolio: 'Mine, "old"' },
      },
    ])
  })

  it('stores amounts as they are, and knows a trade by its pair, number and side', async () => {
    const db = join(folder, 'exact.db')
    const odd = reportRow(1, { portfolio: '"Mine, ""old"""', size: '12345678.123456789012', price: '0.0007001', fee: '77.78889', total: '8565.42' })
    const rows = [odd, reportRow(1, { side: 'BUY', total: '-10.215' }), reportRow(1, { product: 'XRP-USD' })]
    expect((await trades('import', file('exact.csv', [reportHeader, ...rows].join('\n')), '--db', db)).exitCode).toBe(0)
    const found = (await page(db)).trades
    expect(found).toHaveLength(3)
    expect(found.find(({ portfolio }) => portfolio === 'Mine, "old"')).toEqual({
      ...{
        source: 'coinbase-csv',
        fillId: 'ETH-USD:9001:sell',
        instrument: 'ETH-USD',
        side: 'sell',
        portfolio: 'Mine, "old"',
        fee: '77.78889',
        feeCurrency: 'USD',
      },
      ...{ quantity: '12345678.123456789012', price: '0.0007001', value: '8643.2092542320979873012', atMs: Date.UTC(2025, 8, 1) + 123 },
    })
  })

  it.each<readonly [string, FillCells, string]>([
    ['a pair that is none', { product: 'BTCUSD' }, 'product: expected a pair such as BTC-USD, received "BTCUSD"'],
    ['another size unit', { base: 'ETH' }, 'size unit: expected SOL, received "ETH"'],
    ['another money', { quote: 'EUR' }, 'price/fee/total unit: expected USD, received "EUR"'],
    ['no side', { side: 'HOLD', total: '1' }, 'side: expected BUY or SELL, received "HOLD"'],
    ['a size with an exponent', { size: '1e3' }, 'size: expected a decimal number, received "1e3"'],
    ['no price', { price: '0' }, 'price: expected a decimal number above 0, received "0"'],
    ['a negative price', { price: '-1' }, 'price: expected a decimal number above 0, received "-1"'],
    ['no fee', { fee: '' }, 'fee: expected a decimal number, received ""'],
    ['a time of no zone', { at: '2025-09-01 00:00' }, 'created at: expected a time in UTC such as'],
    ['no id', { id: '' }, 'trade id: expected an id of letters, digits and dashes, received ""'],
    ['a total that is another column', { total: '0.5' }, 'total: expected about 10.215, size times price with the fee, received "0.5"'],
    ['an id of a line before', { id: '9000', product: 'BTC-USD' }, 'trade id: line 2 has the same trade'],
    ['a cell too many', { total: '10,215' }, 'expected 11 cells as in the header, received 12'],
    ['a portfolio that writes on the terminal', { portfolio: 'a\u001B[2J' }, 'portfolio: expected a name of at most 200 printable characters'],
  ])('[row 31] refuses a line with %s, names it, and stores nothing', async (name, cells, words) => {
    const db = join(folder, 'bad.db')
    const csv = file('bad.csv', [reportHeader, reportRow(0), reportRow(1), reportRow(2, cells)].join('\n'))
    const refused = await trades('import', csv, '--db', db)
    expect([name, refused.exitCode, refused.stderr]).toEqual([name, 3, expect.stringContaining(`line 4: ${words}`)])
    expect((await trades('list', '--db', db)).exitCode).toBe(3)
  })

  it.each([
    ['nothing', '', 'the file is empty'],
    ['another header', 'ts,open,high\n1,2,3', 'price/fee/total unit; none of them is there'],
    ['a column twice', `${reportHeader},fee`, 'line 1: the column fee is there twice'],
    ['an open quote', `${reportHeader}\n"a`, 'line 2: a quote is never closed'],
    ['a stray quote', `${reportHeader}\na"b`, 'line 2: a quote inside of a cell without quotes'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00]), 'expected UTF-8 text'],
    ['bad lines without end', [reportHeader, ...Array.from({ length: 30 }, () => 'x')].join('\n'), 'and 20 lines more'],
  ])('refuses a file with %s', async (_, text, words) => {
    const refused = await trades('import', file('odd.csv', text), '--db', join(folder, 'odd.db'))
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining(words)])
  })

  it('refuses a report that says something else of a trade that is stored', async () => {
    const db = join(folder, 'changed.db')
    await trades('import', file('first.csv', report(3)), '--db', db)
    const changed = [reportHeader, reportRow(5), reportRow(1, { fee: '0.10', total: '10.025' })].join('\n')
    const refused = await trades('import', file('changed.csv', changed), '--db', db)
    expect([refused.exitCode, refused.stderr]).toEqual([
      3,
      expect.stringContaining('trade ETH-USD:9001:sell of coinbase-csv is there already with another fee: 0.09, received 0.1; nothing was stored'),
    ])
    expect((await page(db)).total).toBe(3)
  })

  it('wants a file or --coinbase, and never writes into a journal', async () => {
    const db = join(folder, 'any.db')
    const csv = file('any.csv', report(1))
    expect((await trades('import', '--db', db)).exitCode).toBe(2)
    expect((await trades('import', csv, '--coinbase', '--db', db)).exitCode).toBe(2)
    expect((await trades('import', csv, '--from', '2025-01-01', '--db', db)).exitCode).toBe(2)
    const { sqliteStore } = await import('@millrace/sqlite-store')
    sqliteStore(join(folder, 'trader.db')).open({ environment: 'paper' }).close()
    const refused = await trades('import', csv, '--db', join(folder, 'trader.db'))
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('is not a file of imported trades. The file was not changed')])
  })
})
