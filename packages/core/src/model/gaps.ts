import { candleColumnsBuilder } from './candle-columns.ts'
import type { CandleColumns } from './candle.ts'
import type { EpochMs } from './time.ts'

/** What a run does about candles that are missing: go on without them, put flat candles in their place, or end the run. */
export type GapPolicy = 'skip' | 'fillForward' | 'halt'

/** Candles that should be there and are not. */
export interface Gap {
  /** Start of the first missing candle. */
  readonly fromMs: EpochMs
  /** Start of the next candle that is there. */
  readonly toMs: EpochMs
  readonly missing: number
}

/**
 * Returns the gaps between the rows, oldest first.
 *
 * @example
 * ```ts
 * findGaps(candleColumns([0, 60000, 240000].map((openTime) => ({ openTime, open: 1, high: 1, low: 1, close: 1, volume: 0 }))), 60000)[0]?.missing // => 2
 * ```
 */
export function findGaps(columns: CandleColumns, timeframeMs: number): readonly Gap[] {
  const gaps: Gap[] = []
  const { openTime, length } = columns
  for (let i = 1; i < length; i++) {
    const fromMs = openTime[i - 1]! + timeframeMs
    const toMs = openTime[i]!
    if (toMs > fromMs) gaps.push({ fromMs: fromMs as EpochMs, toMs: toMs as EpochMs, missing: Math.round((toMs - fromMs) / timeframeMs) })
  }
  return gaps
}

/**
 * Returns the columns with a flat candle of volume 0 at the last close for each one that is missing.
 *
 * @param toMs - start of the first candle known to lie outside; behind the last row nothing is filled when absent
 * @example
 * ```ts
 * fillForward(candleColumns([0, 180000].map((openTime) => ({ openTime, open: 1, high: 1, low: 1, close: 1, volume: 5 }))), 60000).volume[1] // => 0
 * ```
 */
export function fillForward(columns: CandleColumns, timeframeMs: number, toMs?: number): CandleColumns {
  const filled = candleColumnsBuilder(columns.length * 2)
  for (let i = 0; i < columns.length; i++) {
    const price = columns.close[i]!
    filled.push(columns.openTime[i]!, columns.open[i]!, columns.high[i]!, columns.low[i]!, price, columns.volume[i]!)
    const nextMs = i + 1 < columns.length ? columns.openTime[i + 1]! : (toMs ?? 0)
    for (let missing = columns.openTime[i]! + timeframeMs; missing < nextMs; missing += timeframeMs) filled.push(missing, price, price, price, price, 0)
  }
  return filled.build()
}
