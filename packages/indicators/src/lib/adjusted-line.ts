/** Exponential average of span `period`, normalised by the weights seen so far (pandas `ewm(span, adjust = True)`); a value from the first input on. */
export class AdjustedLine {
  private readonly rest: number
  private weights = 0
  private e = 0

  constructor(period: number) {
    this.rest = 1 - 2 / (period + 1)
  }

  step(x: number, keep: boolean): number {
    const weights = this.weights * this.rest + 1
    const e = this.e + (x - this.e) / weights
    if (keep) {
      this.weights = weights
      this.e = e
    }
    return e
  }
}
