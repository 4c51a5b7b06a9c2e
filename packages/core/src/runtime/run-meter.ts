import type { MarketEvent } from '../contracts/events.ts'

/** Counts the closed candles of a run and the wall time between its first and its last event. */
export class RunMeter {
  candles = 0
  private firstAt = Number.NaN
  private lastAt = Number.NaN
  private events = 0

  event(event: MarketEvent): void {
    if (event.type === 'candle' && event.closed) this.candles++
    // The wall clock is read now and then only: at full speed reading it would cost as much as a bot.
    if ((this.events++ & 63) !== 0) return
    this.lastAt = performance.now()
    if (Number.isNaN(this.firstAt)) this.firstAt = this.lastAt
  }

  end(): void {
    this.lastAt = performance.now()
  }

  get engineMs(): number {
    return Number.isNaN(this.firstAt) ? 0 : this.lastAt - this.firstAt
  }
}
