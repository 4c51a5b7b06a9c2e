import type { TradePage, TradePageQuery } from '@millrace/sqlite-store'
import { countText, timeText } from '../text/format.ts'
import { table } from '../text/table.ts'
import { withTrades } from './trade-file.ts'

/** One page of the stored trades, newest first. */
export const listTrades = (db: string, query: TradePageQuery): Promise<TradePage> => withTrades(db, 'read', (history) => history.page(query))

/** A page for people; amounts as they are stored, to the last digit. */
export function tradesText({ trades, page, pages, total }: TradePage): string {
  if (total === 0) return 'no trades are stored that fit'
  const rows = trades.map(({ atMs, instrument, side, quantity, price, value, fee, feeCurrency, source }) => [
    ...[timeText(atMs), instrument, side, quantity, price, value, fee, feeCurrency, source],
  ])
  const headers = ['time', 'pair', 'side', 'quantity', 'price', 'value', 'fee', 'in', 'source']
  const last = `page ${countText(page)} of ${countText(pages)}, ${countText(total)} trades`
  return trades.length === 0 ? `${last}: this page has none` : `${table(headers, rows, [3, 4, 5, 6])}\n${last}`
}
