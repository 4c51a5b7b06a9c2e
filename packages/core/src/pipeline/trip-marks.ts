/** What the price did since a position's first entry fill. float64, soft: the journal holds it from time to time and with every exit. NaN = no candle yet. */
export class TripMarks {
  low = Number.NaN
  high = Number.NaN
  /** The highest price so far, the first entry's included: what a fall is measured from. */
  peak = Number.NaN
  /** Largest fall from the peak, as a share of it: 0.05 is 5 %. */
  drawdown = 0
  /** Candles that opened before this are counted already, or lie before the entry. */
  sinceMs = Number.NEGATIVE_INFINITY

  /** Starts a round trip at the price of its first fill. */
  open(price: number): void {
    this.low = Number.NaN
    this.high = Number.NaN
    this.peak = price
    this.drawdown = 0
    this.sinceMs = Number.NEGATIVE_INFINITY
  }

  /**
   * Takes a candle's prices. Which of high and low came first is not known, so a fall counts from the highs of the candles before to the low, and from the
   * candle's own high to its close, which certainly came after it.
   */
  candle(high: number, low: number, close: number): void {
    if (!(low >= this.low)) this.low = low
    if (!(high <= this.high)) this.high = high
    if (low < this.peak * (1 - this.drawdown)) this.drawdown = 1 - low / this.peak
    if (high > this.peak) this.peak = high
    if (close < this.peak * (1 - this.drawdown)) this.drawdown = 1 - close / this.peak
  }
}
