import type { Candle } from '../model/candle.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'
import { MutableCandle } from './views.ts'

/** The unfinished candle of one timeframe, put together from the updates of the same or a finer one. For preview evaluations only. */
export class FormingCandle {
  readonly candle = new MutableCandle()
  private readonly timeframeMs: number
  private bucket = Number.NaN
  private closedVolume = 0
  private partOpen = Number.NaN
  private finestMs = Number.POSITIVE_INFINITY

  constructor(timeframeMs: number) {
    this.timeframeMs = timeframeMs
  }

  /** Takes an update of a candle that lies inside the bucket; a later bucket starts afresh. Of several timeframes only the finest counts. */
  update(part: Candle, timeframeMs: number): void {
    if (timeframeMs > this.finestMs) return
    this.finestMs = timeframeMs
    const bucket = Math.floor(part.openTime / this.timeframeMs) * this.timeframeMs
    const candle = this.candle
    if (bucket !== this.bucket) {
      this.bucket = bucket
      this.closedVolume = 0
      this.partOpen = part.openTime
      candle.openTime = bucket as EpochMs
      candle.open = part.open
      candle.high = part.high
      candle.low = part.low
    } else if (part.openTime !== this.partOpen) {
      this.partOpen = part.openTime
      this.closedVolume = candle.volume
    }
    if (part.high > candle.high) candle.high = part.high
    if (part.low < candle.low) candle.low = part.low
    candle.close = part.close
    candle.volume = this.closedVolume + part.volume
  }

  snapshot(): Json {
    const { openTime, open, high, low, close, volume } = this.candle
    return [this.bucket, this.closedVolume, this.partOpen, this.finestMs, openTime, open, high, low, close, volume].map(String)
  }

  restore(state: Json): void {
    const [bucket, closedVolume, partOpen, finestMs, openTime, open, high, low, close, volume] = (state as readonly string[]).map(Number)
    this.bucket = bucket!
    this.closedVolume = closedVolume!
    this.partOpen = partOpen!
    this.finestMs = finestMs!
    Object.assign(this.candle, { openTime, open, high, low, close, volume })
  }

  /** True when an update of the bucket that holds `nowMs` has been seen. */
  covers(nowMs: number): boolean {
    return nowMs > this.bucket && nowMs < this.bucket + this.timeframeMs
  }
}
