import { closeSync, existsSync, openSync } from 'node:fs'
import type { EpochMs, Side } from '@millrace/core'
import { betterSqlite3 } from '../driver.ts'
import type { SqliteDatabase, SqliteStatement, SqliteValue } from '../driver.ts'
import { migrateFile } from '../migrate-file.ts'
import { openFailed } from '../open-database.ts'
import { IN_MEMORY, databasePath } from '../paths.ts'
import { historyFile } from './history-schema.ts'

/** A trade that a venue says was made, by a bot or by hand. Amounts are exact decimal text. */
export interface ImportedTrade {
  /** Where it was told, as in `coinbase` or `coinbase-csv`; each source has ids of its own. */
  readonly source: string
  /** The venue's own id: the same one is the same trade. */
  readonly fillId: string
  readonly instrument: string
  readonly side: Side
  readonly price: string
  readonly quantity: string
  /** Price times quantity in the quote currency, without the fee. */
  readonly value: string
  readonly fee: string
  readonly feeCurrency: string
  readonly atMs: EpochMs
  readonly orderId?: string
  readonly portfolio?: string
  readonly liquidity?: string
}

/** What came of an import. */
export interface TradesAdded {
  readonly added: number
  /** Trades that were there already, with the same facts. */
  readonly unchanged: number
}

/** Which trades to list. */
export interface TradePageQuery {
  /** From 1. */
  readonly page: number
  /** Trades on a page, 1 to 1000. */
  readonly limit: number
  /** Inclusive. */
  readonly fromMs?: number
  /** Exclusive. */
  readonly toMs?: number
  readonly instrument?: string
  readonly source?: string
}

/** One page of trades, newest first. */
export interface TradePage {
  readonly trades: readonly ImportedTrade[]
  readonly page: number
  readonly limit: number
  /** Trades of all pages. */
  readonly total: number
  /** At least 1. */
  readonly pages: number
}

/** Imported trades in one SQLite file. */
export interface SqliteTradeHistory {
  /**
   * Stores trades, all of them or none; what is there already stays as it is.
   *
   * @param progress - told now and then how many of them are done
   * @throws RangeError when one has the id of another trade that says something else
   */
  add(trades: readonly ImportedTrade[], progress?: (done: number) => void): TradesAdded
  /** @throws RangeError when the page or the limit is out of range */
  page(query: TradePageQuery): TradePage
  close(): void
}

const columns = ['source', 'fill_id', 'instrument', 'side', 'price', 'quantity', 'value', 'fee', 'fee_currency', 'at_ms', 'order_id', 'portfolio', 'liquidity']
const names = columns.join(', ')
const TELL_EVERY = 1_000

type Row = Readonly<Record<string, string | number | null>>

/**
 * Opens a file of imported trades. It is no journal: nothing in it reaches a bot's books, its limits or its P&L.
 *
 * @param path - a file, made when it does not exist and readable by its owner only, or `':memory:'`
 * @throws EngineError `NODE_TOO_OLD`, `STORE_CORRUPT` when it is another kind of file, `STORE_NEWER`, `STORE_LOCKED`, `JOURNAL_FAILED`
 * @example
 * ```ts
 * import { parseTime } from '@millrace/core'
 *
 * const history = sqliteTradeHistory(':memory:')
 * const terms = { instrument: 'BTC-USD', side: 'buy', price: '50000', quantity: '0.001', value: '50', fee: '0.45', feeCurrency: 'USD' } as const
 * const trade = { source: 'coinbase', fillId: 'f1', atMs: parseTime('2026-01-01'), ...terms }
 * history.add([trade]) // => { added: 1, unchanged: 0 }
 * history.add([trade]) // => { added: 0, unchanged: 1 }
 * history.page({ page: 1, limit: 50 }).total // => 1
 * history.close()
 * ```
 */
export function sqliteTradeHistory(path: string): SqliteTradeHistory {
  let db: SqliteDatabase | undefined
  try {
    const file = path === IN_MEMORY ? IN_MEMORY : databasePath(path)
    // What somebody traded is nobody else's business.
    if (file !== IN_MEMORY && !existsSync(file)) closeSync(openSync(file, 'a', 0o600))
    db = betterSqlite3()(file)
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON')
    migrateFile(db, path, historyFile)
    // An import can be made again: the journal's caution is not needed here.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    return tradeHistory(db)
  } catch (error) {
    db?.close()
    throw openFailed(path, error)
  }
}

