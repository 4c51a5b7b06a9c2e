import { pickRows, sliceColumns } from '../model/candle-columns.ts'
import type { CandleColumns } from '../model/candle.ts'
import { findGaps } from '../model/gaps.ts'
import type { Gap } from '../model/gaps.ts'
import { durationText, timeText } from '../model/time-text.ts'
import type { EpochMs } from '../model/time.ts'
import { BAD_ROWS_KEPT, badRows, scanRows } from './csv-scanner.ts'
import type { BadRow, BadRows } from './csv-scanner.ts'

/** What was found in a candle file; `columns` holds the rest. */
export interface CandleCsvReport {
  /** As given to the reader. */
  readonly file: string
  /** Lines with anything on them, without the header. */
  readonly rows: number
  readonly candles: number
  /** 0 when there are too few rows to tell. */
  readonly timeframeMs: number
  readonly fromMs: EpochMs | undefined
  /** Until when candles are proven closed: the start of the last row. */
  readonly provenToMs: EpochMs | undefined
  /** The last row of the file: nothing after it proves that it was finished, so it is left out. */
  readonly unfinishedMs: EpochMs | undefined
  readonly gaps: readonly Gap[]
  /** Rows older than the one before them; they were sorted in. */
  readonly outOfOrder: number
  /** Rows of a time already there; the first one of each time is kept. `differing` of them say something else than it. */
  readonly repeated: { readonly count: number; readonly differing: number }
  /** Rows left out, in the order of the file: the first hundred; `badRows` counts all. */
  readonly bad: readonly BadRow[]
  readonly badRows: number
}

/** What a file of candles held: columns, and what was wrong with it. */
export interface CandleCsv {
  readonly columns: CandleColumns
  readonly report: CandleCsvReport
}

/**
 * Reads candles from the bytes of a CSV file `ts,open,high,low,close,volume`: `ts` is the start of the candle in epoch ms, volume is in base units.
 * The timeframe is the most common distance between rows. Nothing is mended silently: see {@link CandleCsvReport}.
 *
 * @throws Error naming the file when the header is another one
 */
export function parseCandleCsv(bytes: Uint8Array, file: string): CandleCsv {
  const scan = scanRows(bytes, file)
  const misaligned = badRows()
  const sorted = sortRows(scan.columns, scan.lines)
  const unique = dropRepeated(sorted.columns, sorted.lines)
  const timeframeMs = commonDistance(unique.columns)
  const aligned = dropMisaligned(unique.columns, unique.lines, timeframeMs, misaligned)
  const last = aligned.length - 1
  const columns = sliceColumns(aligned, 0, Math.max(0, last))
  const provenToMs = last >= 0 ? (aligned.openTime[last]! as EpochMs) : undefined
  return {
    columns,
    report: {
      file,
      rows: scan.rows,
      candles: columns.length,
      timeframeMs,
      fromMs: columns.length > 0 ? (columns.openTime[0]! as EpochMs) : undefined,
      provenToMs,
      unfinishedMs: provenToMs,
      // The unfinished row counts here: what is missing before it is missing.
      gaps: timeframeMs > 0 ? findGaps(aligned, timeframeMs) : [],
      outOfOrder: sorted.outOfOrder,
      repeated: unique.repeated,
      bad: [...scan.bad.kept, ...misaligned.kept].sort((a, b) => a.line - b.line).slice(0, BAD_ROWS_KEPT),
      badRows: scan.bad.count + misaligned.count,
    },
  }
}

interface Rows {
  readonly columns: CandleColumns
  readonly lines: Uint32Array
}

function sortRows(columns: CandleColumns, lines: Uint32Array): Rows & { readonly outOfOrder: number } {
  let outOfOrder = 0
  for (let i = 1; i < columns.length; i++) if (columns.openTime[i]! < columns.openTime[i - 1]!) outOfOrder++
  if (outOfOrder === 0) return { columns, lines, outOfOrder }
  const order = Uint32Array.from(lines.keys()).sort((a, b) => columns.openTime[a]! - columns.openTime[b]! || a - b)
  return { columns: pickRows(columns, order), lines: order.map((row) => lines[row]!), outOfOrder }
}

function dropRepeated(columns: CandleColumns, lines: Uint32Array): Rows & Pick<CandleCsvReport, 'repeated'> {
  const { openTime } = columns
  let count = 0
  let differing = 0
  for (let i = 1, first = 0; i < columns.length; i++) {
    if (openTime[i] !== openTime[first]) first = i
    else {
      count++
      if (!sameRow(columns, first, i)) differing++
    }
  }
  return { ...keepRows(columns, lines, count, (i) => i === 0 || openTime[i] !== openTime[i - 1]), repeated: { count, differing } }
}

function keepRows(columns: CandleColumns, lines: Uint32Array, dropped: number, keep: (row: number) => boolean): Rows {
  if (dropped === 0) return { columns, lines }
  const kept = new Uint32Array(columns.length - dropped)
  for (let i = 0, n = 0; i < columns.length; i++) if (keep(i)) kept[n++] = i
  return { columns: pickRows(columns, kept), lines: kept.map((row) => lines[row]!) }
}

const sameRow = (c: CandleColumns, a: number, b: number): boolean =>
  c.open[a] === c.open[b] && c.high[a] === c.high[b] && c.low[a] === c.low[b] && c.close[a] === c.close[b] && c.volume[a] === c.volume[b]

/** The most common distance between neighbours, the shorter of two equally common ones; 0 when there are not two rows. */
function commonDistance(columns: CandleColumns): number {
  const counts = new Map<number, number>()
  let distance = 0
  let run = 0
  const count = (): void => {
    if (run > 0) counts.set(distance, (counts.get(distance) ?? 0) + run)
  }
  for (let i = 1; i < columns.length; i++) {
    const next = columns.openTime[i]! - columns.openTime[i - 1]!
    if (next === distance) run++
    else {
      count()
      distance = next
      run = 1
    }
  }
  count()
  let common = 0
  for (const [candidate, times] of counts) {
    const best = counts.get(common) ?? 0
    if (times > best || (times === best && candidate < common)) common = candidate
  }
  return common
}

function dropMisaligned(columns: CandleColumns, lines: Uint32Array, timeframeMs: number, bad: BadRows): CandleColumns {
  if (timeframeMs === 0) return columns
  // Not by the remainder operator, which takes as long as reading the row did.
  const isStart = (row: number): boolean => Math.floor(columns.openTime[row]! / timeframeMs) * timeframeMs === columns.openTime[row]!
  for (let i = 0; i < columns.length; i++) {
    if (!isStart(i)) bad.add(lines[i]!, () => `${timeText(columns.openTime[i]!)} is not the start of a ${durationText(timeframeMs)} candle`)
  }
  return keepRows(columns, lines, bad.count, isStart).columns
}
