import type { CandleColumns } from '../model/candle.ts'

/** A number for each candle, as batch indicators give them; NaN while there is none. A level that does not change is one number. */
export type Line = Float64Array | number

/** When a position is entered and left: at the close of a candle one line stands above another, and the next open is the price. */
export interface ScreenRule {
  /** In when the first stands above the second and nothing is held. */
  readonly enterAbove: readonly [Line, Line]
  /** Out when the first stands below the second and something is held. */
  readonly leaveBelow: readonly [Line, Line]
}

/** How a screening is priced. */
export interface ScreenOptions {
  /** Fee, spread and slippage of one side as a share of the price, 0 or more. */
  readonly costRate: number
  /** True: keeps the candle of every entry and exit. */
  readonly keepTrades?: boolean
}

/** What a rule made of the candles. */
export interface Screened {
  /** Round trips; one that is not over at the end is left out. */
  readonly trades: number
  readonly wins: number
  /** Sum of what the round trips made of one unit of money each, net of costs, in per cent. */
  readonly returnPercent: number
  /** Deepest fall of that sum from its highest, in per cent of one unit. */
  readonly drawdownPercent: number
  /** Candles whose opens were traded at, entry and exit in turn; empty unless asked for. */
  readonly rows: readonly number[]
}

/**
 * Runs many rules over the same columns, some hundreds of millions of candles a second: for a first look at a large space, before `optimize()` runs what is left of it
 * through the engine. Long only, all in and all out with one unit of money, filled at the next open. What the engine adds (confirmation, exits, safety rules, sizes,
 * increments, partial fills) is not in it; where a strategy has none of that, the trades are the engine's, candle by candle.
 *
 * @throws RangeError when a line has another length than the candles, or the cost is no share
 * @example
 * ```ts
 * const candles = candleColumns([10, 11, 12, 11, 10].map((close, i) => ({ openTime: i * 60000, open: close, high: close, low: close, close, volume: 1 })))
 * const [above] = screen(candles, [{ enterAbove: [candles.close, 10.5], leaveBelow: [candles.close, 11.5] }], { costRate: 0, keepTrades: true })
 * above?.rows // => [2, 4]
 * above?.returnPercent.toFixed(4) // => '-16.6667'
 * ```
 */
export function screen(
  candles: Pick<CandleColumns, 'open' | 'length'>,
  rules: readonly ScreenRule[],
  { costRate, keepTrades = false }: ScreenOptions,
): readonly Screened[] {
  if (!(costRate >= 0 && costRate < 1)) throw new RangeError(`expected a cost from 0 to below 1, received ${costRate}`)
  const levels = new Map<number, Float64Array>()
  const columnOf = (line: Line): Float64Array => {
    if (typeof line !== 'number') {
      if (line.length !== candles.length) throw new RangeError(`expected lines of ${candles.length} values, as many as candles, received ${line.length}`)
      return line
    }
    let column = levels.get(line)
    if (column === undefined) levels.set(line, (column = new Float64Array(candles.length).fill(line)))
    return column
  }
  const turns = new Int32Array(candles.length)
  return rules.map(({ enterAbove: [a, b], leaveBelow: [c, d] }) => {
    const count = turnsOf(columnOf(a), columnOf(b), columnOf(c), columnOf(d), turns)
    return priced(candles.open, turns.subarray(0, count - (count % 2)), costRate, keepTrades)
  })
}

/** Finds the candles whose opens are traded at, entry and exit in turn. Nothing is traded at the close of the last candle: it has no next open. */
function turnsOf(a: Float64Array, b: Float64Array, c: Float64Array, d: Float64Array, turns: Int32Array): number {
  const last = a.length - 1
  let count = 0
  let i = 0
  while (i < last) {
    while (i < last && !(a[i]! > b[i]!)) i++
    if (i >= last) break
    turns[count++] = ++i
    while (i < last && !(c[i]! < d[i]!)) i++
    if (i >= last) break
    turns[count++] = ++i
  }
  return count
}

function priced(open: Float64Array, turns: Int32Array, costRate: number, keepTrades: boolean): Screened {
  const kept = (1 - costRate) / (1 + costRate)
  let [sum, peak, fall, wins] = [0, 0, 0, 0]
  for (let k = 0; k < turns.length; k += 2) {
    const made = (open[turns[k + 1]!]! / open[turns[k]!]!) * kept - 1
    sum += made
    if (made > 0) wins++
    if (sum > peak) peak = sum
    else if (peak - sum > fall) fall = peak - sum
  }
  return { trades: turns.length / 2, wins, returnPercent: 100 * sum, drawdownPercent: 100 * fall, rows: keepTrades ? Array.from(turns) : [] }
}
