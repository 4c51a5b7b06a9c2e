import type { WindowView } from '../contracts/strategy.ts'
import type { Candle } from '../model/candle.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'

type Row = readonly [open: number, close: number, high: number, low: number, volume: number]

/** Fixed ring of the last closed candles: what a strategy sees instead of a history array. */
export class CandleWindow implements WindowView {
  readonly capacity: number = 0
  length = 0
  private next = 0
  private readonly opens: Float64Array
  private readonly closes: Float64Array
  private readonly highs: Float64Array
  private readonly lows: Float64Array
  private readonly volumes: Float64Array

  constructor(capacity: number) {
    this.capacity = capacity
    this.opens = new Float64Array(capacity)
    this.closes = new Float64Array(capacity)
    this.highs = new Float64Array(capacity)
    this.lows = new Float64Array(capacity)
    this.volumes = new Float64Array(capacity)
  }

  /** A window that stays as this one is now. */
  copy(): CandleWindow {
    const copy = new CandleWindow(this.capacity)
    copy.length = this.length
    copy.next = this.next
    copy.opens.set(this.opens)
    copy.closes.set(this.closes)
    copy.highs.set(this.highs)
    copy.lows.set(this.lows)
    copy.volumes.set(this.volumes)
    return copy
  }

  /** Only into one that holds something. */
  push(candle: Candle): void {
    this.opens[this.next] = candle.open
    this.closes[this.next] = candle.close
    this.highs[this.next] = candle.high
    this.lows[this.next] = candle.low
    this.volumes[this.next] = candle.volume
    this.next = this.next + 1 === this.capacity ? 0 : this.next + 1
    if (this.length < this.capacity) this.length++
  }

  open(back: number): number {
    return this.opens[this.slot(back)]!
  }

  close(back: number): number {
    return this.closes[this.slot(back)]!
  }

  high(back: number): number {
    return this.highs[this.slot(back)]!
  }

  low(back: number): number {
    return this.lows[this.slot(back)]!
  }

  volume(back: number): number {
    return this.volumes[this.slot(back)]!
  }

  /** Opens, closes, highs, lows and volumes, oldest first. */
  snapshot(): Json {
    const rows: Row[] = []
    for (let back = this.length - 1; back >= 0; back--) rows.push([this.open(back), this.close(back), this.high(back), this.low(back), this.volume(back)])
    return rows
  }

  restore(state: Json): void {
    this.length = 0
    this.next = 0
    for (const [open, close, high, low, volume] of state as unknown as readonly Row[]) this.push({ openTime: 0 as EpochMs, open, close, high, low, volume })
  }

  private slot(back: number): number {
    if (!(back >= 0 && back < this.length)) throw new RangeError(`expected 0 <= back < ${this.length}, received ${back}: declare a larger 'window'`)
    const slot = this.next - 1 - back
    return slot < 0 ? slot + this.capacity : slot
  }
}
