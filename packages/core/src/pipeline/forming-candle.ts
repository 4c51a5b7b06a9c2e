import type { Candle } from '../model/candle.ts'
import type { EpochMs } from '../model/time.ts'
import { MutableCandle } from './views.ts'

/** The unfinished candle of one timeframe, put together from the updates of the same or a finer one. For preview evaluations only. */
export class FormingCandle {
  readonly candle = new MutableCandle()
  private readonly timeframeMs: number
  private bucket = Number.NaN
  private closedVolume = 0
  private partOpen = Number.NaN

  constructor(timeframeMs: number) {
    this.timeframeMs = timeframeMs
  }

  /** Takes an update of a candle that lies inside the bucket; a later bucket starts afresh. */
  update(part: Candle): void {
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

  /** True when an update of the bucket that holds `nowMs` has been seen. */
  covers(nowMs: number): boolean {
    return nowMs > this.bucket && nowMs < this.bucket + this.timeframeMs
  }
}
