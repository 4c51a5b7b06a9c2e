import { add, currenciesOf, decimalText, isPositive, less, money, multiply, parseTime } from '@millrace/core'
import type { EpochMs } from '@millrace/core'
import type { ImportedTrade } from '@millrace/sqlite-store'
import { CsvError, csvRows } from './csv-rows.ts'
import type { CsvRow } from './csv-rows.ts'

/** The source of trades from a file: its trade ids are others than those of the API. */
const CSV_SOURCE = 'coinbase-csv'

const columns = [
  ...(['portfolio', 'trade id', 'product', 'side', 'created at', 'size', 'size unit', 'price', 'fee', 'total'] as const),
  'price/fee/total unit',
] as const
type Column = (typeof columns)[number]

/** What is wrong with a file, by line; none of it is stored. */
export class FillsCsvError extends Error {
  override readonly name = 'FillsCsvError'
}

/** A file with everything wrong says the same of each line: so many are told. */
const MOST_TOLD = 10

/**
 * Reads a fills report as Coinbase writes it. Columns may come in any order, all must be there; others are ignored.
 *
 * @throws FillsCsvError with the lines of everything that is wrong
 */
export function parseFillsCsv(text: string): readonly ImportedTrade[] {
  const [header, ...rows] = rowsOf(text)
  if (header === undefined) throw new FillsCsvError('the file is empty')
  const places = placesOf(header)
  const trades: ImportedTrade[] = []
  const problems: string[] = []
  const lines = new Map<string, number>()
  for (const { line, cells } of rows) {
    try {
      if (cells.length !== header.cells.length) throw new RangeError(`expected ${header.cells.length} cells as in the header, received ${cells.length}`)
      const trade = tradeOf((column) => cells[places.get(column)!]!.trim())
      const before = lines.get(trade.fillId)
      if (before !== undefined) throw new RangeError(`trade id: line ${before} has the same trade`)
      lines.set(trade.fillId, line)
      trades.push(trade)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      problems.push(`line ${line}: ${error.message}`)
    }
  }
  if (problems.length === 0) return trades
  const more = problems.length > MOST_TOLD ? [`and ${problems.length - MOST_TOLD} lines more`] : []
  throw new FillsCsvError([...problems.slice(0, MOST_TOLD), ...more].join('\n'))
}

function rowsOf(text: string): readonly CsvRow[] {
  try {
    return csvRows(text)
  } catch (error) {
    if (error instanceof CsvError) throw new FillsCsvError(`line ${error.line}: ${error.message}`, { cause: error })
    throw error
  }
}

const absent = (missing: readonly Column[]): string =>
  missing.length === columns.length ? 'none of them is' : missing.length === 1 ? `${missing[0]!} is not` : `${missing.join(', ')} are not`

function placesOf({ line, cells }: CsvRow): ReadonlyMap<Column, number> {
  const names = cells.map((cell) => cell.trim().toLowerCase())
  const missing = columns.filter((column) => !names.includes(column))
  if (missing.length > 0) throw new FillsCsvError(`line ${line}: expected the columns ${columns.join(', ')}; ${absent(missing)} there`)
  const twice = columns.find((column) => names.indexOf(column) !== names.lastIndexOf(column))
  if (twice !== undefined) throw new FillsCsvError(`line ${line}: the column ${twice} is there twice`)
  return new Map(columns.map((column) => [column, names.indexOf(column)]))
}

const sides = new Map([
  ['BUY', 'buy'],
  ['SELL', 'sell'],
] as const)

function tradeOf(cell: (column: Column) => string): ImportedTrade {
  const instrument = matching(cell('product'), 'product', /^[A-Z0-9]+-[A-Z0-9]+$/, 'a pair such as BTC-USD')
  const { base, quote } = currenciesOf(instrument)
  same(cell('size unit'), 'size unit', base)
  same(cell('price/fee/total unit'), 'price/fee/total unit', quote)
  const word = cell('side').toUpperCase()
  const side = sides.get(word as 'BUY' | 'SELL')
  if (side === undefined) throw wrong('side', 'BUY or SELL', cell('side'))
  const [quantity, price] = [positive(cell('size'), 'size'), positive(cell('price'), 'price')]
  const fee = decimal(cell('fee'), 'fee')
  const value = multiply(quantity, price)
  checkTotal(cell('total'), side === 'buy' ? add(value, fee) : minus(value, fee))
  const id = matching(cell('trade id'), 'trade id', /^[\w-]{1,100}$/, 'an id of letters, digits and dashes')
  const portfolio = matching(cell('portfolio'), 'portfolio', /^[^\p{Cc}]{0,200}$/u, 'a name of at most 200 printable characters')
  return {
    // Numbers of trades count for one product, and both sides of a trade have the same one.
    ...{ source: CSV_SOURCE, fillId: `${instrument}:${id}:${side}`, instrument, side, feeCurrency: quote, atMs: timeOf(cell('created at')) },
    ...{ price: decimalText(price), quantity: decimalText(quantity), value: decimalText(value), fee: decimalText(fee) },
    ...(portfolio !== '' && { portfolio }),
  }
}

const minus = (a: ReturnType<typeof money>, b: ReturnType<typeof money>): ReturnType<typeof money> => add(a, multiply(b, money('-1')))

const wrong = (column: Column, expected: string, received: string): RangeError =>
  new RangeError(`${column}: expected ${expected}, received ${JSON.stringify(received.length > 60 ? `${received.slice(0, 60)}…` : received)}`)

function matching(text: string, column: Column, pattern: RegExp, expected: string): string {
  if (!pattern.test(text)) throw wrong(column, expected, text)
  return text
}

function same(text: string, column: Column, expected: string): void {
  if (text.toUpperCase() !== expected) throw wrong(column, expected, text)
}

/** At most eighteen digits before the point: what is longer is no amount of money. */
function decimal(text: string, column: Column): ReturnType<typeof money> {
  return money(matching(text, column, /^-?\d{1,18}(\.\d{1,20})?$/, 'a decimal number'))
}

function positive(text: string, column: Column): ReturnType<typeof money> {
  const amount = decimal(text, column)
  if (!isPositive(amount)) throw wrong(column, 'a decimal number above 0', text)
  return amount
}

function timeOf(text: string): EpochMs {
  try {
    // Microseconds are more than anything here keeps.
    return parseTime(text.replace(/(\.\d{3})\d+Z$/, '$1Z'))
  } catch (cause) {
    throw new RangeError(wrong('created at', 'a time in UTC such as 2025-09-17T06:00:00.000Z', text).message, { cause })
  }
}

/** The report rounds; a total that is more than a hundredth of it away, and more than two cents, is another column's. Its sign is left to the report. */
function checkTotal(text: string, expected: ReturnType<typeof money>): void {
  const off = minus(decimal(text, 'total').abs(), expected.abs()).abs()
  if (less(multiply(expected.abs(), money('0.01')), off) && less(money('0.02'), off))
    throw wrong('total', `about ${decimalText(expected.abs())}, size times price with the fee`, text)
}
