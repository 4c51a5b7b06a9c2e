import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { parseCandleCsv } from './candle-csv.ts'
import type { CandleCsv } from './candle-csv.ts'

const unpack = promisify(gunzip)

/** The largest file that is unpacked, 2 GiB: some 40 million rows. */
const MAX_BYTES = 2 ** 31

/**
 * Reads a candle file `ts,open,high,low,close,volume`, plain or packed with gzip (told by its first bytes, not by its name).
 *
 * Resolves with closed candles, oldest first, and a report of everything that was not plain sailing. Rejects with an Error that names the file when
 * it cannot be read or unpacked, or has another header.
 *
 * @example
 * ```ts no-run
 * const { columns, report } = await readCandleCsv('data/BTC-USD_5m.csv.gz')
 * report.gaps.length // => 0
 * ```
 */
export async function readCandleCsv(path: string): Promise<CandleCsv> {
  const bytes = await readFile(path)
  return parseCandleCsv(bytes[0] === 0x1f && bytes[1] === 0x8b ? await unpackFile(bytes, path) : bytes, path)
}

async function unpackFile(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    return await unpack(bytes, { maxOutputLength: MAX_BYTES })
  } catch (cause) {
    throw new Error(`${path}: cannot be unpacked: ${(cause as Error).message}`, { cause })
  }
}
