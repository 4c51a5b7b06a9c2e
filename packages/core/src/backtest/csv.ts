import type { RoundTripRecord } from '../contracts/analytics.ts'
import { isoTime } from '../model/iso-time.ts'
import type { EquitySample } from './equity-recorder.ts'

type Cell = string | number | undefined

/** A cell that a spreadsheet would take for a formula is given a leading apostrophe; numbers stay numbers. Quoted where commas, quotes or line ends need it. */
function cellText(cell: Cell): string {
  if (cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  const text = /^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Returns rows as CSV with a header: cells that begin with = + - @ are escaped (plain negative numbers are not), so that a name out of a configuration is never run as a formula.
 *
 * @example
 * ```ts
 * csvText(['bot', 'pnl'], [['=1+1', '-0.5']]) // => "bot,pnl\n'=1+1,-0.5\n"
 * ```
 */
export function csvText(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cellText).join(',')}\n`).join('')
}

const tradeColumns = [
  ['id', (trade) => trade.id],
  ['bot', (trade) => trade.botId],
  ['instrument', (trade) => trade.instrument],
  ['strategy', (trade) => trade.strategy],
  ['closed_by', (trade) => trade.closedBy],
  ['opened_at', (trade) => isoTime(trade.openedAtMs)],
  ['closed_at', (trade) => isoTime(trade.closedAtMs)],
  ['entries', (trade) => trade.entries.length],
  ['exits', (trade) => trade.exits],
  ['quantity', (trade) => trade.quantity],
  ['average_entry', (trade) => trade.averageEntry],
  ['average_exit', (trade) => trade.averageExit],
  ['fees', (trade) => trade.fees],
  ['gross_pnl', (trade) => trade.grossPnl],
  ['pnl', (trade) => trade.pnl],
  ['return_percent', (trade) => trade.returnPercent],
  ['grade', (trade) => trade.grade],
] as const satisfies readonly (readonly [string, (trade: RoundTripRecord) => Cell])[]

/** Round trips, one a row: amounts as exact decimal text, times in UTC. */
export const tradesCsv = (trades: readonly RoundTripRecord[]): string =>
  csvText(
    tradeColumns.map(([name]) => name),
    trades.map((trade) => tradeColumns.map(([, cell]) => cell(trade))),
  )

/** The equity curve, one moment a row. */
export const equityCsv = (curve: readonly EquitySample[]): string =>
  csvText(
    ['time', 'equity', 'buy_and_hold'],
    curve.map(({ atMs, equity, benchmark }) => [isoTime(atMs), equity, benchmark]),
  )
