import { candleColumnsBuilder } from '../model/candle-columns.ts'
import type { CandleColumns } from '../model/candle.ts'

/** A row that is no candle. Lines are counted from 1, the header is line 1. */
export interface BadRow {
  readonly line: number
  readonly reason: string
}

/** Bad rows of a file: all are counted, the first {@link BAD_ROWS_KEPT} of each kind of check are kept. */
export interface BadRows {
  readonly count: number
  readonly kept: readonly BadRow[]
  add(line: number, reason: () => string): void
}

/** How many bad rows a report lists. */
export const BAD_ROWS_KEPT = 100

export function badRows(): BadRows {
  const kept: BadRow[] = []
  let count = 0
  return {
    kept,
    get count() {
      return count
    },
    add(line, reason) {
      count++
      if (kept.length < BAD_ROWS_KEPT) kept.push({ line, reason: reason() })
    },
  }
}

/** The rows of a file as they stand, valid ones as columns with the line of each. */
export interface ScannedRows {
  readonly rows: number
  readonly columns: CandleColumns
  readonly lines: Uint32Array
  readonly bad: BadRows
}

const header = 'ts,open,high,low,close,volume'
const fieldNames = header.split(',')
const NEWLINE = 10
const RETURN = 13
const MINUS = 45
const POINT = 46
const ZERO = 48
const COMMA = 44

/** Powers of ten that float64 holds exactly: a whole number below 2^53 divided by one of them is the nearest float64 of the decimal. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
/** Whole numbers below this are exact, and were so while they grew. */
const EXACT_BELOW = 2 ** 53
const MAX_DIGITS = 22
const FIELDS = 6
/** Times before 1973 are seconds that were taken for milliseconds. */
const EARLIEST_MS = 1e11
const LATEST_MS = 8.64e15

/** Finds the rows in the bytes of a candle file. By hand because a million rows shall take a fraction of a second. */
export function scanRows(bytes: Uint8Array, file: string): ScannedRows {
  let position = headerEnd(bytes, file)
  const builder = candleColumnsBuilder(Math.ceil(bytes.length / 40))
  let lines = new Uint32Array(Math.ceil(bytes.length / 40) + 1)
  const bad = badRows()
  const fields = new Float64Array(FIELDS + 1)
  let rows = 0
  for (let line = 2; position < bytes.length; line++) {
    const start = position
    position = scanLine(bytes, start, fields)
    if (isBlank(bytes, start, position)) continue
    rows++
    if (fields[FIELDS] === FIELDS && isCandle(fields)) {
      if (builder.length === lines.length) lines = grown(lines)
      lines[builder.length] = line
      builder.push(fields[0]!, fields[1]!, fields[2]!, fields[3]!, fields[4]!, fields[5]!)
    } else bad.add(line, () => fault(fields))
  }
  return { rows, columns: builder.build(), lines: lines.subarray(0, builder.length), bad }
}

function grown(lines: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(lines.length * 2)
  larger.set(lines)
  return larger
}

const isBlank = (bytes: Uint8Array, start: number, next: number): boolean => next - start <= 2 && (bytes[start] === NEWLINE || bytes[start] === RETURN)

function headerEnd(bytes: Uint8Array, file: string): number {
  const newline = bytes.indexOf(NEWLINE)
  const end = newline === -1 ? bytes.length : newline
  const first = new TextDecoder()
    .decode(bytes.subarray(0, Math.min(end, 200)))
    .trim()
    .toLowerCase()
  if (first !== header) throw new Error(`${file}: expected the header ${header}, received ${JSON.stringify(first)}`)
  return end + 1
}

/** Fills in the numbers of a line (NaN for what is none), behind them how many fields it has, and returns where the next line starts. */
function scanLine(bytes: Uint8Array, start: number, fields: Float64Array): number {
  let count = 0
  let position = start
  for (;;) {
    const from = position
    const negative = bytes[position] === MINUS
    if (negative) position++
    const first = position
    let whole = 0
    let point = -1
    for (; ; position++) {
      const byte = bytes[position]!
      const digit = byte - ZERO
      if (digit >= 0 && digit <= 9) whole = whole * 10 + digit
      else if (byte === POINT && point < 0) point = position
      else break
    }
    const digits = position - first - (point < 0 ? 0 : 1)
    const decimals = point < 0 ? 0 : position - point - 1
    let value = negative ? -whole / powersOfTen[decimals]! : whole / powersOfTen[decimals]!
    if (digits === 0 || whole >= EXACT_BELOW || digits > MAX_DIGITS || !endsField(bytes, position)) {
      while (!endsField(bytes, position)) position++
      value = rareNumber(bytes, from, position)
    }
    if (count < FIELDS) fields[count] = value
    count++
    if (bytes[position] === COMMA) {
      position++
      continue
    }
    fields[FIELDS] = count
    if (bytes[position] === RETURN && bytes[position + 1] === NEWLINE) position++
    return position + 1
  }
}

/** True at a comma, at the end of a line and behind the last byte. */
function endsField(bytes: Uint8Array, position: number): boolean {
  const byte = bytes[position]
  return byte === COMMA || byte === NEWLINE || byte === RETURN || byte === undefined
}

/** A number in another notation (an exponent, many digits), or NaN. */
function rareNumber(bytes: Uint8Array, from: number, to: number): number {
  const text = new TextDecoder().decode(bytes.subarray(from, to)).trim()
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
}

function isCandle(fields: Float64Array): boolean {
  const time = fields[0]!,
    open = fields[1]!,
    high = fields[2]!,
    low = fields[3]!,
    close = fields[4]!,
    volume = fields[5]!
  return (
    time >= EARLIEST_MS &&
    time <= LATEST_MS &&
    Math.floor(time) === time &&
    low > 0 &&
    open >= low &&
    open <= high &&
    close >= low &&
    close <= high &&
    high < Infinity &&
    volume >= 0 &&
    volume < Infinity
  )
}

/** What is wrong with a row that is no candle. */
function fault(fields: Float64Array): string {
  if (fields[FIELDS] !== FIELDS) return `expected ${FIELDS} fields, received ${fields[FIELDS]}`
  const [time, open, high, low, close, volume] = Array.from(fields) as [number, number, number, number, number, number]
  for (let i = 0; i < 6; i++) if (!Number.isFinite(fields[i])) return `${fieldNames[i]} is not a number`
  if (!Number.isInteger(time) || time < EARLIEST_MS || time > LATEST_MS) return `ts ${time} is not a time in milliseconds`
  for (let i = 1; i < 5; i++) if (!(fields[i]! > 0)) return `${fieldNames[i]} ${fields[i]} is not above 0`
  if (volume < 0) return `volume ${volume} is negative`
  if (high < low) return `high ${high} is below low ${low}`
  return `${open < low || open > high ? `open ${open}` : `close ${close}`} lies outside low ${low} and high ${high}`
}
