import type { Candle, CandleColumns, CandleQuery, EpochMs } from '@millrace/core'
import { candleColumns } from '@millrace/core'
import { z } from 'zod'
import type { RestClient } from '../rest/rest-client.ts'
import { CoinbaseError } from '../rest/coinbase-error.ts'
import { candleSchema } from '../wire/candle.ts'
import { problemOf } from '../wire/values.ts'
import { granularityOf } from './granularity.ts'

/** The venue refuses more than 350 outright; sources differ about the exact number, so we stay well below. */
const CANDLES_PER_REQUEST = 300

const answerSchema = z.object({ candles: z.array(z.unknown()) })

export interface CandlePage {
  readonly columns: CandleColumns
  /** Rows that could not be read; they are missing from the columns. */
  readonly problems: readonly string[]
}

/**
 * Reads closed candles of [from, to), oldest first. Buckets without trades are missing, as at the venue: nothing is made up. The bucket that is
 * still forming at `nowMs` is left out, whatever the venue sends.
 *
 * @param path - `/market/products` for the public twin, `/products` with a key
 */
export async function fetchCandles(rest: RestClient, path: string, query: CandleQuery, nowMs: number, signal?: AbortSignal): Promise<CandlePage> {
  const { instrument, timeframeMs } = query
  const granularity = granularityOf(timeframeMs)
  const fromMs = Math.ceil(query.fromMs / timeframeMs) * timeframeMs
  // The last bucket that ends at or before both the wanted end and the present.
  const lastMs = Math.floor(Math.min(query.toMs, nowMs) / timeframeMs) * timeframeMs - timeframeMs
  const byStart = new Map<number, Candle>()
  const problems: string[] = []
  for (let startMs = fromMs; startMs <= lastMs; startMs += CANDLES_PER_REQUEST * timeframeMs) {
    const endMs = Math.min(lastMs, startMs + (CANDLES_PER_REQUEST - 1) * timeframeMs)
    const answer = await rest.get(
      `${path}/${instrument}/candles`,
      { start: startMs / 1000, end: endMs / 1000, granularity, limit: CANDLES_PER_REQUEST },
      signal,
    )
    for (const row of rowsOf(answer)) {
      const candle = candleSchema.safeParse(row)
      if (!candle.success) problems.push(`${instrument}, candle of ${startOf(row)}: ${problemOf(candle.error)}`)
      else if (candle.data.openTime >= fromMs && candle.data.openTime <= lastMs && candle.data.openTime % timeframeMs === 0)
        byStart.set(candle.data.openTime, candle.data)
    }
  }
  const sorted = [...byStart.values()].sort((a, b) => a.openTime - b.openTime)
  return { columns: candleColumns(sorted), problems }
}

const startOf = (row: unknown): string => JSON.stringify((row as { readonly start?: unknown } | null)?.start ?? 'no time')

function rowsOf(answer: unknown): readonly unknown[] {
  const read = answerSchema.safeParse(answer)
  if (!read.success) throw new CoinbaseError('unreadable', `candles: ${problemOf(read.error)}`)
  return read.data.candles
}

/** The bucket that holds a moment. */
export const bucketOf = (ms: number, timeframeMs: number): EpochMs => (Math.floor(ms / timeframeMs) * timeframeMs) as EpochMs
