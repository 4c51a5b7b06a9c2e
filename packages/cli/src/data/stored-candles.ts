import { existsSync } from 'node:fs'
import type { SqliteCandles } from '@millrace/sqlite-store'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/** Where candles are kept when `--db` is not given. */
export const candleFile = 'candles.db'

/** Opens a file of candles; one that is only read must be there. */
export async function openCandles(path: string, mode: 'read' | 'write'): Promise<SqliteCandles> {
  if (mode === 'read' && !existsSync(path)) throw new CliError(exitCodes.refused, `${path}: there is no such file; make it with millrace data import`)
  // Only what needs the file loads the native part.
  const { sqliteCandles } = await import('@millrace/sqlite-store')
  return sqliteCandles(path)
}

/** Opens, uses and closes. */
export async function withCandles<T>(path: string, mode: 'read' | 'write', use: (candles: SqliteCandles) => T | Promise<T>): Promise<T> {
  const candles = await openCandles(path, mode)
  try {
    return await use(candles)
  } finally {
    candles.close()
  }
}
