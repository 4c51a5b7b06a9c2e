import { createHash } from 'node:crypto'
import type { CandleColumns } from '@millrace/core'

/** Columns of a day, one after the other, each as little-endian float64. */
export const COLUMNS = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const
const BYTES = 8

/** Writes rows `from` to `to` (exclusive) as a blob. */
export function encodeDay(columns: CandleColumns, from: number, to: number): Uint8Array {
  const rows = to - from
  const blob = new Uint8Array(rows * COLUMNS.length * BYTES)
  const view = new DataView(blob.buffer)
  COLUMNS.forEach((name, c) => {
    for (let i = 0; i < rows; i++) view.setFloat64((c * rows + i) * BYTES, columns[name][from + i]!, true)
  })
  return blob
}

/** True where the machine's own order of bytes is that of the blobs: then columns are copied whole. */
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** Copies a blob's columns into larger ones, at a row. */
export function decodeDay(blob: Uint8Array, rows: number, into: CandleColumns, at: number): void {
  COLUMNS.forEach((name, c) => {
    const start = blob.byteOffset + c * rows * BYTES
    const target = into[name]
    if (littleEndian) {
      // A blob may begin anywhere in its memory, and a view of float64 may not.
      new Uint8Array(target.buffer, target.byteOffset + at * BYTES, rows * BYTES).set(new Uint8Array(blob.buffer, start, rows * BYTES))
      return
    }
    const view = new DataView(blob.buffer, start, rows * BYTES)
    for (let i = 0; i < rows; i++) target[at + i] = view.getFloat64(i * BYTES, true)
  })
}

export function emptyColumns(length: number): CandleColumns {
  const column = (): Float64Array => new Float64Array(length)
  return { length, openTime: column(), open: column(), high: column(), low: column(), close: column(), volume: column() }
}

export const sumOf = (blob: Uint8Array): string => createHash('sha256').update(blob).digest('hex')
