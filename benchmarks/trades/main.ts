// npm run bench:trades [-- --trades 3606] [--json]
// How long a page of an imported trade history takes: by the library, page after page, and by the whole command, the start of its process included.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { EpochMs } from '@millrace/core'
import { sqliteTradeHistory } from '@millrace/sqlite-store'
import type { ImportedTrade, SqliteTradeHistory } from '@millrace/sqlite-store'

const { values } = parseArgs({ options: { trades: { type: 'string', default: '3606' }, json: { type: 'boolean', default: false } } })
const count = Number(values.trades)
if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`--trades: expected a whole number from 1, received ${values.trades}`)
const bin = fileURLToPath(new URL('../../packages/cli/src/bin.ts', import.meta.url))
const STARTS = 5
const ROUNDS = 5

const trade = (i: number): ImportedTrade => ({
  ...{ source: 'coinbase', fillId: `fill-${i}`, instrument: ['BTC-USD', 'ETH-USD', 'SOL-USD'][i % 3]!, side: i % 2 === 0 ? 'buy' : 'sell' },
  ...{ price: '97123.45', quantity: '0.00012345', value: '11.98984990525', fee: '0.10790864914725', feeCurrency: 'USD' },
  ...{ atMs: (Date.UTC(2025, 0, 1) + i * 60_000) as EpochMs, orderId: `order-${i}`, liquidity: 'taker' },
})

/** Milliseconds of every page of a listing, some rounds of it. */
function pageTimes(history: SqliteTradeHistory, limit: number): readonly number[] {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    for (let page = 1, pages = 1; page <= pages; page++) {
      const startedMs = performance.now()
      pages = history.page({ page, limit }).pages
      times.push(performance.now() - startedMs)
    }
  }
  return times.toSorted((a, b) => a - b)
}

function commandTimes(db: string): readonly number[] {
  const times = Array.from({ length: STARTS }, () => {
    const startedMs = performance.now()
    const { status, stderr } = spawnSync(process.execPath, ['--conditions=@millrace/source', bin, 'trades', 'list', '--db', db, '--page', '9', '--json'])
    if (status !== 0) throw new Error(`millrace trades list ended with ${status}: ${String(stderr)}`)
    return performance.now() - startedMs
  })
  return times.toSorted((a, b) => a - b)
}

const rounded = (ms: number): number => Number(ms.toPrecision(3))
const at = (sorted: readonly number[], share: number): number => rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!)

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-trades-'))
try {
  const db = join(folder, 'trades.db')
  const history = sqliteTradeHistory(db)
  const startedMs = performance.now()
  history.add(Array.from({ length: count }, (_, i) => trade(i)))
  const importMs = rounded(performance.now() - startedMs)
  const pages = [50, 1_000].map((limit) => {
    const times = pageTimes(history, limit)
    return { limit, pages: times.length, p50Ms: at(times, 0.5), p99Ms: at(times, 0.99), maxMs: rounded(times.at(-1)!) }
  })
  history.close()
  const command = commandTimes(db)
  const report = { trades: count, importMs, pages, command: { starts: STARTS, p50Ms: at(command, 0.5), maxMs: rounded(command.at(-1)!) } }
  const say = values.json ? console.error : console.log
  say(`${count} trades stored in ${importMs} ms`)
  for (const { limit, p50Ms, p99Ms, maxMs } of pages) say(`a page of ${limit}: ${p50Ms} ms, 99 of 100 within ${p99Ms} ms, at most ${maxMs} ms`)
  say(`millrace trades list, its start included: ${report.command.p50Ms} ms, at most ${report.command.maxMs} ms`)
  if (values.json) console.log(JSON.stringify(report))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
