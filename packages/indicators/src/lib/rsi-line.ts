import { PORTION } from './portions.ts'

/** Wilder's RSI: average gain and loss start as the mean of the first `period` changes. NaN until then. */
export class RsiLine {
  private readonly period: number = 0
  readonly flat: number = NaN
  readonly weight: number = NaN
  readonly rest: number = NaN
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
  const state = Float64Array.of(line.last, line.gain, line.loss)
  let all = 0
  for (let from = start; from < x.length; from += PORTION) all += portion(state, line.weight, line.rest, x, from, Math.min(from + PORTION, x.length), out)
  if (all === all) return true
  if (!Number.isFinite(state[1]! + state[2]!)) return false
  for (let i = start; i < x.length; i++) if (out[i] !== out[i]) out[i] = line.flat
  return true
}

/** Returns the sum of the values: NaN, if one of them is. */
const portion = (state: Float64Array, weight: number, rest: number, x: Float64Array, from: number, to: number, out: Float64Array): number => {
  let last = state[0]!
  let gain = state[1]!
  let loss = state[2]!
  let all = 0
  for (let i = from; i < to; i++) {
    const change = x[i]! - last
    last = x[i]!
    const up = (change + Math.abs(change)) * 0.5
    gain = gain * rest + up * weight
    loss = loss * rest + (up - change) * weight
    // No branch for a price that never moved: it nearly doubles the time of the loop. Such values are 0 / 0 and are mended afterwards.
    const value = (gain / (gain + loss)) * 100
    out[i] = value
    all += value
  }
  state[0] = last
  state[1] = gain
  state[2] = loss
  return all
}
