import { candleColumnsBuilder } from './candle-columns.ts'
import type { Candle, CandleColumns } from './candle.ts'
import type { EpochMs } from './time.ts'

/**
 * Joins candles, one at a time and oldest first, into candles of a longer timeframe. Buckets are aligned to the epoch. A bucket is
 * given out only when it is proven closed, by a candle of a later bucket or by time itself; a bucket that began before the data did is not given out.
 */
export interface CandleResampler {
  /** Takes the next closed candle and returns the bucket that its arrival has closed. */
  push(candle: Candle): Candle | undefined
  /** Returns the bucket in progress when its end has been reached. */
  closeAt(nowMs: number): Candle | undefined
  /** Returns what the bucket of this unfinished candle amounts to, and changes nothing. */
  forming(candle: Candle): Candle
}

interface Bucket {
  openTime: number
  open: number
  high: number
  low: number
  close: number
  volume: number
}

/**
 * Returns a streaming resampler.
 *
 * @param timeframeMs - of the buckets; the candles pushed must be shorter and fit into them
 * @param coveredFromMs - since when the candles are known to be all there are
 * @throws RangeError from `push` when a candle is not newer than the one before
 * @example
 * ```ts
 * const fiveMinutes = candleResampler(300000, 0)
 * for (let minute = 0; minute < 5; minute++) fiveMinutes.push({ openTime: (minute * 60000) as EpochMs, open: minute, high: 9, low: 0, close: 7, volume: 2 })
 * fiveMinutes.closeAt(300000)?.volume // => 10
 * ```
 */
export function candleResampler(timeframeMs: number, coveredFromMs: number): CandleResampler {
  let bucket: Bucket | undefined
  let lastOpenTime = -Infinity
  const bucketStart = (ms: number): number => Math.floor(ms / timeframeMs) * timeframeMs
  const take = (): Candle | undefined => {
    const closed = bucket
    bucket = undefined
    return closed !== undefined && closed.openTime >= coveredFromMs ? asCandle(closed) : undefined
  }
  return {
    push(candle) {
      if (!(candle.openTime > lastOpenTime)) throw new RangeError(`expected a candle after ${lastOpenTime}, received ${candle.openTime}`)
      lastOpenTime = candle.openTime
      const openTime = bucketStart(candle.openTime)
      const closed = bucket !== undefined && bucket.openTime < openTime ? take() : undefined
      if (bucket === undefined) bucket = { openTime, open: candle.open, high: candle.high, low: candle.low, close: candle.close, volume: candle.volume }
      else join(bucket, candle)
      return closed
    },
    closeAt: (nowMs) => (bucket !== undefined && nowMs >= bucket.openTime + timeframeMs ? take() : undefined),
    forming(candle) {
      const openTime = bucketStart(candle.openTime)
      if (bucket === undefined || bucket.openTime !== openTime) return { ...candle, openTime: openTime as EpochMs }
      const preview = { ...bucket }
      join(preview, candle)
      return asCandle(preview)
    },
  }
}

function join(bucket: Bucket, candle: Candle): void {
  if (candle.high > bucket.high) bucket.high = candle.high
  if (candle.low < bucket.low) bucket.low = candle.low
  bucket.close = candle.close
  bucket.volume += candle.volume
}

const asCandle = (bucket: Bucket): Candle => bucket as Bucket & { openTime: EpochMs }

/** Since and until when columns are known to be complete; by default from the first row's start to the last row's end. */
export interface Coverage {
  readonly fromMs?: number
  readonly toMs?: number
}

/**
 * Returns closed candles of a longer timeframe: volume summed, buckets without any row absent (gaps stay visible), the unfinished buckets at both ends left out.
 *
 * @throws RangeError when `toTimeframeMs` is not a multiple of `fromTimeframeMs`
 * @example
 * ```ts
 * resample(candleColumns([]), 60000, 300000).length // => 0
 * ```
 */
export function resample(columns: CandleColumns, fromTimeframeMs: number, toTimeframeMs: number, coverage: Coverage = {}): CandleColumns {
  if (!(fromTimeframeMs > 0) || toTimeframeMs % fromTimeframeMs !== 0)
    throw new RangeError(`expected a multiple of ${fromTimeframeMs} ms, received ${toTimeframeMs} ms`)
  if (toTimeframeMs === fromTimeframeMs || columns.length === 0) return columns
  const { fromMs = columns.openTime[0]!, toMs = columns.openTime[columns.length - 1]! + fromTimeframeMs } = coverage
  const resampler = candleResampler(toTimeframeMs, fromMs)
  const result = candleColumnsBuilder(Math.ceil((columns.length * fromTimeframeMs) / toTimeframeMs) + 1)
  const emit = (candle: Candle | undefined): void => {
    if (candle !== undefined) result.push(candle.openTime, candle.open, candle.high, candle.low, candle.close, candle.volume)
  }
  const cursor = { openTime: 0 as EpochMs, open: 0, high: 0, low: 0, close: 0, volume: 0 }
  for (let i = 0; i < columns.length; i++) {
    cursor.openTime = columns.openTime[i]! as EpochMs
    cursor.open = columns.open[i]!
    cursor.high = columns.high[i]!
    cursor.low = columns.low[i]!
    cursor.close = columns.close[i]!
    cursor.volume = columns.volume[i]!
    emit(resampler.push(cursor))
  }
  emit(resampler.closeAt(toMs))
  return result.build()
}
