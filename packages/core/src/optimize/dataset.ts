import type { CandleSeries } from '../backtest/merge-series.ts'
import { sha256OfParts } from '../engine/hashing.ts'

/** What candles a sweep ran on: two series with the same hash are the same, number by number, and complete up to the same moment. */
export interface DatasetIdentity {
  readonly instrument: string
  readonly timeframeMs: number
  readonly rows: number
  /** 64 hex digits. */
  readonly sha256: string
}

const columnNames = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const

/**
 * Returns what identifies a series: SHA-256 over its six columns one after the other, each number as the eight bytes of a little-endian float64, and
 * over `completeToMs` as one more where it is said.
 *
 * @example
 * ```ts
 * const columns = candleColumns([{ openTime: 0, open: 1, high: 3, low: 1, close: 2, volume: 5 }])
 * datasetIdentity({ instrument: 'BTC-USD', timeframeMs: MINUTE_MS, columns }).rows // => 1
 * ```
 */
export function datasetIdentity({ instrument, timeframeMs, columns, completeToMs }: CandleSeries): DatasetIdentity {
  const parts = columnNames.map((name) => littleEndian(columns[name]))
  if (completeToMs !== undefined) parts.push(littleEndian(Float64Array.of(completeToMs)))
  return { instrument, timeframeMs, rows: columns.length, sha256: sha256OfParts(parts) }
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

function littleEndian(column: Float64Array): Uint8Array {
  if (isLittleEndian) return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
  const bytes = new DataView(new ArrayBuffer(column.byteLength))
  column.forEach((value, i) => bytes.setFloat64(8 * i, value, true))
  return new Uint8Array(bytes.buffer)
}

/**
 * Returns a series in words.
 *
 * @example
 * ```ts
 * datasetText({ instrument: 'BTC-USD', timeframeMs: 60_000, rows: 1440, sha256: '1f0c'.repeat(16) }) // => 'BTC-USD, candles of 60000 ms, 1440 of them, sha256 1f0c1f0c1f0c…'
 * ```
 */
export const datasetText = ({ instrument, timeframeMs, rows, sha256 }: DatasetIdentity): string =>
  `${instrument}, candles of ${timeframeMs} ms, ${rows} of them, sha256 ${sha256.slice(0, 12)}…`
