/** Wilder's RSI: average gain and loss start as the mean of the first `period` changes. NaN until then. */
export class RsiLine {
  private readonly period: number
  readonly flat: number
  readonly weight: number
  readonly rest: number
  last = NaN
  gain = 0
  loss = 0
  private count = 0

  constructor(period: number, flat: number) {
    this.period = period
    this.flat = flat
    this.weight = 1 / period
    this.rest = 1 - this.weight
  }

  step(x: number, keep: boolean): number {
    const { count, period, weight, rest } = this
    const change = x - this.last
    const up = (change + Math.abs(change)) * 0.5
    const down = up - change
    let { gain, loss } = this
    if (count > period) {
      gain = gain * rest + up * weight
      loss = loss * rest + down * weight
    } else if (count > 0) {
      gain += up
      loss += down
      if (count === period) {
        gain /= period
        loss /= period
      }
    }
    if (keep) {
      this.last = x
      this.gain = gain
      this.loss = loss
      if (count <= period) this.count = count + 1
    }
    if (count < period) return NaN
    const moved = gain + loss
    return moved > 0 ? (gain / moved) * 100 : this.flat
  }
}

/** The steps of a warm RSI over a series, from index `start` on. False: a value was not finite. */
export const runRsi = (line: RsiLine, x: Float64Array, start: number, out: Float64Array): boolean => {
  const { weight, rest, flat } = line
  let { last, gain, loss } = line
  for (let i = start; i < x.length; i++) {
    const change = x[i]! - last
    last = x[i]!
    const up = (change + Math.abs(change)) * 0.5
    gain = gain * rest + up * weight
    loss = loss * rest + (up - change) * weight
    const moved = gain + loss
    out[i] = moved > 0 ? (gain / moved) * 100 : flat
  }
  return start >= x.length || Number.isFinite(gain + loss)
}
