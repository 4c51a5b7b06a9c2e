import type { CandleColumns } from './candle.ts'
import { findGaps } from './gaps.ts'
import type { Gap } from './gaps.ts'
import type { EpochMs } from './time.ts'

/** A candle whose price is far from its neighbours. */
export interface Outlier {
  readonly openTime: EpochMs
  /** Of the close, from the one before; of the extreme, from the nearer of open and close. */
  readonly changePercent: number
  readonly what: 'close' | 'high' | 'low'
}

/** What a person should know of recorded candles before trusting a result on them. */
export interface CandleQuality {
  readonly candles: number
  readonly gaps: number
  readonly missing: number
  readonly longest: Gap | undefined
  /** Candles in which nothing was traded. */
  readonly zeroVolume: number
  /** Candles without any movement. */
  readonly flat: number
  /** Median of the absolute changes from close to close, in per cent. */
  readonly medianChangePercent: number
  /** Moves of at least 2 % that are more than 20 times the median change: the largest hundred, oldest first. */
  readonly outliers: readonly Outlier[]
  readonly outlierCount: number
}

const LEAST_SHARE = 0.02
const TIMES_MEDIAN = 20
const KEPT = 100

/**
 * Returns what is odd about closed candles, oldest first. Odd is not wrong: a crash is an outlier, too.
 *
 * @example
 * ```ts
 * const columns = candleColumns([0, 60000, 180000].map((openTime) => ({ openTime, open: 1, high: 1, low: 1, close: 1, volume: 0 })))
 * candleQuality(columns, 60000).missing // => 1
 * candleQuality(columns, 60000).zeroVolume // => 3
 * ```
 */
export function candleQuality(columns: CandleColumns, timeframeMs: number): CandleQuality {
  const gaps = findGaps(columns, timeframeMs)
  const { open, high, low, close, volume, openTime, length } = columns
  let [zeroVolume, flat] = [0, 0]
  const changes = new Float64Array(Math.max(0, length - 1))
  for (let i = 0; i < length; i++) {
    if (volume[i] === 0) zeroVolume++
    if (high[i] === low[i]) flat++
    if (i > 0) changes[i - 1] = Math.abs(close[i]! / close[i - 1]! - 1)
  }
  const median = changes.length === 0 ? 0 : changes.slice().sort()[changes.length >> 1]!
  const limit = Math.max(LEAST_SHARE, TIMES_MEDIAN * median)
  const outliers: Outlier[] = []
  const look = (row: number, change: number, what: Outlier['what']): void => {
    if (Math.abs(change) > limit) outliers.push({ openTime: openTime[row]! as EpochMs, changePercent: 100 * change, what })
  }
  for (let i = 0; i < length; i++) {
    if (i > 0) look(i, close[i]! / close[i - 1]! - 1, 'close')
    look(i, high[i]! / Math.max(open[i]!, close[i]!) - 1, 'high')
    look(i, low[i]! / Math.min(open[i]!, close[i]!) - 1, 'low')
  }
  const largest = outliers.toSorted((a, b) => Math.abs(b.changePercent) - Math.abs(a.changePercent)).slice(0, KEPT)
  return {
    candles: length,
    gaps: gaps.length,
    missing: gaps.reduce((sum, gap) => sum + gap.missing, 0),
    longest: gaps.reduce<Gap | undefined>((a, b) => (a === undefined || b.missing > a.missing ? b : a), undefined),
    zeroVolume,
    flat,
    medianChangePercent: 100 * median,
    outliers: largest.sort((a, b) => a.openTime - b.openTime),
    outlierCount: outliers.length,
  }
}
