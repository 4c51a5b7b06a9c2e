import type { Candle, CandleColumns } from './candle.ts'
import type { EpochMs } from './time.ts'

type ColumnName = Exclude<keyof CandleColumns, 'length'>
const columnNames: readonly ColumnName[] = ['openTime', 'open', 'high', 'low', 'close', 'volume']

/** Collects candles, oldest first, into columns that grow as needed. */
export interface CandleColumnsBuilder {
  readonly length: number
  push(openTime: number, open: number, high: number, low: number, close: number, volume: number): void
  /** What was collected so far, as views: push nothing afterwards. */
  build(): CandleColumns
}

/** Returns an empty builder; `capacity` is the number of rows expected. */
export function candleColumnsBuilder(capacity = 64): CandleColumnsBuilder {
  let columns = allocate(Math.max(1, capacity))
  let length = 0
  return {
    get length() {
      return length
    },
    push(openTime, open, high, low, close, volume) {
      if (length === columns.length) columns = grown(columns)
      columns.openTime[length] = openTime
      columns.open[length] = open
      columns.high[length] = high
      columns.low[length] = low
      columns.close[length] = close
      columns.volume[length] = volume
      length++
    },
    build: () => sliceColumns(columns, 0, length),
  }
}

function allocate(length: number): CandleColumns {
  const column = (): Float64Array => new Float64Array(length)
  return { length, openTime: column(), open: column(), high: column(), low: column(), close: column(), volume: column() }
}

function grown(columns: CandleColumns): CandleColumns {
  const larger = allocate(columns.length * 2)
  for (const name of columnNames) larger[name].set(columns[name])
  return larger
}

/**
 * Returns columns of the given candles.
 *
 * @example
 * ```ts
 * candleColumns([{ openTime: 0, open: 1, high: 3, low: 1, close: 2, volume: 5 }]).high[0] // => 3
 * ```
 */
export function candleColumns(candles: readonly (Omit<Candle, 'openTime'> & { readonly openTime: number })[]): CandleColumns {
  const builder = candleColumnsBuilder(candles.length)
  for (const c of candles) builder.push(c.openTime, c.open, c.high, c.low, c.close, c.volume)
  return builder.build()
}

/** Returns candles as rows: open time, open, high, low, close, volume. */
export const rowsOfColumns = (columns: CandleColumns): (readonly [number, number, number, number, number, number])[] =>
  Array.from({ length: columns.length }, (_, row) => {
    const { openTime, open, high, low, close, volume } = candleAt(columns, row)
    return [openTime, open, high, low, close, volume] as const
  })

/** Returns rows as columns again. */
export const columnsOfRows = (rows: readonly (readonly [number, number, number, number, number, number])[]): CandleColumns =>
  candleColumns(rows.map(([openTime, open, high, low, close, volume]) => ({ openTime, open, high, low, close, volume })))

/** Returns rows `from` to `to` (exclusive) as views on the same memory. */
export const sliceColumns = (columns: CandleColumns, from: number, to: number): CandleColumns => ({
  length: Math.max(0, to - from),
  openTime: columns.openTime.subarray(from, to),
  open: columns.open.subarray(from, to),
  high: columns.high.subarray(from, to),
  low: columns.low.subarray(from, to),
  close: columns.close.subarray(from, to),
  volume: columns.volume.subarray(from, to),
})

/** Returns the given rows in the given order, copied. */
export function pickRows(columns: CandleColumns, rows: ArrayLike<number>): CandleColumns {
  const picked = allocate(rows.length)
  for (const name of columnNames) {
    for (let i = 0; i < rows.length; i++) picked[name][i] = columns[name][rows[i]!]!
  }
  return picked
}

/** Returns one row as an object of its own. */
export const candleAt = (columns: CandleColumns, row: number): Candle => ({
  openTime: columns.openTime[row]! as EpochMs,
  open: columns.open[row]!,
  high: columns.high[row]!,
  low: columns.low[row]!,
  close: columns.close[row]!,
  volume: columns.volume[row]!,
})

/** Returns the first row that opens at or after a moment; `length` when none does. */
export function firstRowFrom(columns: CandleColumns, ms: number): number {
  let low = 0
  let high = columns.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (columns.openTime[middle]! < ms) low = middle + 1
    else high = middle
  }
  return low
}

/** Returns the rows that open at or after `fromMs` and end at or before `toMs`, as views: `[from, to)` without a candle that is still forming at `toMs`. */
export const rowsBetween = (columns: CandleColumns, timeframeMs: number, fromMs: number, toMs: number): CandleColumns =>
  sliceColumns(columns, firstRowFrom(columns, fromMs), firstRowFrom(columns, toMs - timeframeMs + 1))