function tradeHistory(db: SqliteDatabase): SqliteTradeHistory {
  const known = db.prepare(`SELECT ${names} FROM trades WHERE source = ? AND fill_id = ?`)
  const insert = db.prepare(`INSERT INTO trades (${names}) VALUES (${columns.map(() => '?').join(', ')})`)
  return {
    add(trades, progress) {
      const counts = { added: 0, unchanged: 0 }
      db.exec('BEGIN IMMEDIATE')
      try {
        for (const [i, trade] of trades.entries()) {
          counts[put(trade, known, insert)]++
          if ((i + 1) % TELL_EVERY === 0) progress?.(i + 1)
        }
        db.exec('COMMIT')
        return counts
      } catch (error) {
        if (db.inTransaction) db.exec('ROLLBACK')
        throw error
      }
    },
    page: (query) => pageOf(db, query),
    close: () => void db.close(),
  }
}

function put(trade: ImportedTrade, known: SqliteStatement, insert: SqliteStatement): keyof TradesAdded {
  const values = valuesOf(trade)
  const there = known.get(trade.source, trade.fillId) as Row | undefined
  if (there === undefined) {
    insert.run(...values)
    return 'added'
  }
  const differing = columns.findIndex((column, i) => there[column] !== values[i])
  if (differing === -1) return 'unchanged'
  throw new RangeError(
    `trade ${trade.fillId} of ${trade.source} is there already with another ${columns[differing]}: ${there[columns[differing]!]}, received ${String(values[differing])}`,
  )
}

const valuesOf = (trade: ImportedTrade): readonly SqliteValue[] => [
  ...[trade.source, trade.fillId, trade.instrument, trade.side, trade.price, trade.quantity, trade.value, trade.fee, trade.feeCurrency, trade.atMs],
  ...[trade.orderId ?? null, trade.portfolio ?? null, trade.liquidity ?? null],
]

function tradeOf(row: Row): ImportedTrade {
  const { order_id: orderId, portfolio, liquidity } = row as Readonly<Record<string, string | null>>
  const { source, fill_id: fillId, instrument, side, price, quantity, value, fee, fee_currency: feeCurrency } = row as Readonly<Record<string, string>>
  return {
    ...{ source: source!, fillId: fillId!, instrument: instrument!, side: side as Side, price: price!, quantity: quantity!, value: value!, fee: fee! },
    ...{ feeCurrency: feeCurrency!, atMs: row['at_ms'] as EpochMs },
    ...(orderId !== null && { orderId: orderId! }),
    ...(portfolio !== null && { portfolio: portfolio! }),
    ...(liquidity !== null && { liquidity: liquidity! }),
  }
}

function pageOf(db: SqliteDatabase, { page, limit, fromMs, toMs, instrument, source }: TradePageQuery): TradePage {
  if (!Number.isSafeInteger(page) || page < 1) throw new RangeError(`page: expected a whole number from 1, received ${page}`)
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 1000) throw new RangeError(`limit: expected a whole number from 1 to 1000, received ${limit}`)
  const conditions: readonly (readonly [string, SqliteValue | undefined])[] = [
    ['instrument = ?', instrument],
    ['source = ?', source],
    ['at_ms >= ?', fromMs],
    ['at_ms < ?', toMs],
  ]
  const given = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]))
  const where = given.length === 0 ? '' : `WHERE ${given.map(({ sql }) => sql).join(' AND ')}`
  const values = given.map(({ value }) => value)
  const { total } = db.prepare(`SELECT count(*) AS total FROM trades ${where}`).get(...values) as { readonly total: number }
  // Newest first; the ids make the order total, so that no page has what another one has.
  const rows = db
    .prepare(`SELECT ${names} FROM trades ${where} ORDER BY at_ms DESC, source DESC, fill_id DESC LIMIT ? OFFSET ?`)
    .all(...values, limit, (page - 1) * limit) as Row[]
  return { trades: rows.map(tradeOf), page, limit, total, pages: Math.max(1, Math.ceil(total / limit)) }
}
