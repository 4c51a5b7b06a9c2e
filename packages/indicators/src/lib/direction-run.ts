import type { Arrays, Candles } from './columns.ts'
import type { Direction, DirectionLine } from './direction-line.ts'
import type { EmaLine } from './ema-line.ts'
import { type Hlc, PORTION } from './portions.ts'

type Outputs = readonly [plusDi: Float64Array, minusDi: Float64Array, dx: Float64Array, adx: Float64Array]

/**
 * The steps of a warm direction line over columns, from candle `start` on (at least 1), with the average of `dx`. Averages first, then indicators, because one
 * loop would have to keep too much at hand. False: a value was not finite, or too large to tell.
 */
export const runDirection = (line: DirectionLine, average: EmaLine, c: Candles, start: number, out: Arrays<Direction & { adx: number }>): boolean => {
  const columns: Hlc = [c.high, c.low, c.close]
  const outputs: Outputs = [out.plusDi, out.minusDi, out.dx, out.adx]
  const averages = Float64Array.of(line.plus, line.minus, line.range, 0)
  const last = Float64Array.of(line.dx, average.value)
  for (let from = start; from < c.length; from += PORTION) {
    const to = Math.min(from + PORTION, c.length)
    average3(averages, line.weight, line.rest, columns, from, to, outputs)
    indicate(last, average.weight, from, to, outputs)
  }
  // What is once too large stays so, also where the candle before the first of them was the cause.
  return averages[3] === 0 && Number.isFinite(averages[0]! + averages[1]! + averages[2]! + last[1]!)
}

/** The three averages, into the places of the indicators made of them. */
const average3 = (
  state: Float64Array,
  weight: number,
  rest: number,
  [highs, lows, closes]: Hlc,
  from: number,
  to: number,
  [plusDi, minusDi, ranges]: Outputs,
): void => {
  let plus = state[0]!
  let minus = state[1]!
  let range = state[2]!
  let check = state[3]!
  let high = highs[from - 1]!
  let low = lows[from - 1]!
  let close = closes[from - 1]!
  for (let i = from; i < to; i++) {
    const up = highs[i]! - high
    const down = low - lows[i]!
    high = highs[i]!
    low = lows[i]!
    const trueRange = Math.max(high, close) - Math.min(low, close)
    close = closes[i]!
    check += (high + low + close) * 0
    // No branches: a random price would make the processor guess wrong.
    plusDi[i] = plus = plus * rest + (up + Math.abs(up)) * 0.5 * Number(up > down) * weight
    minusDi[i] = minus = minus * rest + (down + Math.abs(down)) * 0.5 * Number(down > up) * weight
    ranges[i] = range = range * rest + trueRange * weight
  }
  state[0] = plus
  state[1] = minus
  state[2] = range
  state[3] = check
}

const indicate = (state: Float64Array, weight: number, from: number, to: number, [plusDi, minusDi, dxs, adxs]: Outputs): void => {
  let dx = state[0]!
  let adx = state[1]!
  for (let i = from; i < to; i++) {
    const plus = plusDi[i]!
    const minus = minusDi[i]!
    const range = dxs[i]!
    const all = plus + minus
    const scale = range > 0 ? 100 / range : 0
    if (all > 0) dx = (Math.abs(plus - minus) / all) * 100
    adxs[i] = adx += weight * (dx - adx)
    plusDi[i] = Math.min(100, plus * scale)
    minusDi[i] = Math.min(100, minus * scale)
    dxs[i] = dx
  }
  state[0] = dx
  state[1] = adx
}
