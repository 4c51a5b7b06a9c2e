import type { Candle } from '../model/candle.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'

/** Fixed ring of the last closed candles: what a strategy sees instead of a history array. */
export class CandleWindow {
  readonly capacity: number
  length = 0
  private next = 0
  private readonly closes: Float64Array
  private readonly highs: Float64Array
  private readonly lows: Float64Array

  constructor(capacity: number) {
    this.capacity = capacity
    this.closes = new Float64Array(capacity)
    this.highs = new Float64Array(capacity)
    this.lows = new Float64Array(capacity)
  }

  push(candle: Candle): void {
    if (this.capacity === 0) return
    this.closes[this.next] = candle.close
    this.highs[this.next] = candle.high
    this.lows[this.next] = candle.low
    this.next = this.next + 1 === this.capacity ? 0 : this.next + 1
    if (this.length < this.capacity) this.length++
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

  /** Closes, highs and lows, oldest first. */
  snapshot(): Json {
    const rows: [number, number, number][] = []
    for (let back = this.length - 1; back >= 0; back--) rows.push([this.close(back), this.high(back), this.low(back)])
    return rows
  }

  restore(state: Json): void {
    this.length = 0
    this.next = 0
    for (const [close, high, low] of state as unknown as readonly (readonly [number, number, number])[])
      this.push({ openTime: 0 as EpochMs, open: close, close, high, low, volume: 0 })
  }

  private slot(back: number): number {
    if (!(back >= 0 && back < this.length)) throw new RangeError(`expected 0 <= back < ${this.length}, received ${back}: declare a larger 'window'`)
    const slot = this.next - 1 - back
    return slot < 0 ? slot + this.capacity : slot
  }
}
