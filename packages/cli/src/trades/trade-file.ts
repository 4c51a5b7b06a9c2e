import { existsSync } from 'node:fs'
import type { SqliteTradeHistory } from '@millrace/sqlite-store'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/** Where imported trades are kept when `--db` is not given. */
export const tradeFile = 'trades.db'

/** Opens a file of imported trades, uses it and closes it; one that is only read must be there. */
export async function withTrades<T>(path: string, mode: 'read' | 'write', use: (history: SqliteTradeHistory) => T): Promise<T> {
  if (mode === 'read' && !existsSync(path)) throw new CliError(exitCodes.refused, `${path}: there is no such file; make it with millrace trades import`)
  // Only what needs the file loads the native part.
  const { sqliteTradeHistory } = await import('@millrace/sqlite-store')
  const history = sqliteTradeHistory(path)
  try {
    return use(history)
  } finally {
    history.close()
  }
}
