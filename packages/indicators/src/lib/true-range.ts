/** Greatest of high - low and the distances of both from the close before; at the first candle high - low or NaN, as asked. */
export class TrueRangeLine {
  private readonly start: boolean
  private close = NaN

  constructor(start: boolean) {
    this.start = start
  }

  step(high: number, low: number, close: number, keep: boolean): number {
    const last = this.close
    if (keep) this.close = close
    if (last !== last) return this.start ? high - low : NaN
    return Math.max(high, last) - Math.min(low, last)
  }
}
