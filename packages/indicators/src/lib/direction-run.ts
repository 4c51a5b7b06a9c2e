import type { Arrays, Candles } from './columns.ts'
import type { Direction, DirectionLine } from './direction-line.ts'
import type { EmaLine } from './ema-line.ts'

/** Candles that one pass works on. */
const PORTION = 512

/** One array per output. */
type Columns = Arrays<Direction & { adx: number }>

/**
 * The steps of a warm direction line over columns, from candle `start` on, with the average of `dx`. Averages first, then indicators, because one loop would
 * have to keep too much at hand; in portions, so that the averages are still near. False: a value was not finite, or too large to tell.
 */
export const runDirection = (line: DirectionLine, average: EmaLine, c: Candles, start: number, out: Columns): boolean => {
  let check = 0
  for (let from = start; from < c.length; from += PORTION) {
    const to = Math.min(from + PORTION, c.length)
    check += averages(line, c, from, to, out)
    indicators(line, average, from, to, out)
  }
  return check === 0
}

const averages = (line: DirectionLine, { high: highs, low: lows, close: closes }: Candles, from: number, to: number, out: Columns): number => {
  const { weight, rest } = line
  const { plusDi, minusDi, dx } = out
  let { high, low, close, plus, minus, range } = line
  let check = 0
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
    dx[i] = range = range * rest + trueRange * weight
  }
  Object.assign(line, { high, low, close, plus, minus, range })
  return check
}

const indicators = (line: DirectionLine, average: EmaLine, from: number, to: number, { adx: adxs, plusDi, minusDi, dx: dxs }: Columns): void => {
  const { weight } = average
  let { dx } = line
  let adx = average.value
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
  line.dx = dx
  average.value = adx
}
