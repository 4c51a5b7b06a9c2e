import { readFileSync, statSync } from 'node:fs'
import { coinbase, loadCredentials } from '@millrace/coinbase-adapter'
import type { CoinbaseExchange, FillHistory } from '@millrace/coinbase-adapter'
import { decimalText, multiply } from '@millrace/core'
import type { EpochMs, VenueFill } from '@millrace/core'
import type { ImportedTrade, TradesAdded } from '@millrace/sqlite-store'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { showProgress } from '../run/progress.ts'
import type { Progress } from '../run/progress.ts'
import type { Terminal } from '../terminal.ts'
import { countText } from '../text/format.ts'
import { FillsCsvError, parseFillsCsv } from './fills-csv.ts'
import { withTrades } from './trade-file.ts'

/** What came of an import. */
export interface TradesImported extends TradesAdded {
  /** The file, or `coinbase`. */
  readonly from: string
  /** False when the venue did not show everything: what it showed is stored. */
  readonly complete: boolean
  /** Why not, one line each. */
  readonly problems: readonly string[]
}

/** The longest text that is read at once, 256 MiB: some two million trades. */
const MOST_BYTES = 2 ** 28
/** Coinbase's fills by their `entry_id`. */
const COINBASE = 'coinbase'

/** Stores the trades of a fills report; a file with one bad line stores nothing. */
export async function importCsv(path: string, db: string, terminal: Terminal): Promise<TradesImported> {
  const trades = parsed(path, textOf(path))
  return { from: path, complete: true, problems: [], ...(await storing(trades, db, terminal, path)) }
}

function textOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile()) throw new CliError(exitCodes.refused, `${path}: there is no such file`)
  if (found.size > MOST_BYTES)
    throw new CliError(exitCodes.refused, `${path}: expected at most ${MOST_BYTES} bytes, received ${found.size}; import it in parts`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (cause) {
    if (cause instanceof TypeError) throw new CliError(exitCodes.refused, `${path}: expected UTF-8 text`, { cause })
    throw cause
  }
}

function parsed(path: string, text: string): readonly ImportedTrade[] {
  try {
    return parseFillsCsv(text)
  } catch (error) {
    if (error instanceof FillsCsvError)
      throw new CliError(exitCodes.refused, `${path}: this is no fills report as Coinbase writes it; nothing was stored\n${error.message}`, { cause: error })
    throw error
  }
}

/** What an import from Coinbase needs; tests put others in. */
export interface CoinbaseParts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly connect: (credentials: { readonly keyName: string; readonly secret: string }) => Pick<CoinbaseExchange, 'fillHistory' | 'close'>
}

const realParts: CoinbaseParts = { env: process.env, connect: (credentials) => coinbase({ credentials }).exchange }

export interface CoinbaseImport {
  readonly db: string
  readonly keyFile?: string
  /** From the beginning when left out. */
  readonly fromMs?: number
}

/** Stores the fills of the key's portfolio. It only reads: a key that may view is enough. */
export async function importCoinbase(
  { db, keyFile, fromMs = 0 }: CoinbaseImport,
  terminal: Terminal,
  { env, connect }: CoinbaseParts = realParts,
): Promise<TradesImported> {
  const credentials = refusing(() => loadCredentials({ env, ...(keyFile === undefined ? {} : { file: keyFile }) }))
  if (credentials === undefined)
    throw refused('there is no key: set COINBASE_KEY_FILE, or COINBASE_KEY_NAME and COINBASE_KEY_SECRET, or say --key-file <file>; one that may view is enough')
  const exchange = refusing(() => connect(credentials))
  const { items, complete, problems } = await readAll(exchange, fromMs as EpochMs, terminal)
  if (items.length === 0 && !complete) throw refused(problems.join('\n'))
  return { from: COINBASE, complete, problems, ...(await storing(items.map(tradeOfFill), db, terminal, COINBASE)) }
}

async function readAll(exchange: ReturnType<CoinbaseParts['connect']>, fromMs: EpochMs, terminal: Terminal): Promise<FillHistory> {
  const progress = showProgress(terminal.err, {})
  try {
    return await exchange.fillHistory(fromMs, (fills) => progress.count(() => `${countText(fills)} fills read`))
  } finally {
    progress.end()
    await exchange.close()
  }
}

const tradeOfFill = ({ fillId, instrument, side, price, quantity, value, fee, atMs, venueOrderId, liquidity }: VenueFill): ImportedTrade => ({
  ...{ source: COINBASE, fillId, instrument, side, price: decimalText(price), quantity: decimalText(quantity), atMs, orderId: venueOrderId, liquidity },
  ...{ value: decimalText(value ?? multiply(price, quantity)), fee: decimalText(fee.amount), feeCurrency: fee.currency },
})

function refusing<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error), error)
  }
}

const refused = (why: string, cause?: unknown): CliError => new CliError(exitCodes.refused, `--coinbase: ${why}`, { cause })

async function storing(trades: readonly ImportedTrade[], db: string, terminal: Terminal, from: string): Promise<TradesAdded> {
  const progress: Progress = showProgress(terminal.err, {})
  try {
    return await withTrades(db, 'write', (history) =>
      history.add(trades, (done) => progress.count(() => `${countText(done)} of ${countText(trades.length)} trades stored`)),
    )
  } catch (error) {
    if (error instanceof RangeError) throw new CliError(exitCodes.refused, `${from}: ${error.message}; nothing was stored`, { cause: error })
    throw error
  } finally {
    progress.end()
  }
}

/** An import for people. */
export const importedText = ({ from, added, unchanged, complete, problems }: TradesImported): string =>
  [
    `${from}: ${countText(added)} added, ${countText(unchanged)} there already`,
    ...(complete ? [] : ['this is not all that there is: import again', ...problems.map((problem) => `  ${problem}`)]),
  ].join('\n')
