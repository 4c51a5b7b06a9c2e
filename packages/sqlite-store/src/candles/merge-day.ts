import type { CandleColumns, Series } from '@millrace/core'
import { COLUMNS, emptyColumns } from './day-blob.ts'

export interface MergedDay {
  readonly columns: CandleColumns
  readonly added: number
  readonly unchanged: number
  readonly corrected: number
}

/** Joins a stored day with rows `from` to `to` (exclusive) of new candles, both in order of time; where both have one, the new one counts. */
export function mergeDay(known: CandleColumns, columns: CandleColumns, from: number, to: number): MergedDay {
  const merged = emptyColumns(known.length + to - from)
  let [length, added, unchanged, corrected] = [0, 0, 0, 0]
  let [i, j] = [0, from]
  while (i < known.length || j < to) {
    const old = i < known.length ? known.openTime[i]! : Infinity
    const fresh = j < to ? columns.openTime[j]! : Infinity
    if (old < fresh) copyRow(known, i++, merged, length++)
    else {
      if (fresh < old) added++
      else if (sameRow(known, i++, columns, j)) unchanged++
      else corrected++
      copyRow(columns, j++, merged, length++)
    }
  }
  const cut = (column: Float64Array): Float64Array => column.subarray(0, length)
  const { openTime, open, high, low, close, volume } = merged
  return {
    columns: { length, openTime: cut(openTime), open: cut(open), high: cut(high), low: cut(low), close: cut(close), volume: cut(volume) },
    added,
    unchanged,
    corrected,
  }
}

function copyRow(from: CandleColumns, row: number, to: CandleColumns, at: number): void {
  for (const name of COLUMNS) to[name][at] = from[name][row]!
}

const sameRow = (a: CandleColumns, i: number, b: CandleColumns, j: number): boolean => COLUMNS.every((name) => a[name][i] === b[name][j])

/** What keeps candles from being stored, in words; undefined when nothing does. */
export function problemOf({ instrument, timeframeMs, source }: Series, columns: CandleColumns): string | undefined {
  if (instrument === '' || source === '') return `expected a series with an instrument and a source, received ${JSON.stringify({ instrument, source })}`
  if (!Number.isSafeInteger(timeframeMs) || timeframeMs <= 0) return `expected a timeframe in whole milliseconds above 0, received ${timeframeMs}`
  for (let i = 0; i < columns.length; i++) {
    const [time, open, high, low, close, volume] = COLUMNS.map((name) => columns[name][i]!) as [number, number, number, number, number, number]
    if (!Number.isSafeInteger(time) || time % timeframeMs !== 0) return `row ${i}: expected the start of a candle of ${timeframeMs} ms, received ${time}`
    if (i > 0 && !(time > columns.openTime[i - 1]!)) return `row ${i}: expected a time after ${columns.openTime[i - 1]}, received ${time}`
    if (!(low > 0 && low <= open && low <= close && high >= open && high >= close && high < Infinity && volume >= 0 && volume < Infinity))
      return `row ${i}: expected 0 < low <= open, close <= high and a volume from 0, received open ${open}, high ${high}, low ${low}, close ${close}, volume ${volume}`
  }
  return undefined
}
