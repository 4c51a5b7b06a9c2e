import { existsSync } from 'node:fs'
import type { CandleColumns, PutReport, Series } from '@millrace/core'
import type { SqliteCandles } from '@millrace/sqlite-store'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/** Where candles are kept when `--db` is not given. */
export const candleFile = 'candles.db'

/** Opens a file of candles that is there. */
async function openCandles(path: string): Promise<SqliteCandles> {
  if (!existsSync(path)) throw new CliError(exitCodes.refused, `${path}: there is no such file; make it with millrace data import or data fetch`)
  return openFile(path)
}

/** Only what needs the file loads the native part. */
const openFile = async (path: string): Promise<SqliteCandles> => (await import('@millrace/sqlite-store')).sqliteCandles(path)

/** Opens a file of candles that is there, uses and closes it. */
export async function withCandles<T>(path: string, use: (candles: SqliteCandles) => T | Promise<T>): Promise<T> {
  const candles = await openCandles(path)
  try {
    return await use(candles)
  } finally {
    candles.close()
  }
}

/** Keeps candles in a file that is made when the first of them come: what fails before leaves none behind. */
export async function storingCandles<T>(path: string, use: (put: (series: Series, columns: CandleColumns) => Promise<PutReport>) => Promise<T>): Promise<T> {
  let candles: SqliteCandles | undefined
  try {
    return await use(async (series, columns) => {
      if (columns.length === 0) return { added: 0, unchanged: 0, corrected: 0 }
      candles ??= await openFile(path)
      return candles.put(series, columns)
    })
  } finally {
    candles?.close()
  }
}
